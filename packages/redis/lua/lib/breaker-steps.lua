-- breaker-steps: the changes of a breaker's state, and the leases of its probes.
--@include breaker

-- `retryAt` is nil for one that stays open until it is reset.
local function open(breaker, retryAt)
  if breaker.state ~= "OPEN" or not breaker.openedAt then breaker.openedAt = now end
  breaker.retryAt = retryAt
  enter(breaker, "OPEN")
end

local function close(breaker)
  breaker.failures, breaker.successes, breaker.openedAt, breaker.retryAt, breaker.closedAt = 0, 0, nil, nil, now
  enter(breaker, "CLOSED")
end

-- An open breaker lets a few probes through from retry_at on.
local function tryAgain(breaker)
  if breaker.state ~= "OPEN" or not breaker.retryAt or now < breaker.retryAt then return end
  breaker.failures, breaker.successes, breaker.retryAt = 0, 0, nil
  enter(breaker, "HALF_OPEN")
end

local function probeCount(breaker)
  local count = 0
  for _ in pairs(breaker.probes) do
    count = count + 1
  end
  return count
end

-- A lease, so that a caller who died does not keep the place.
local function leaseProbe(breaker, id, probeMs)
  removeFields(breakerKey, breaker.lapsed)
  breaker.lapsed, breaker.probes[id] = {}, true
  put("HSET", breakerKey, "probe:" .. id, exact(now + probeMs))
end

local function endProbe(breaker, id)
  if not breaker.probes[id] then return end
  breaker.probes[id] = nil
  redis.pcall("HDEL", breakerKey, "probe:" .. id)
end

-- As replies carry it (src/guard-replies.ts). Instants are whole ms; false: none.
local function breakerReply(breaker)
  return {
    breaker.state, breaker.version, breaker.failures, breaker.successes, breaker.openedAt or now, breaker.retryAt or false,
    breaker.closedAt or false, probeCount(breaker),
  }
end
