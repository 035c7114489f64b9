#!lua flags=allow-oom
-- configure-guard: at the start of a process: a limit that differs from the one configured before takes its place, and that
-- of what an operator set and what was learned.
-- keys   declared: those of the service
-- args   the policy
-- reply  {"configured"}
--@include guard
local guard = loadGuard()
local limits = guard.limits
makeKnown(guard.breaker)
put("SADD", servicesKey, service)
loadOrigin(limits)
configureAbsent(limits)
if not isSameLimit(limits.configured, policyLimit()) then configure(limits, policyLimit()) end
leaveLineOfOtherLimit(guard.bucket, limits.inForce)
if not limits.inForce then redis.pcall("HDEL", guard.bucket.key, "tokens", "capacity", "refill_rate") end
writeGuard(guard)
return { "configured" }
