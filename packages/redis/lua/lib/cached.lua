-- cached: results by the digest of their key, and the flights of those who compute one. Uses digest, owner.
-- What a result's TTL takes is still in the index: `cache:expiries` tells, so that the sum of bytes comes right.
--@include lines
local apartMs = 20
local resultKey, flightKey = prefix .. "cache:" .. digest, prefix .. "cache:flight:" .. digest

local function dropResult(old)
  redis.call("UNLINK", prefix .. "cache:" .. old)
  redis.call("DECRBY", cacheBytesKey, redis.call("HGET", cacheSizesKey, old) or 0)
  redis.call("HDEL", cacheSizesKey, old)
  redis.call("ZREM", cacheIndexKey, old)
  redis.call("ZREM", cacheExpiriesKey, old)
end

-- Who computes the result, and until when; nil when nobody does.
local function flight()
  local lapsesAt, holder = string.match(redis.call("GET", flightKey) or "", "^(%d+) (.*)$")
  if not lapsesAt or tonumber(lapsesAt) <= now then return nil end
  return { owner = holder, lapsesAt = tonumber(lapsesAt) }
end

local function holdsFlight()
  local held = flight()
  return held ~= nil and held.owner == owner
end
