#!lua
-- claim: pending → active, for as many tasks as the worker has room for. Lacks allow-oom: when the store is full, work
-- would be taken that can be neither kept nor finished.
-- keys   declared: the lists of the asked queues, worker:active_tasks
-- args   workerId, leaseMs, claimLimit, share (lua/lib/retry-share.lua), onlyLane ("high", or "" for all),
--        queues ("name=count,…" in the order in which they are asked)
-- reply  {"claimed", runs (lua/lib/claim-reply.lua)}
--@include claiming
local claimed = claim()
if #claimed > 0 or #expired > 0 or #rejected > 0 then finish() end
return { "claimed", claimed }
