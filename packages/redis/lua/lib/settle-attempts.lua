-- settle-attempts: proves each lease, settles, and takes the ids out of `tasks:active` in one write.
-- What trails the arguments are runs of attempts that are alike: ending, type, token, count, then id and text of each.
-- ending is "complete" or "{kind},{errorType},{delayMs},{message}" (lua/lib/settling.lua), text the result, the error, the
-- reason or what it is parked for.
-- The lease holds while this worker's leases have this token. Otherwise, when the task is not ACTIVE and has the same
-- token: this very settlement was done before, and its reply was lost. Anything else: the lease is lost.
--@include settling
--@include completing
local function attemptsInRuns()
  local attempts, at, count = {}, firstTrailing, 0
  while ARGV[at] do
    local run = { ending = ARGV[at], type = ARGV[at + 1], token = ARGV[at + 2] }
    local last = at + 2 + 2 * ARGV[at + 3]
    for i = at + 4, last, 2 do
      count = count + 1
      attempts[count] = { id = ARGV[i], text = ARGV[i + 1], run = run }
    end
    at = last + 2
  end
  return attempts
end

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
    local id, proof = attempt.id, proofBy(leases[i], attempt.run.token)
    if proof and not seen[id] then
      seen[id] = true
      proven[i] = attempt.run.ending == "complete" and proof or loadTask(id)
    end
    local outcome = proof and "settled" or unprovenOutcome(id, attempt.run.token)
    if outcome ~= "settled" then outcomes[#outcomes + 1], outcomes[#outcomes + 2] = i, outcome end
  end
  return proven, outcomes, keys
end

-- Answers the index and the outcome of each attempt that was not settled. The caller finishes the script.
local function settleAttempts(attempts)
  local proven, outcomes, keys = proveAll(attempts)
  for i = 1, #attempts do
    local attempt, proof = attempts[i], proven[i]
    if proof then
      leftActive[#leftActive + 1] = attempt.id
      if attempt.run.ending == "complete" then
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
