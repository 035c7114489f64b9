#!lua flags=allow-oom
-- settle: ends attempts, each under its lease. Idempotent: the token it settled with is answered `settled` again.
-- keys   declared: the hashes, worker:active_tasks
-- args   workerId
-- then   attempts in runs (lua/lib/attempt-runs.lua)
-- reply  {"settled", {index, "lease_lost" | "not_found", …}}: those that were not settled
--@include settle-attempts
local outcomes = settleAttempts(attemptsInRuns())
if #leftActive > 0 then finish() end
return { "settled", outcomes }
