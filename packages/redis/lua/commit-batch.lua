#!lua
-- commit-batch: the moment in which a staged batch is accepted, all of it. Its tasks are then created in parts; if the
-- gateway dies before that, whoever runs `promote` goes on.
-- keys   declared: the list of the batch
-- args   batchId, length (parts that must be staged)
-- reply  {"committed"} | {"gone"}: it was swept, or lost a reservation, and nothing of it was accepted
local batchKey = prefix .. "batch:" .. batchId
if redis.call("SISMEMBER", batchesKey, batchId) == 1 then return { "committed" } end
if redis.call("LLEN", batchKey) ~= tonumber(length) then return { "gone" } end
redis.call("PERSIST", batchKey)
redis.call("SADD", batchesKey, batchId)
return { "committed" }
