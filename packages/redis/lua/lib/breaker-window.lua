-- breaker-window: how calls that ended move the breaker. The window is buckets of 10 s, `w:{bucket}` =
-- `{failures}/{successes}`. A call counts in the version in which it began only. Uses the policy's arguments.
--@include breaker-steps
local bucketMs = 10000
local bucketNow = math.floor(now / bucketMs)
local bucketField = string.format("w:%.0f", bucketNow)

-- Everything in one read: the window is needed here, and the probes may be.
local function loadBreakerAndWindow()
  local hash = wholeHash(breakerKey)
  local breaker = breakerFrom(hash)
  readProbes(breaker, hash)
  local window = { failures = 0, successes = 0, ofNow = { 0, 0 }, stale = {} }
  for field, value in pairs(hash) do
    if string.sub(field, 1, 2) == "w:" then
      local at, failures, successes = finite(string.sub(field, 3)), string.match(value, "^(%d+)/(%d+)$")
      if at and failures and bucketNow - at < windowMs / bucketMs then
        window.failures, window.successes = window.failures + failures, window.successes + successes
        if at == bucketNow then window.ofNow = { tonumber(failures), tonumber(successes) } end
      else
        window.stale[#window.stale + 1] = field
      end
    end
  end
  breaker.window = window
  return breaker
end

local threshold, volume = tonumber(failureThreshold), tonumber(volumeThreshold)

local function countInWindow(breaker, outcome)
  local window, isFailure = breaker.window, outcome == "failure"
  local index, sum = isFailure and 1 or 2, isFailure and "failures" or "successes"
  window.ofNow[index], window[sum] = window.ofNow[index] + 1, window[sum] + 1
  breaker.failures, breaker.successes = window.failures, window.successes
  local all = window.failures + window.successes
  if threshold > 0 and all >= volume and window.failures / all >= threshold then open(breaker, now + openMs) end
end

local function countProbe(breaker, outcome)
  if outcome == "failure" then
    breaker.failures = breaker.failures + 1
    return open(breaker, now + openMs)
  end
  breaker.successes = breaker.successes + 1
  if breaker.successes >= tonumber(probes) then return close(breaker) end
  put("HSET", breakerKey, "success_count", exact(breaker.successes))
end

local function countCall(breaker, version, probe, outcome)
  if version ~= breaker.version then return end
  endProbe(breaker, probe)
  if outcome == "ignored" then return end
  if breaker.state == "CLOSED" then countInWindow(breaker, outcome) end
  if breaker.state == "HALF_OPEN" then countProbe(breaker, outcome) end
end

local function writeWindow(breaker)
  local window = breaker.window
  if not window or breaker.state ~= "CLOSED" then return end
  put("HSET", breakerKey, bucketField, string.format("%.0f/%.0f", unpack(window.ofNow)), "failure_count",
    exact(window.failures), "success_count", exact(window.successes))
  removeFields(breakerKey, window.stale)
  breaker.failures, breaker.successes = window.failures, window.successes
end
