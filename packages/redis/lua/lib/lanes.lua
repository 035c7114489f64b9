-- lanes: where PENDING tasks wait, and the tokens that wake idle workers.
--@include tasks
--@include lists
local function lanesOf(queue)
  if queue == "primary" then
    return {
      high = primaryHighKey, normal = primaryKey, low = primaryLowKey, retry = retryKey,
      wakeup = wakeupKey, wakeupHigh = wakeupHighKey,
    }
  end
  local lane = prefix .. "tasks:pending:" .. queue
  local wakeup = prefix .. "tasks:wakeup:" .. queue
  return {
    high = lane .. ":high", normal = lane, low = lane .. ":low", retry = lane .. ":retry",
    wakeup = wakeup, wakeupHigh = wakeup .. ":high",
  }
end

-- One token, if none is there: a token is a hint, and a chain of claims wakes the next worker.
local function pushToken(wakeup, queue)
  if redis.call("LLEN", wakeup) == 0 and redis.call("SISMEMBER", pausedKey, queue) == 0 then
    redis.call("RPUSH", wakeup, 1)
  end
end

-- Wakes whoever waits for anything in the queue, and where its high lane has something whoever waits for that alone. In this
-- order, in which Redis serves them: the second kind of worker is busy with something, the first may be idle.
local function wake(queue, hasHigh)
  local lanes = lanesOf(queue)
  pushToken(lanes.wakeup, queue)
  if hasHigh then pushToken(lanes.wakeupHigh, queue) end
end
