#!lua
-- accept-batch: accepts a large batch of which no task can be refused: it creates the first part and lays up the others,
-- which apply-batch creates. If the gateway dies before that, whoever runs `promote` goes on. Lacks allow-oom.
-- keys   declared: the list of the batch
-- args   batchId
-- then   the parts (lua/lib/intake-runs.lua, at most 250 tasks each)
-- reply  {"accepted", index, outcome, id, state, …} of each task of the first part that was not created as PENDING
--@include intake
local batchKey = prefix .. "batch:" .. batchId
for at = firstTrailing + 1, #ARGV do
  redis.call("RPUSH", batchKey, ARGV[at])
end
redis.call("SADD", batchesKey, batchId)
createRuns(keepNew(cjson.decode(ARGV[firstTrailing])))
if createdCount > 0 then finishIntake() end
return { "accepted", unpack(exceptions) }
