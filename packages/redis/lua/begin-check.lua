#!lua flags=allow-oom
-- begin-check: whether this caller is the one who checks a service, for at most leaseMs.
-- keys   declared: those of the service
-- args   service, leaseMs
-- reply  {"begun"} | {"taken"}
--@include guard-hash
local key = root .. ":check"
local heldUntil = redis.pcall("GET", key)
if type(heldUntil) == "string" and (finite(heldUntil) or 0) > now then return { "taken" } end
redis.pcall("SET", key, exact(now + leaseMs), "PX", leaseMs)
return { "begun" }
