-- lane-changes: putting a task on a lane and taking one off.
--@include lanes
--@include list-changes
--@include task-hash
-- Puts a task on its lane or its retry list, and notes which in its hash: `cancel` must know where it stands.
local function queueUp(command, task, isRetry)
  local lanes = lanesOf(task.queue)
  if isRetry then
    redis.call("HSET", taskKey(task.id), "lane", "retry")
  elseif task.lane then
    redis.call("HDEL", taskKey(task.id), "lane")
  end
  pushToList(command, isRetry and lanes.retry or lanes[task.priority or "normal"] or lanes.normal, task.id)
  wake(task.queue, not isRetry and task.priority == "high")
end

local function takeOffLanes(task)
  local lanes = lanesOf(task.queue)
  local home = task.lane or task.priority or "normal"
  if removeFromList(lanes[home] or lanes.normal, task.id, true) then return end
  for _, lane in ipairs({ "high", "normal", "low", "retry" }) do
    if lane ~= home and removeFromList(lanes[lane], task.id, false) then return end
  end
end
