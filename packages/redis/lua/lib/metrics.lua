-- metrics: counted while a script runs, written once at its end into the buckets of this minute. Never fails.
-- metrics:throughput:{minute}  created, completed, failed, cancelled
-- metrics:latency:{minute}     t{bucket}, w{bucket}, r{bucket} (total, wait, run), sum_ms, max_ms
local keptSeconds = 48 * 3600
local tallies, latencies, longestMs = {}, {}, -1

local function tally(field)
  tallies[field] = (tallies[field] or 0) + 1
end

-- The buckets of core/latency-histogram.ts. frexp makes the logarithm of a power of two exact, as Math.log2 is.
local function latencyBucket(ms)
  if ms < 1 then return 0 end
  local mantissa, exponent = math.frexp(ms)
  return math.floor(8 * (exponent + math.log(mantissa) / math.log(2))) + 1
end

local function addLatency(field, by)
  latencies[field] = (latencies[field] or 0) + by
end

local function tallyLatency(createdAt, startedAt)
  local totalMs, runMs = math.max(now - createdAt, 0), math.max(now - startedAt, 0)
  addLatency("t" .. latencyBucket(totalMs), 1)
  addLatency("w" .. latencyBucket(math.max(totalMs - runMs, 0)), 1)
  addLatency("r" .. latencyBucket(runMs), 1)
  addLatency("sum_ms", totalMs)
  longestMs = math.max(longestMs, totalMs)
end

local function increase(key, counts)
  for field, by in pairs(counts) do
    redis.pcall("HINCRBY", key, field, by)
  end
  redis.pcall("EXPIRE", key, keptSeconds)
end

local function writeMetrics()
  local minute = math.floor(now / 60000)
  if next(tallies) then increase(prefix .. "metrics:throughput:" .. minute, tallies) end
  if longestMs < 0 then return end
  local key = prefix .. "metrics:latency:" .. minute
  local max = redis.pcall("HGET", key, "max_ms")
  if longestMs > (tonumber(type(max) == "string" and max or 0)) then redis.pcall("HSET", key, "max_ms", longestMs) end
  increase(key, latencies)
end
