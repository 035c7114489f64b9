#!lua flags=allow-oom
-- apply-batch: creates the next part of an accepted batch. What exists already is left as it is.
-- keys   declared: the list of the batch
-- args   batchId
-- reply  {"applied", parts left, index, outcome, id, state, …} of each task of the part that was not created as PENDING
--@include intake
local batchKey = prefix .. "batch:" .. batchId
local part = redis.call("LINDEX", batchKey, 0)
if part then
  createRuns(keepNew(cjson.decode(part)))
  redis.call("LPOP", batchKey)
end
local left = redis.call("LLEN", batchKey)
if left == 0 then redis.call("SREM", batchesKey, batchId) end
if createdCount > 0 then finishIntake() end
return { "applied", left, unpack(exceptions) }
