-- guard: breaker and limiters of one service, loaded together and written at the end of the script. Uses the policy's
-- arguments, and nonce (unlike any other script's, for the ids of probes).
--@include limit-changes
--@include parking
--@include places
--@include turns

local tokenLimit = tokenRequests ~= "" and limitOf(tokenRequests, tokenIntervalMs) or nil

local function addBuckets(guard)
  guard.bucket = loadBucket(root .. ":rate_limit:bucket")
  if tokenLimit then guard.tokenBucket = loadBucket(root .. ":token_limit:bucket", tokenLimit) end
end

local function loadGuard()
  local guard = { breaker = loadBreaker(), limits = loadLimits() }
  addBuckets(guard)
  return guard
end

local function writeGuard(guard)
  writeLimits(guard.limits)
  if guard.bucket then writeBucket(guard.bucket) end
  if guard.tokenBucket then writeBucket(guard.tokenBucket) end
  publishServiceEvents()
end

-- Before turns are given: the limit in force is that of now, and an open breaker may try again.
local function prepare(guard)
  configureAbsent(guard.limits)
  raise(guard.limits)
  tellLimit(guard.limits)
  if #records > 0 then tryAgain(guard.breaker) end
  setLimit(guard.bucket, guard.limits.inForce)
  leaveLineOfOtherLimit(guard.bucket, guard.limits.inForce)
  guard.factor = rampAt(now, guard.breaker.closedAt, rampMs)
end

-- Why the breaker lets nobody through now, or nil.
local function refusal(breaker)
  if breaker.state == "OPEN" then return "open" end
  if breaker.state == "HALF_OPEN" and probeCount(breaker) >= tonumber(probes) then return "half_open" end
end

-- A place in each bucket and when both are due; the token bucket's first, so that the other one is not over before the call
-- can be made.
local function placesFor(guard, request)
  local bucket, tokenPlace = guard.bucket, nowhere
  if guard.tokenBucket then tokenPlace = placeFor(guard.tokenBucket, request.estimate, now, 1) end
  local earliestAt = math.max(now, tokenPlace.dueAt)
  local place = placeFor(bucket, request.cost, earliestAt, guard.factor, request.isCold)
  return place, tokenPlace, math.max(earliestAt, place.dueAt, bucket.holdUntil)
end

-- While half-open every turn is a probe, for as long as its lease, which is had with the reservation. One that has none
-- gets the id of its place in the batch, `index`. Answers the probe's id, or "".
local function keepProbe(breaker, id, index)
  if breaker.state ~= "HALF_OPEN" then return "" end
  local kept = breaker.probes[id] and id or nonce .. "-" .. index
  leaseProbe(breaker, kept, probeMs)
  return kept
end

-- Every turn that is reserved, and the end of their line.
local function moveAll(guard, byMs)
  local bucket, tokenBucket = guard.bucket, guard.tokenBucket
  bucket.shiftMs = bucket.shiftMs + byMs
  move(bucket, bucket.nextAt + byMs)
  if tokenBucket then move(tokenBucket, tokenBucket.nextAt + byMs) end
end

local function givePlacesBack(guard, turn)
  local movedMs = guard.bucket.shiftMs - turn.shiftMs
  givePlaceBack(guard.bucket, turn.endAt + movedMs, turn.lengthMs)
  if guard.tokenBucket then givePlaceBack(guard.tokenBucket, turn.tokenEndAt + movedMs, turn.tokenLengthMs) end
end

-- The latest first, or all but the last would have one of their own after them.
local function giveAllBack(guard, turns)
  table.sort(turns, function(a, b)
    if a.endAt == b.endAt then return a.tokenEndAt > b.tokenEndAt end
    return a.endAt > b.endAt
  end)
  for _, turn in ipairs(turns) do
    endProbe(guard.breaker, turn.probe)
    givePlacesBack(guard, turn)
  end
end
