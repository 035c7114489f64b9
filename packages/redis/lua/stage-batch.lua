#!lua
-- stage-batch: lays up one part of a large batch and reserves its idempotency keys. Nothing is accepted yet: what is
-- not committed within 60 s is gone. Lacks allow-oom.
-- keys   declared: the list of the batch
-- args   batchId, tasks (lua/lib/intake-runs.lua, at most 250)
-- reply  {"staged" | "refused", tasks staged, index, outcome, id, state, …} of each task that would not become PENDING
--@include intake-runs
local stagingMs = 60000
local batchKey = prefix .. "batch:" .. batchId
local accepted = judgeRuns(cjson.decode(tasks), batchId)
for _, run in ipairs(accepted) do
  if run[1] == "" then reserve(run, batchId) end
end
if createdCount > 0 then redis.call("RPUSH", batchKey, cjson.encode(accepted)) end
redis.call("PEXPIRE", batchKey, stagingMs)
return { isRefused and "refused" or "staged", createdCount, unpack(exceptions) }
