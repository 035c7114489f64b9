#!lua
-- write-step: remembers the result of a part of a task, for the holder of its lease. Lacks allow-oom.
-- The field without a name, which no step can have, is the sum of the bytes of all names and values.
-- keys   declared: the hash, the steps
-- args   workerId, id, token, name, value, maxBytes, keptMs
-- reply  {"written"} | {"lease_lost"} | {"full"}
--@include lease-proof
if not holdsLease() then return { "lease_lost" } end
local steps = prefix .. "steps:" .. id
local bytes = (tonumber(redis.call("HGET", steps, "")) or 0) + #name + #value
if redis.call("HEXISTS", steps, name) == 1 then bytes = bytes - #name - redis.call("HSTRLEN", steps, name) end
if bytes > tonumber(maxBytes) then return { "full" } end
redis.call("HSET", steps, name, value, "", bytes)
redis.call("PEXPIRE", steps, keptMs)
return { "written" }
