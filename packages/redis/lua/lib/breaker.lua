-- breaker: one state for the whole fleet, in circuit_breaker:{service}. Each change of state begins a new version, with
-- no window and no probes, and is told to everybody.
--@include service-events
local breakerStates = { CLOSED = true, OPEN = true, HALF_OPEN = true }

local function breakerFrom(hash)
  local isKnown = breakerStates[hash.state] or false
  return {
    isKnown = isKnown, state = isKnown and hash.state or "CLOSED", version = finite(hash.version) or 0,
    failures = finite(hash.failure_count) or 0, successes = finite(hash.success_count) or 0,
    openedAt = finite(hash.opened_at), retryAt = hash.is_forced ~= "1" and finite(hash.retry_at) or nil,
    closedAt = finite(hash.closed_at), probes = {}, lapsed = {},
  }
end

-- Leases that lapsed are no probes any more.
local function readProbes(breaker, hash)
  if breaker.state ~= "HALF_OPEN" then return end
  for field, value in pairs(hash) do
    local id = string.match(field, "^probe:(.*)$")
    if id and (finite(value) or 0) > now then
      breaker.probes[id] = true
    elseif id then
      breaker.lapsed[#breaker.lapsed + 1] = field
    end
  end
end

-- The rest of the hash matters only while it is not closed.
local function loadBreaker()
  local state, version, failures, successes, closedAt =
    unpack(fieldsOf(breakerKey, "state", "version", "failure_count", "success_count", "closed_at"), 1, 5)
  if state ~= "OPEN" and state ~= "HALF_OPEN" then
    return breakerFrom({
      state = state, version = version, failure_count = failures, success_count = successes, closed_at = closedAt,
    })
  end
  local hash = wholeHash(breakerKey)
  local breaker = breakerFrom(hash)
  readProbes(breaker, hash)
  return breaker
end

local function writeBreaker(breaker)
  local fields = {
    "state", breaker.state, "version", exact(breaker.version), "failure_count", exact(breaker.failures),
    "success_count", exact(breaker.successes),
  }
  local isForced = breaker.state == "OPEN" and not breaker.retryAt and 1 or nil
  for field, value in pairs({ opened_at = breaker.openedAt, retry_at = breaker.retryAt, closed_at = breaker.closedAt,
    is_forced = isForced }) do
    fields[#fields + 1], fields[#fields + 2] = field, exact(value)
  end
  redis.pcall("UNLINK", breakerKey)
  redis.pcall("HSET", breakerKey, unpack(fields))
end

-- From the first use on a service is known.
local function makeKnown(breaker)
  if breaker.isKnown then return end
  put("SADD", servicesKey, service)
  writeBreaker(breaker)
  breaker.isKnown = true
end

local function enter(breaker, state)
  local from = breaker.state
  breaker.state, breaker.version, breaker.probes, breaker.lapsed = state, breaker.version + 1, {}, {}
  breaker.window = nil
  writeBreaker(breaker)
  if redis.pcall("HEXISTS", stateKey, "circuit_breaker_open") == 1 then
    put("HSET", stateKey, "circuit_breaker_open", state == "OPEN" and "true" or "false")
  end
  tell("circuit_breaker_changed", '"old_state":"' .. from .. '","new_state":"' .. state .. '","version":'
    .. exact(breaker.version) .. ',"retry_at":' .. (breaker.retryAt and exact(breaker.retryAt) or "null"))
end
