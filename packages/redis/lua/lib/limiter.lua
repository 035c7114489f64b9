-- limiter: token buckets as virtual clocks. next_at is the instant at which a bucket is or was empty; a place begins and
-- ends on that clock. Fields: next_at, shift_ms (sum of all moves), hold_until, park_at, used_at (the end of the latest
-- place whose call was made), line (what the places of the parked were given by); and for readers tokens, capacity, refill_rate (tokens a second) and last_refill, as they were
-- at the last step.
--@include guard-hash

-- `limit` may be nil. savedMs is the time that may be saved up, whatever the ramp: the rest of the interval is kept back, for
-- calls granted evenly arrive less evenly; fullMs is what may be saved up for one call that costs more, spreadMs keeps those
-- apart that cost more than even that. unitMs is the time of one token.
local function setLimit(bucket, limit)
  bucket.limit = limit
  if not limit then return end
  local intervalMs = limit.intervalMs
  bucket.unitMs, bucket.spreadMs = intervalMs / limit.requests, math.min(500, intervalMs * (1 / 20))
  bucket.savedMs, bucket.fullMs = intervalMs - math.min(500, intervalMs * 0.45), intervalMs - bucket.spreadMs
end

local function loadBucket(key, limit)
  local nextAt, shiftMs, holdUntil, parkAt, usedAt, line =
    unpack(fieldsOf(key, "next_at", "shift_ms", "hold_until", "park_at", "used_at", "line"), 1, 6)
  local bucket = {
    line = line or nil,
    key = key, nextAt = finite(nextAt) or 0, shiftMs = finite(shiftMs) or 0, holdUntil = finite(holdUntil) or 0,
    parkAt = finite(parkAt) or 0, usedAt = finite(usedAt) or 0,
  }
  setLimit(bucket, limit)
  return bucket
end

-- The share of its rate that a service gets at `at`, rising from a tenth since `from`.
local function rampAt(at, from, rampMs)
  if not from or tonumber(rampMs) <= 0 then return 1 end
  return math.max(0.1, math.min(1, 0.1 + 0.9 * (at - from) / rampMs))
end

local function tokensIn(bucket)
  return math.min(bucket.savedMs, now - bucket.nextAt) / bucket.unitMs
end

local function writeBucket(bucket)
  if not bucket.isChanged then return end
  local fields = { "next_at", exact(bucket.nextAt), "last_refill", nowText }
  local instants = {
    shift_ms = bucket.shiftMs, hold_until = bucket.holdUntil, park_at = bucket.parkAt, used_at = bucket.usedAt,
  }
  for field, value in pairs(instants) do
    if value ~= 0 then fields[#fields + 1], fields[#fields + 2] = field, exact(value) end
  end
  if bucket.line then fields[#fields + 1], fields[#fields + 2] = "line", bucket.line end
  if bucket.limit then
    local shown = { tokens = tokensIn(bucket), capacity = bucket.savedMs / bucket.unitMs, refill_rate = 1000 / bucket.unitMs }
    for field, value in pairs(shown) do
      fields[#fields + 1], fields[#fields + 2] = field, rounded(value)
    end
  end
  put("HSET", bucket.key, unpack(fields))
  bucket.isChanged = false
end
