-- seating: new due times for the tasks of stale lines. Before it stand locals for what guards take from a policy.
--@include tasks
--@include guard
local apartMs, nextFlightMs = 20, 10000

-- Its policy is not here: the last one that was parked left what the line depends on.
local function lineGuard(name)
  useService(name)
  local bucketKey = root .. ":rate_limit:bucket"
  local guard = { breaker = loadBreaker(), bucket = loadBucket(bucketKey, loadLimits().inForce) }
  local line = lineFrom(guard.bucket.line) or { rampMs = 0, openMs = 0 }
  rampMs, openMs = line.rampMs, line.openMs
  if line.tokenLimit then guard.tokenBucket = loadBucket(root .. ":token_limit:bucket", line.tokenLimit) end
  guard.factor = rampAt(now, guard.breaker.closedAt, rampMs)
  return guard
end

local function shareOf(task)
  local cost, tokens = string.match(task.parked_share or "1,0", "^([^,]*),(.*)$")
  return { cost = finite(cost) or 1, estimate = finite(tokens) or 0 }
end

-- As if they were sent away now, one after another.
local function duesOfService(name, parked)
  local guard, dues = lineGuard(name), {}
  for i, task in ipairs(parked) do
    local request = shareOf(task)
    local _, _, dueAt = placesFor(guard, request)
    dues[i] = now + park(guard, request, "seated", dueAt)
  end
  writeBucket(guard.bucket)
  return dues
end

-- All of them when the result is there. Otherwise the first, unless another computes it, and the others when that has lapsed.
local function duesOfResult(name, digest, parked)
  local flight = string.match(redis.call("GET", prefix .. "cache:flight:" .. digest) or "", "^(%d+) ")
  local lapsesAt = flight and tonumber(flight) > now and tonumber(flight)
  local expiresAt = redis.call("ZSCORE", cacheExpiriesKey, digest)
  local isThere = expiresAt and tonumber(expiresAt) > now
  local first, dues = parked[1] and redis.call("ZRANK", lineOf(name), parked[1].id) or 0, {}
  for i = 1, #parked do
    local rank = first + i - 1
    local isNow = isThere or (rank == 0 and not lapsesAt)
    dues[i] = isNow and now or (lapsesAt or now + nextFlightMs) + rank * apartMs
  end
  return dues
end

-- The next tasks of a line and the place of the last; who does not wait there any more goes.
local function nextOf(name, after, count)
  local line, parked = lineOf(name), {}
  local found = redis.pcall("ZRANGE", line, "(" .. after, "+inf", "BYSCORE", "LIMIT", 0, count, "WITHSCORES")
  if found.err then return parked, 0 end
  for i = 1, #found, 2 do
    local facts = redis.pcall("HMGET", taskKey(found[i]), "state", "parked_for", "parked_share")
    if facts[1] == "SCHEDULED" and facts[2] == name then
      parked[#parked + 1] = { id = found[i], parked_share = facts[3] or nil }
    else
      redis.call("ZREM", line, found[i])
    end
  end
  return parked, #found / 2, found[#found]
end

local function seat(name, parked)
  local digest, adds = digestIn(name), {}
  local dues = digest and duesOfResult(name, digest, parked) or duesOfService(name, parked)
  for i, task in ipairs(parked) do
    local dueAt = string.format("%.0f", dues[i])
    redis.call("HSET", taskKey(task.id), "retry_after", dueAt)
    adds[2 * i - 1], adds[2 * i] = dueAt, task.id
  end
  callWithAll("ZADD", scheduledKey, adds)
end

-- At most `count` tasks; answers whether there are more.
local function seatSome(count)
  local left = count
  while true do
    local name, after = unpack(redis.call("ZRANGE", staleLinesKey, 0, 0, "WITHSCORES"))
    if not name then return false end
    if left <= 0 then return true end
    local parked, met, last = nextOf(name, after, left)
    if #parked > 0 then seat(name, parked) end
    left = left - met
    if left <= 0 then
      redis.call("ZADD", staleLinesKey, last, name)
    else
      redis.call("ZREM", staleLinesKey, name)
    end
  end
end
