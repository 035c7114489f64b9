#!lua flags=allow-oom
-- begin-cached: the result of an earlier task, or who computes it: the first who asks. Its owner may ask again.
-- Those that are parked for it come back when the flight has lapsed, unless it ends before.
-- keys   declared: the result, the flight
-- args   digest, owner, flightMs
-- reply  {"hit", result} | {"mine"} | {"busy", ms until the flight has lapsed, and who waited before was there}
--@include cached
local result, expiresAt = redis.call("GET", resultKey), redis.call("ZSCORE", cacheExpiriesKey, digest)
if result and expiresAt and tonumber(expiresAt) > now then
  redis.call("ZADD", cacheIndexKey, now, digest)
  return { "hit", result }
end
if result or expiresAt then dropResult(digest) end
local held = flight()
if held and held.owner ~= owner then
  return { "busy", held.lapsesAt - now + redis.call("ZCARD", lineOf("cache:" .. digest)) * apartMs }
end
redis.call("SET", flightKey, string.format("%.0f ", now + flightMs) .. owner, "PX", flightMs)
return { "mine" }
