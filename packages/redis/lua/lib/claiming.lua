-- claiming: takes tasks from the asked queues, each with a lease. First everything is read, then everything written.
-- Uses workerId, leaseMs, claimLimit, shareNormal, shareWarning, shareCritical, queues ("name=count,…").
--@include claim-shares
--@include leasing

local function openQueue(queue)
  local lanes, lists = lanesOf(queue), {}
  for _, name in ipairs({ "high", "normal", "low", "retry" }) do
    lists[name] = openList(lanes[name])
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

-- Tasks that the claim met and can't run leave their lists too.
local function settleStrays()
  for _, id in ipairs(expired) do
    cancelTask(loadTask(id), "It was not started in time.", { "error_type", "Expired" })
  end
  for _, id in ipairs(rejected) do
    local task = loadTask(id)
    local missing = task.task_type == "" and "it has no task_type." or "it has no content."
    bury(task, { error = "The task's hash can't be read: " .. missing, errorType = "ValidationError" })
  end
end

local function claim()
  local taken, opened = {}, {}
  for queue, count in string.gmatch(queues, "([^=,]+)=(%d+)") do
    if redis.call("SISMEMBER", pausedKey, queue) == 0 then
      opened[queue] = openQueue(queue)
      takeFrom(opened[queue], queue, math.min(tonumber(count), claimLimit - #taken), taken)
    end
  end
  for i = 1, #taken do
    lease(i, taken[i])
  end
  if #carries > 0 then redis.call("HSET", sharesKey, unpack(carries)) end
  addLeases()
  popAll(opened)
  settleStrays()
  return claimed
end
