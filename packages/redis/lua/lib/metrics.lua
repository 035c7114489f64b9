-- metrics: counted while a script runs, written once at its end into the buckets of this minute. Never fails.
-- metrics:throughput:{minute}  created, completed, failed, cancelled, retried, buried, promoted
-- metrics:latency:{minute}     t{bucket}, w{bucket}, r{bucket} (total, wait, run), sum_ms, max_ms
local keptSeconds = 48 * 3600
local tallies, completionsByStart = {}, {}

local function tally(field, count)
  tallies[field] = (tallies[field] or 0) + (count or 1)
end

-- Counted by the two instants, for tasks of one script share them; what they mean is worked out at the end.
local function tallyLatency(createdAt, startedAt)
  local byCreation = completionsByStart[startedAt]
  if not byCreation then
    byCreation = {}
    completionsByStart[startedAt] = byCreation
  end
  byCreation[createdAt] = (byCreation[createdAt] or 0) + 1
end

-- The buckets of core/latency-histogram.ts. frexp makes the logarithm of a power of two exact, as Math.log2 is.
local function latencyBucket(ms)
  if ms < 1 then return 0 end
  local mantissa, exponent = math.frexp(ms)
  return math.floor(8 * (exponent + math.log(mantissa) / math.log(2))) + 1
end

-- The counters that these completions add to: three buckets each, and the sum and the longest of the totals.
local function latencyCounts()
  local counts = { sum_ms = 0, max_ms = 0 }
  local function add(letter, ms, count)
    local field = letter .. latencyBucket(ms)
    counts[field] = (counts[field] or 0) + count
  end
  for startedAt, byCreation in pairs(completionsByStart) do
    local runMs = math.max(now - startedAt, 0)
    for createdAt, count in pairs(byCreation) do
      local totalMs = math.max(now - createdAt, 0)
      add("t", totalMs, count)
      add("w", math.max(totalMs - runMs, 0), count)
      add("r", runMs, count)
      counts.sum_ms, counts.max_ms = counts.sum_ms + totalMs * count, math.max(counts.max_ms, totalMs)
    end
  end
  return counts
end

-- Adds to the counters of one hash; max_ms keeps the greater. A script that ends tasks meets some ten buckets: one read and
-- one write. One that creates some counts only these.
local function increase(key, counts)
  local fields, written, isNew = {}, {}, false
  for field in pairs(counts) do
    fields[#fields + 1] = field
  end
  local only, count = next(counts)
  if #fields == 1 then
    if redis.pcall("HINCRBY", key, only, count) == count then redis.pcall("EXPIRE", key, keptSeconds, "NX") end
    return
  end
  local values = redis.pcall("HMGET", key, unpack(fields))
  if values.err then return end
  for i, field in ipairs(fields) do
    local value, more = numberOf(values[i], 0), counts[field]
    isNew = isNew or not values[i]
    written[2 * i - 1] = field
    written[2 * i] = string.format("%.0f", field == "max_ms" and math.max(value, more) or value + more)
  end
  redis.pcall("HSET", key, unpack(written))
  if isNew then redis.pcall("EXPIRE", key, keptSeconds, "NX") end
end

local function writeMetrics()
  local minute = math.floor(now / 60000)
  if next(tallies) then increase(prefix .. "metrics:throughput:" .. minute, tallies) end
  if next(completionsByStart) then increase(prefix .. "metrics:latency:" .. minute, latencyCounts()) end
end
