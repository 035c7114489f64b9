-- settle-attempts: proves each lease, settles, and takes the ids out of `tasks:active` in one write.
-- ACTIVE, the same token and the same worker: the lease holds. Not ACTIVE and the same token: this very settlement was
-- done before, and its reply was lost. Anything else: the lease is lost.
--@include settling
local function judgeLease(task, attempt)
  if not task then return "not_found" end
  if task.lease ~= attempt.token then return "lease_lost" end
  if task.state ~= "ACTIVE" then return "settled" end
  return task.worker_id == workerId and "held" or "lease_lost"
end

-- One table for each task, though two attempts at it may come together: the second must see what the first did.
local function loadAll(attempts)
  local tasks, isWhole = {}, {}
  for _, attempt in ipairs(attempts) do
    local id, needsAll = attempt.id, attempt.kind ~= "complete"
    if tasks[id] == nil or (needsAll and not isWhole[id]) then
      tasks[id] = loadTask(id, not needsAll) or false
      isWhole[id] = needsAll
    end
  end
  return tasks
end

-- Answers one outcome for each attempt. The caller finishes the script.
local function settleAttempts(attempts)
  local tasks, outcomes = loadAll(attempts), {}
  for i, attempt in ipairs(attempts) do
    local task = tasks[attempt.id]
    outcomes[i] = judgeLease(task, attempt)
    if outcomes[i] == "held" then
      settlements[attempt.kind](task, attempt)
      outcomes[i], task.state = "settled", "settled"
      leftActive[#leftActive + 1] = attempt.id
    end
  end
  callWithAll("ZREM", activeKey, leftActive)
  callWithAll("SREM", prefix .. "worker:active_tasks:" .. workerId, leftActive)
  callWithAll("ZADD", completedKey, completedAdds)
  callWithAll("ZADD", scheduledKey, scheduledAdds)
  return outcomes
end
