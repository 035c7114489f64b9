#!lua flags=allow-oom
-- begin-cached: the result of an earlier task, or who computes it: the first who asks. Its owner may ask again.
-- keys   declared: the result, the flight
-- args   digest, owner, flightMs
-- reply  {"hit", result} | {"mine"} | {"busy", ms until it is worth asking again}
--@include cached
local longestWaitMs = 1000
local result, expiresAt = redis.call("GET", resultKey), redis.call("ZSCORE", cacheExpiriesKey, digest)
if result and expiresAt and tonumber(expiresAt) > now then
  redis.call("ZADD", cacheIndexKey, now, digest)
  return { "hit", result }
end
if result or expiresAt then dropResult(digest) end
local held = flight()
if held and held.owner ~= owner then return { "busy", math.min(held.lapsesAt - now, longestWaitMs) } end
redis.call("SET", flightKey, string.format("%.0f ", now + flightMs) .. owner, "PX", flightMs)
return { "mine" }
