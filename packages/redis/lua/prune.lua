#!lua flags=allow-oom
-- prune: removes tasks that are past their retention, oldest first, with every trace.
-- args   limit (over all states)
-- record state, maxAgeMs, maxCount
-- reply  {"pruned", count}
--@include removal
--@include finish
local zsets = { COMPLETED = completedKey, FAILED = failedKey, CANCELLED = cancelledKey }
local left, pruned, mostYounger = tonumber(limit), 0, 4

local function oldInZset(key, policy)
  local tooOld = redis.call("ZCOUNT", key, "-inf", "(" .. string.format("%.0f", now - policy.maxAgeMs))
  local tooMany = redis.call("ZCARD", key) - policy.maxCount
  local count = math.min(math.max(tooOld, tooMany), left)
  return count > 0 and redis.call("ZRANGE", key, 0, count - 1) or {}
end

-- Dead letters stand in the order in which they died. Marked ones that are met at the head go for good; one that died again
-- may have its old place (list-changes), and goes to the end when older ones stand behind it.
local function oldDeadLetters(policy)
  local ids, marked, younger, misplaced, tooMany = {}, {}, {}, 0, depth(dlqKey) - policy.maxCount
  for _, id in ipairs(redis.call("LRANGE", dlqKey, 0, 2 * left)) do
    local diedAt = numberOf(redis.call("HGET", taskKey(id), "completed_at"), 0)
    if redis.call("SISMEMBER", marksOf(dlqKey), id) == 1 then
      marked[#marked + 1] = id
    elseif #ids < left and (#ids < tooMany or diedAt < now - policy.maxAgeMs) then
      ids[#ids + 1], misplaced = id, #younger
    elseif #ids >= left or #younger >= mostYounger then
      break
    else
      younger[#younger + 1] = id
    end
  end
  for _, id in ipairs(marked) do
    redis.call("LREM", dlqKey, 1, id)
    redis.call("SREM", marksOf(dlqKey), id)
  end
  for i = 1, misplaced do
    if redis.call("LREM", dlqKey, 1, younger[i]) == 1 then redis.call("RPUSH", dlqKey, younger[i]) end
  end
  return ids
end

for _, policy in ipairs(records) do
  local zset = zsets[policy.state]
  for _, id in ipairs(zset and oldInZset(zset, policy) or oldDeadLetters(policy)) do
    local task = loadTask(id) or { id = id, state = policy.state, task_type = "", queue = "primary" }
    if task.state == policy.state then
      takeOut(task)
      erase(task)
      changed(task.id, task.task_type, task.state, nil)
    elseif zset then
      redis.call("ZREM", zset, id)
    else
      removeFromList(dlqKey, id, true)
      leaveGroup(id)
    end
    left, pruned = left - 1, pruned + 1
  end
end
if pruned > 0 then finish() end
return { "pruned", pruned }
