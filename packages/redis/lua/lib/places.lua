-- places: what a call is given on a bucket's clock: where its place ends, its length, and when it is due.
--@include limiter
-- How late the first calls of a process may be: it may use less of what was saved up, but
-- enough for one call.
local coldKeptMs = 1500

local function savedFor(bucket, cost)
  return math.max(bucket.savedMs, math.min(cost * bucket.unitMs, bucket.fullMs))
end

local nowhere = { endAt = 0, lengthMs = 0, dueAt = 0 }

-- The next place on a bucket's clock: where it ends, its length, and when it is due. What costs more than the bucket holds
-- goes when it is full, and leaves it in debt. Without a limit a place has no length.
local function placeFor(bucket, cost, asOf, factor, isCold)
  if not bucket.limit then return nowhere end
  local lengthMs, savedMs = cost * bucket.unitMs, savedFor(bucket, cost)
  local coldMs = math.max(bucket.limit.intervalMs - coldKeptMs, lengthMs)
  local usableMs = isCold and math.min(savedMs, coldMs) or savedMs
  local base, beyondMs = math.max(bucket.nextAt, asOf - usableMs), lengthMs > bucket.fullMs and bucket.spreadMs or 0
  lengthMs = lengthMs / factor + beyondMs
  return { endAt = base + lengthMs, lengthMs = lengthMs, dueAt = base + math.min(lengthMs, savedMs), savedMs = savedMs }
end

local function move(bucket, nextAt)
  bucket.nextAt, bucket.isChanged = nextAt, true
end

local function takePlace(bucket, place)
  if bucket.limit then move(bucket, place.endAt) end
end

local function usePlace(bucket, endAt)
  if endAt > bucket.usedAt then bucket.usedAt, bucket.isChanged = endAt, true end
end

-- The last part of a place, of the full rate's length: a call has no more than that.
local function stretchOf(bucket, lengthMs, cost)
  local fullMs = cost * bucket.unitMs
  return fullMs > bucket.fullMs and lengthMs or math.min(lengthMs, fullMs)
end

-- Whole or nothing: nothing if others were reserved after it.
local function givePlaceBack(bucket, endAt, lengthMs)
  if lengthMs > 0 and math.abs(bucket.nextAt - endAt) < 0.01 then move(bucket, bucket.nextAt - lengthMs) end
end
