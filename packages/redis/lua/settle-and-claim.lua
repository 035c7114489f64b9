#!lua
-- settle-and-claim: ends attempts and takes new ones, so that a busy worker makes one round trip per batch. Lacks
-- allow-oom, as claim does: when the store is full the caller settles alone.
-- keys   declared: the hashes, worker:active_tasks, the lists of the asked queues
-- args   workerId, leaseMs, claimLimit, share, onlyLane, queues, as in claim
-- then   attempts in runs (lua/lib/attempt-runs.lua)
-- reply  {"settled", outcomes as in settle, runs as in claim}
--@include settle-attempts
--@include claiming
local outcomes = settleAttempts(attemptsInRuns())
local claimed = claim()
if #leftActive > 0 or #claimed > 0 or #expired > 0 or #rejected > 0 then finish() end
return { "settled", outcomes, claimed }
