#!lua flags=allow-oom
-- change-limit: an operator's limit for the whole fleet, from the next turn on. What was learned is forgotten,
-- and those that were parked get other due times.
-- keys   declared: those of the service
-- args   service, requests, intervalMs
-- reply  {"changed"}
--@include limits
--@include parking
local limits, limit = loadLimits(), limitOf(requests, intervalMs)
loadOrigin(limits)
makeKnown(loadBreaker())
limits.inForce, limits.operator, limits.source = limit, limit, "operator"
limits.learnedAt, limits.isChanged = nil, true
writeLimits(limits)
local bucket = loadBucket(root .. ":rate_limit:bucket", limit)
leaveLineOfOtherLimit(bucket, limit)
writeBucket(bucket)
publishServiceEvents()
return { "changed" }
