-- claiming: takes tasks from the asked queues, each with a lease. First everything is read, then everything written.
-- Uses workerId, leaseMs, claimLimit, share, queues ("name=count,…").
--@include claim-shares
--@include leasing
--@lazy settleStrays from claim-strays

local function openQueue(queue)
  local lanes, lists = lanesOf(queue), {}
  for _, name in ipairs({ "high", "normal", "low", "retry" }) do
    lists[name] = openList(lanes[name], queue, name)
  end
  return lists
end

local function popAll(opened)
  for queue, lists in pairs(opened) do
    local isLeft = false
    for _, list in pairs(lists) do
      isLeft = pop(list) or isLeft
    end
    if isLeft then wake(queue) end
  end
end

local function claim()
  local opened = {}
  for queue, count in string.gmatch(queues, "([^=,]+)=(%d+)") do
    if redis.call("SISMEMBER", pausedKey, queue) == 0 then
      opened[queue] = openQueue(queue)
      takeFrom(opened[queue], queue, math.min(tonumber(count), claimLimit - takenCount))
    end
  end
  leaseAll()
  if #carries > 0 then redis.call("HSET", sharesKey, unpack(carries)) end
  popAll(opened)
  if #expired > 0 or #rejected > 0 then settleStrays() end
  return claimed
end
