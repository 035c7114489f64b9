#!lua flags=allow-oom
-- settle: ends attempts, each under its lease. Idempotent: the token it settled with is answered `settled` again.
-- keys   declared: the hashes, worker:active_tasks
-- args   workerId
-- record id, type, token, ending, text (lua/lib/settling.lua)
-- reply  {"settled", {"settled" | "lease_lost" | "not_found", …}}
--@include settle-attempts
local outcomes = settleAttempts(records)
if #leftActive > 0 then finish() end
return { "settled", outcomes }
