-- settle-attempts: proves each lease, settles, and takes the ids out of `tasks:active` in one write.
-- The lease holds while this worker's leases have this token. Otherwise, when the task is not ACTIVE and has the same
-- token: this very settlement was done before, and its reply was lost. Anything else: the lease is lost.
--@include settling
--@include completing
local function unprovenOutcome(id, token)
  local facts = redis.pcall("HMGET", taskKey(id), "state", "lease", "task_type")
  if facts.err or not (facts[1] or facts[3]) then return "not_found" end
  return facts[2] == token and facts[1] ~= "ACTIVE" and "settled" or "lease_lost"
end

-- The leases of these attempts. Other programs may have deleted what is held: then it counts for nothing.
local function provenLeases(attempts)
  local ids, keys = {}, {}
  for i = 1, #attempts do
    local id = attempts[i].id
    ids[i], keys[i] = id, prefix .. "task:" .. id
  end
  local leases = leasesOf(workerId, ids)
  if #keys == 0 or (#keys < 4000 and redis.call("EXISTS", unpack(keys)) == #keys) then return leases, keys end
  for i, key in ipairs(keys) do
    leases[i] = redis.call("EXISTS", key) == 1 and leases[i]
  end
  return leases, keys
end

-- What settling each held attempt needs: "plain" or "held" for a completion, else the task. Everything is read before
-- anything is written. Two attempts at one task may come together: the second is `settled` too.
local function proveAll(attempts)
  local leases, keys = provenLeases(attempts)
  local proven, outcomes, seen = {}, {}, {}
  for i = 1, #attempts do
    local attempt = attempts[i]
    local id, proof = attempt.id, proofBy(leases[i], attempt.token)
    if proof and not seen[id] then
      seen[id] = true
      proven[i] = attempt.ending == "complete" and proof or loadTask(id)
    end
    outcomes[i] = proof and "settled" or unprovenOutcome(id, attempt.token)
  end
  return proven, outcomes, keys
end

-- Answers one outcome for each attempt. The caller finishes the script.
local function settleAttempts(attempts)
  local proven, outcomes, keys = proveAll(attempts)
  for i = 1, #attempts do
    local attempt, proof = attempts[i], proven[i]
    if proof then
      leftActive[#leftActive + 1] = attempt.id
      if attempt.ending == "complete" then
        complete(keys[i], attempt, proof == "plain")
      else
        settleOtherwise(proof, attempt)
      end
    end
  end
  endLeases(workerId, leftActive)
  callWithAll("ZADD", scheduledKey, scheduledAdds)
  finishCompleting()
  return outcomes
end
