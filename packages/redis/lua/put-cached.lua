#!lua
-- put-cached: stores a result, for the owner of its flight, and ends the flight. Then those that lapsed give way, and
-- beyond a bound those that were not used for the longest time: at most 100. Lacks allow-oom.
-- keys   declared: the result, the flight
-- args   digest, owner, ttlMs, maxResults, maxBytes, result
-- reply  {"stored"} | {"lost"}
--@include cached
if not holdsFlight() then return { "lost" } end
local dropsLeft = 100
redis.call("UNLINK", flightKey)
markLine("cache:" .. digest)
dropResult(digest)
redis.call("SET", resultKey, result, "PX", ttlMs)
redis.call("ZADD", cacheIndexKey, now, digest)
redis.call("ZADD", cacheExpiriesKey, now + ttlMs, digest)
redis.call("HSET", cacheSizesKey, digest, #result)
redis.call("INCRBY", cacheBytesKey, #result)
for _, old in ipairs(redis.call("ZRANGE", cacheExpiriesKey, "-inf", now, "BYSCORE", "LIMIT", 0, dropsLeft)) do
  dropResult(old)
  dropsLeft = dropsLeft - 1
end
local function isOver()
  return redis.call("ZCARD", cacheIndexKey) > tonumber(maxResults)
    or tonumber(redis.call("GET", cacheBytesKey)) > tonumber(maxBytes)
end
while dropsLeft > 0 and isOver() do
  local oldest = redis.call("ZRANGE", cacheIndexKey, 0, 0)[1]
  if not oldest then break end
  dropResult(oldest)
  dropsLeft = dropsLeft - 1
end
return { "stored" }
