-- asking: how one request for a turn is answered: granted, a wait, or parked. Uses maxWaitMs.
--@include guard
local longestWaitMs, yieldMs = tonumber(maxWaitMs), 1000

-- Those that were parked go first, unless places went unused.
local function isUnused(bucket, place)
  return not bucket or not bucket.limit
    or now - bucket.nextAt >= math.min(place.lengthMs, place.savedMs) + math.max(longestWaitMs, yieldMs)
end

local function mustYield(guard, request, place, tokenPlace)
  if request.isReturning or guard.bucket.parkAt <= now then return false end
  return not (isUnused(guard.bucket, place) and isUnused(guard.tokenBucket, tokenPlace))
end

-- Three values: "granted", turn, isProbe | "wait", turn, waitMs | "park", reason, delayMs.
local function answerTurn(guard, turn, waitMs, isLate)
  if isLate then return "wait", writeTurn(turn), math.ceil(waitMs) end
  usePlace(guard.bucket, turn.endAt + guard.bucket.shiftMs - turn.shiftMs)
  return "granted", writeTurn(turn), turn.probe ~= "" and 1 or 0
end

-- `request` is {cost, estimate, isReturning, probe}; the breaker lets it through.
local function reserve(guard, request, index)
  local place, tokenPlace, dueAt = placesFor(guard, request)
  local waitMs = dueAt - now
  if waitMs > longestWaitMs or mustYield(guard, request, place, tokenPlace) then
    return "park", "limited", park(guard, request, "limited", dueAt)
  end
  takePlace(guard.bucket, place)
  if guard.tokenBucket then takePlace(guard.tokenBucket, tokenPlace) end
  local turn = {
    dueAt = dueAt, endAt = place.endAt, lengthMs = place.lengthMs, tokenEndAt = tokenPlace.endAt,
    tokenLengthMs = tokenPlace.lengthMs, shiftMs = guard.bucket.shiftMs, cost = request.cost, estimate = request.estimate,
    version = guard.breaker.version, probe = keepProbe(guard.breaker, request.probe, index),
  }
  return answerTurn(guard, turn, waitMs, waitMs > 0)
end
