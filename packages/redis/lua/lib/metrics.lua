-- metrics: counted while a script runs, written once at its end into the buckets of this minute. Never fails.
-- metrics:throughput:{minute}  created, completed, failed, cancelled
-- metrics:latency:{minute}     t{bucket}, w{bucket}, r{bucket} (total, wait, run), sum_ms, max_ms
local keptSeconds = 48 * 3600
local tallies, completions, sumMs, longestMs = {}, 0, 0, 0
local histograms = { t = {}, w = {}, r = {} }

local function tally(field)
  tallies[field] = (tallies[field] or 0) + 1
end

local buckets = {}

-- The buckets of core/latency-histogram.ts. frexp makes the logarithm of a power of two exact, as Math.log2 is.
local function latencyBucket(ms)
  if ms < 1 then return 0 end
  if not buckets[ms] then
    local mantissa, exponent = math.frexp(ms)
    buckets[ms] = math.floor(8 * (exponent + math.log(mantissa) / math.log(2))) + 1
  end
  return buckets[ms]
end

local function place(histogram, ms)
  local bucket = latencyBucket(ms)
  histogram[bucket] = (histogram[bucket] or 0) + 1
end

local function tallyLatency(createdAt, startedAt)
  local totalMs, runMs = math.max(now - createdAt, 0), math.max(now - startedAt, 0)
  place(histograms.t, totalMs)
  place(histograms.w, math.max(totalMs - runMs, 0))
  place(histograms.r, runMs)
  completions, sumMs, longestMs = completions + 1, sumMs + totalMs, math.max(longestMs, totalMs)
end

-- A field that is new may mean that the key is.
local function increase(key, field, by)
  if redis.pcall("HINCRBY", key, field, by) == by then redis.pcall("EXPIRE", key, keptSeconds) end
end

local function writeMetrics()
  local minute = math.floor(now / 60000)
  for field, by in pairs(tallies) do
    increase(prefix .. "metrics:throughput:" .. minute, field, by)
  end
  if completions == 0 then return end
  local key = prefix .. "metrics:latency:" .. minute
  for letter, histogram in pairs(histograms) do
    for bucket, by in pairs(histogram) do
      increase(key, letter .. bucket, by)
    end
  end
  increase(key, "sum_ms", sumMs)
  local max = redis.pcall("HGET", key, "max_ms")
  if type(max) ~= "string" or longestMs > numberOf(max, 0) then redis.pcall("HSET", key, "max_ms", longestMs) end
end
