-- settle-attempts: proves each lease, settles, and takes the ids out of `tasks:active` in one write.
-- The lease holds while this worker's leases have this token. Otherwise, when the task is not ACTIVE and has the same
-- token: this very settlement was done before, and its reply was lost. Anything else: the lease is lost.
--@include attempt-runs
--@include completing
-- Lists that grow by one a task are counted beside them here and below: `#` searches for their end.
local scheduledAdds, leftActive = {}, {}
--@lazy loadTask, settleOtherwise from settling

local function unprovenOutcome(id, token)
  local facts = redis.pcall("HMGET", prefix .. "task:" .. id, "state", "lease", "task_type")
  if facts.err or not (facts[1] or facts[3]) then return "not_found" end
  return facts[2] == token and facts[1] ~= "ACTIVE" and "settled" or "lease_lost"
end

-- The tasks of attempts that end otherwise than by completing. They are read before anything is written.
local function tasksOfOthers(ids, runs, leases)
  local tasks = {}
  for _, run in ipairs(runs) do
    for i = run.first, run.ending == "complete" and 0 or run.last do
      if isHeldBy(leases[i], run.token) then tasks[i] = loadTask(ids[i]) end
    end
  end
  return tasks
end

local outcomes = {}

local function unsettled(i, outcome)
  outcomes[#outcomes + 1], outcomes[#outcomes + 2] = i, outcome
end

local function settleOther(i, id, text, run, task)
  if not task then return unsettled(i, "not_found") end
  settleOtherwise(task, { id = id, text = text, run = run })
end

-- Answers the index and the outcome of each attempt that was not settled. No id may stand in `ids` twice. The caller finishes
-- the script.
local function settleAttempts(ids, texts, runs)
  local leases = leasesOf(workerId, ids)
  local tasks, left = tasksOfOthers(ids, runs, leases), 0
  for _, run in ipairs(runs) do
    local token, isCompletion, type = run.token, run.ending == "complete", run.type
    local startedAt = math.floor(numberOf(token, 0) / 1000)
    for i = run.first, run.last do
      local id, isPlain = ids[i], leases[i] == token
      if isPlain or isHeldBy(leases[i], token) then
        left = left + 1
        leftActive[left] = id
        if not isCompletion then
          settleOther(i, id, texts[i], run, tasks[i])
        elseif not complete(id, texts[i], type, startedAt, isPlain) then
          unsettled(i, "not_found")
        end
      else
        local outcome = unprovenOutcome(id, token)
        if outcome ~= "settled" then unsettled(i, outcome) end
      end
    end
  end
  endLeases(workerId, leftActive)
  callWithAll("ZADD", scheduledKey, scheduledAdds)
  finishCompleting()
  return outcomes
end
