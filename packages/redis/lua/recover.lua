#!lua flags=allow-oom
-- recover: active → pending, at the head, for what the store holds for this worker and the worker does not know: claims
-- whose reply was lost. No attempt, no strike.
-- keys   declared: worker:active_tasks
-- args   workerId
-- record id: what the worker knows
-- reply  {"recovered", count}
--@include settle-attempts
local known, attempts = {}, {}
for _, record in ipairs(records) do
  known[record.id] = true
end
local held = redis.call("SMEMBERS", prefix .. "worker:active_tasks:" .. workerId)
-- Each goes to the head, so the newest goes first and the oldest runs first. (A set has no order of its own.)
table.sort(held, function(a, b) return a > b end)
for _, id in ipairs(held) do
  local lease = not known[id] and redis.call("HGET", taskKey(id), "lease")
  if lease then attempts[#attempts + 1] = { id = id, token = lease, kind = "release" } end
end
local outcomes = settleAttempts(attempts)
for i, outcome in ipairs(outcomes) do
  if outcome == "lease_lost" then redis.call("SREM", prefix .. "worker:active_tasks:" .. workerId, attempts[i].id) end
end
if #leftActive > 0 then finish() end
return { "recovered", #leftActive }
