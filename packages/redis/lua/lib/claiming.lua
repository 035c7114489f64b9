-- claiming: takes tasks from the asked queues, each with a lease. First everything is read, then everything written.
-- Uses workerId, leaseMs, claimLimit, share, onlyLane ("high", or "" for all), queues ("name=count,…").
--@include claim-shares
--@include leasing
--@lazy settleStrays from claim-strays

local function openQueue(queue)
  local lanes = lanesOf(queue)
  local lists = { high = openList(lanes.high, queue, "high") }
  if onlyLane == "high" then return lists end
  for _, name in ipairs({ "normal", "low", "retry" }) do
    lists[name] = openList(lanes[name], queue, name)
  end
  return lists
end

local function popAll(opened)
  for queue, lists in pairs(opened) do
    local isHighLeft, isLeft = pop(lists.high), false
    for name, list in pairs(lists) do
      if name ~= "high" then isLeft = pop(list) or isLeft end
    end
    if isHighLeft or isLeft then wake(queue, isHighLeft) end
  end
end

local function claim()
  local opened = {}
  for queue, count in string.gmatch(queues, "([^=,]+)=(%d+)") do
    if redis.call("SISMEMBER", pausedKey, queue) == 0 then
      local lists, wanted = openQueue(queue), math.min(tonumber(count), claimLimit - takenCount)
      opened[queue] = lists
      if onlyLane == "high" then look(lists.high, wanted) else takeFrom(lists, queue, wanted) end
    end
  end
  leaseAll()
  if #carries > 0 then redis.call("HSET", sharesKey, unpack(carries)) end
  popAll(opened)
  if #expired > 0 or #rejected > 0 then settleStrays() end
  return claimed
end
