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

-- What settling each held attempt needs: "plain" or "held" for a completion, else the task. Everything is read before
-- anything is written.
local function proveAll(ids, runs)
  local leases, proven, outcomes = leasesOf(workerId, ids), {}, {}
  for i = 1, #ids do
    local run, proof, outcome = runs[i], "plain", nil
    if leases[i] ~= run.token then proof = proofBy(leases[i], run.token) or false end
    if not proof then
      outcome = unprovenOutcome(ids[i], run.token)
    elseif run.ending ~= "complete" then
      proof = loadTask(ids[i]) or false
      if not proof then outcome = "not_found" end
    end
    if outcome and outcome ~= "settled" then outcomes[#outcomes + 1], outcomes[#outcomes + 2] = i, outcome end
    proven[i] = proof
  end
  return proven, outcomes
end

-- Answers the index and the outcome of each attempt that was not settled. No id may stand in `ids` twice. The caller finishes
-- the script.
local function settleAttempts(ids, texts, runs)
  local proven, outcomes = proveAll(ids, runs)
  local left = 0
  for i = 1, #ids do
    local proof, run = proven[i], runs[i]
    if proof then
      left = left + 1
      leftActive[left] = ids[i]
      if run.ending == "complete" then
        local isThere = complete(ids[i], texts[i], run, proof == "plain")
        if not isThere then outcomes[#outcomes + 1], outcomes[#outcomes + 2] = i, "not_found" end
      else
        settleOtherwise(proof, { id = ids[i], text = texts[i], run = run })
      end
    end
  end
  endLeases(workerId, leftActive)
  callWithAll("ZADD", scheduledKey, scheduledAdds)
  finishCompleting()
  return outcomes
end
