#!lua flags=allow-oom
-- record-calls: how calls ended: window or probes, holds, limits that the service named, tokens, the day's metrics and the
-- service's state. The limiters are read only when a call says something of them.
-- keys   declared: those of the service
-- args   the policy
-- record turn, outcome, holdMs, learnedRequests, learnedIntervalMs, tokensUsed, serviceState, message, promptTokens,
--        completionTokens, cost; "" where there is nothing to say
-- reply  {"recorded", breaker}
--@include guard
--@include breaker-window
--@include service-day
--@include service-state
local guard = { breaker = loadBreakerAndWindow(), limits = loadLimits() }
local breaker, limits = guard.breaker, guard.limits
makeKnown(breaker)
configureAbsent(limits)
tellLimit(limits)

-- A second answer for the same reason adds nothing. The order of the turns stays, and nothing was saved up meanwhile.
local function hold(ms)
  local bucket, tokenBucket, untilAt = guard.bucket, guard.tokenBucket, now + ms
  local addMs = untilAt - math.max(bucket.holdUntil, now)
  if addMs <= 0 then return end
  bucket.holdUntil = untilAt
  moveAll(guard, addMs)
  move(bucket, math.max(bucket.nextAt, untilAt))
  if tokenBucket then move(tokenBucket, math.max(tokenBucket.nextAt, untilAt)) end
  tell("service_held", '"hold_until":' .. exact(untilAt))
end

local function correctTokens(tokens)
  local bucket = guard.tokenBucket
  move(bucket, math.max(bucket.nextAt, now - bucket.savedMs) + tokens * bucket.unitMs)
end

local function limit(call, estimate)
  local holdMs, learned = finite(call.holdMs) or 0, limitOf(call.learnedRequests, call.learnedIntervalMs)
  local tokensUsed = tokenLimit and finite(call.tokensUsed)
  if (holdMs > 0 or tokensUsed) and not guard.bucket then addBuckets(guard) end
  if holdMs > 0 then hold(holdMs) end
  if learned then
    raise(limits)
    learn(limits, learned)
    tellLimit(limits)
  end
  if tokensUsed then correctTokens(tokensUsed - estimate) end
end

-- What the last call said of the service, and how many failed in a row up to it.
local found

local function note(call)
  if call.serviceState == "" then return end
  found = found or { failures = 0 }
  found.state, found.message, found.holdMs = call.serviceState, call.message, finite(call.holdMs) or 0
  if call.outcome == "success" then found.isSuccess, found.failures = true, 0 end
  if call.outcome == "failure" then found.failures = found.failures + 1 end
end

for _, call in ipairs(records) do
  local version, probe, estimate = readTurnHead(call.turn)
  countCall(breaker, version, probe, call.outcome)
  limit(call, estimate)
  addCallToDay(call)
  note(call)
end
writeWindow(breaker)
writeDay()
if found then
  local told = { "told_state", found.state, "told_message", found.message, "told_at", nowText }
  if found.holdMs > 0 then told[7], told[8] = "told_until", exact(now + found.holdMs) end
  if found.holdMs <= 0 then redis.pcall("HDEL", stateKey, "told_until") end
  writeServiceState(found, breaker.state, nil, told)
end
if guard.bucket then setLimit(guard.bucket, limits.inForce) end
writeGuard(guard)
return { "recorded", breakerReply(breaker) }
