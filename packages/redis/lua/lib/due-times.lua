-- due-times: when the tasks of a stale line are due. Before it stand locals for what guards take from a policy.
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

-- As if they were sent away now, one after another. Each partition has a line of its own: so its places are as many times as
-- long as there are partitions.
local function duesOfService(name, parked)
  local guard, dues = lineGuard(name), {}
  local partitions = finite(fieldsOf(prefix .. "partition", "count")[1]) or 1
  for i, task in ipairs(parked) do
    local request = shareOf(task)
    local _, _, dueAt = placesFor(guard, request)
    request.cost, request.estimate = request.cost * partitions, request.estimate * partitions
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
