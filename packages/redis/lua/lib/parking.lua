-- parking: a place of its own for everyone who is sent away, one after another, no faster than they can be served.
--@include breaker-steps
--@include limiter
local unlimitedUnitMs, halfOpenMs = 20, 1000

-- The instant before which it is no use to come back, and since when the ramp will run.
local function baseFor(breaker, reason, dueAt)
  if breaker.state == "OPEN" then return breaker.retryAt or now + openMs, breaker.retryAt end
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
  bucket.parkAt, bucket.isChanged = placeAt + math.max(lengthMs, tokensMs), true
  return math.ceil(placeAt - now)
end
