-- limit-text: rate limits, and intervals as text.
--@include guard-hash
local unitMs = { ms = 1, s = 1000, m = 60000, h = 3600000 }

-- Nil when either is missing, unreadable or not above 0.
local function limitOf(requests, intervalMs)
  local count, interval = finite(requests), finite(intervalMs)
  if count and interval and count > 0 and interval > 0 then return { requests = count, intervalMs = interval } end
end

-- "500ms", "10s", "1m", "1h" → ms, or nil.
local function intervalMsOf(text)
  local count, unit = string.match(text or "", "^(%d+%.?%d*)(%a+)$")
  return count and unitMs[unit] and count * unitMs[unit]
end

local function intervalText(intervalMs)
  for _, unit in ipairs({ "h", "m", "s" }) do
    if intervalMs % unitMs[unit] == 0 then return plain(intervalMs / unitMs[unit]) .. unit end
  end
  return plain(intervalMs) .. "ms"
end

local function rateOf(limit)
  return limit.requests / limit.intervalMs
end

local function isSameLimit(a, b)
  if not (a and b) then return a == b end
  return a.requests == b.requests and a.intervalMs == b.intervalMs
end
