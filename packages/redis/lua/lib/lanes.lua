-- lanes: where PENDING tasks wait, and the tokens that wake idle workers.
--@include tasks
--@include lists
local function lanesOf(queue)
  if queue == "primary" then
    return { high = primaryHighKey, normal = primaryKey, low = primaryLowKey, retry = retryKey, wakeup = wakeupKey }
  end
  local lane = prefix .. "tasks:pending:" .. queue
  local wakeup = prefix .. "tasks:wakeup:" .. queue
  return { high = lane .. ":high", normal = lane, low = lane .. ":low", retry = lane .. ":retry", wakeup = wakeup }
end

-- One token, if none is there: a token is a hint, and a chain of claims wakes the next worker.
local function wake(queue)
  local wakeup = lanesOf(queue).wakeup
  if redis.call("LLEN", wakeup) == 0 and redis.call("SISMEMBER", pausedKey, queue) == 0 then
    redis.call("RPUSH", wakeup, 1)
  end
end

-- Puts a task on its lane or its retry list, and notes which in its hash: `cancel` must know where it stands.
local function queueUp(command, task, isRetry)
  local lanes = lanesOf(task.queue)
  if isRetry then
    redis.call("HSET", taskKey(task.id), "lane", "retry")
  elseif task.lane then
    redis.call("HDEL", taskKey(task.id), "lane")
  end
  pushToList(command, isRetry and lanes.retry or lanes[task.priority or "normal"] or lanes.normal, task.id)
  wake(task.queue)
end

local function takeOffLanes(task)
  local lanes = lanesOf(task.queue)
  local home = task.lane or task.priority or "normal"
  if removeFromList(lanes[home] or lanes.normal, task.id, true) then return end
  for _, lane in ipairs({ "high", "normal", "low", "retry" }) do
    if lane ~= home and removeFromList(lanes[lane], task.id, false) then return end
  end
end
