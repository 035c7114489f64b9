-- parking: a place of its own for everyone who is sent away, one after another, no faster than they can be served.
--@include breaker-steps
--@include limiter
--@include limit-text
local unlimitedUnitMs, halfOpenMs = 20, 1000

local function limitText(limit)
  return limit and exact(limit.requests) .. "," .. exact(limit.intervalMs) or ","
end

-- What the places of the parked depend on: the limits and, of the policy, rampMs and openMs.
local function lineText(limit, tokenLimit, ramp, open)
  return limitText(limit) .. "," .. limitText(tokenLimit) .. "," .. ramp .. "," .. open
end

local function lineFrom(text)
  local parts = { string.match(text or "", "^([^,]*),([^,]*),([^,]*),([^,]*),([^,]*),([^,]*)$") }
  if not parts[1] then return nil end
  return {
    limit = limitOf(parts[1], parts[2]), tokenLimit = limitOf(parts[3], parts[4]), rampMs = finite(parts[5]) or 0,
    openMs = finite(parts[6]) or 0,
  }
end

-- When the limit was changed since the line's places were given, it begins anew.
local function leaveLineOfOtherLimit(bucket, limit)
  local line = lineFrom(bucket.line)
  if not line or isSameLimit(line.limit, limit) then return end
  leaveLine(service)
  bucket.line, bucket.parkAt, bucket.isChanged = lineText(limit, line.tokenLimit, line.rampMs, line.openMs), 0, true
end

-- The instant before which it is no use to come back, and since when the ramp will run.
local function baseFor(breaker, reason, dueAt)
  if breaker.state == "OPEN" then return math.max(now, breaker.retryAt or now + openMs), breaker.retryAt end
  if breaker.state == "HALF_OPEN" then return reason == "limited" and dueAt or now + halfOpenMs, now end
  return dueAt, breaker.closedAt
end

-- Answers the delay in ms. `request` is {cost, estimate}; `dueAt` counts for the reason `limited` only.
local function park(guard, request, reason, dueAt)
  local bucket, tokenBucket = guard.bucket, guard.tokenBucket
  local base, rampFrom = baseFor(guard.breaker, reason, dueAt)
  local placeAt = math.max(bucket.parkAt, base)
  local lengthMs = request.cost * (bucket.limit and bucket.unitMs or unlimitedUnitMs) / rampAt(placeAt, rampFrom, rampMs)
  local tokensMs = tokenBucket and request.estimate * tokenBucket.unitMs or 0
  bucket.line = lineText(bucket.limit, tokenBucket and tokenBucket.limit, rampMs, openMs)
  bucket.parkAt, bucket.isChanged = placeAt + math.max(lengthMs, tokensMs), true
  return math.ceil(placeAt - now)
end
