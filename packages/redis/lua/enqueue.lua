#!lua
-- enqueue: accepts tasks. As a batch it accepts all or, when one is refused, none. Idempotent: an id that exists changes
-- nothing. Lacks allow-oom: when the store is full, Redis refuses it before it begins.
-- keys   declared on a Cluster: the hash, lanes, indexes, upload and idempotency key of each task
-- args   isBatch ("1" or "0"), tasks (lua/lib/intake-runs.lua, at most 250)
-- reply  {"accepted" | "refused", index, outcome, id, state, …} of each task that was not created as PENDING
--@include intake
local accepted = judgeRuns(cjson.decode(tasks), "")
if isRefused and isBatch == "1" then return { "refused", unpack(exceptions) } end
createRuns(accepted)
if createdCount > 0 then finishIntake() end
return { "accepted", unpack(exceptions) }
