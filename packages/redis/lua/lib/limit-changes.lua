-- limit-changes: how the limit in force changes by itself. What was learned is raised again, a step a minute, up to what was
-- before. Uses requests and intervalMs: the policy's limit.
--@include limits
local minuteMs = 60000

-- Nil for none.
local function policyLimit()
  return limitOf(requests, intervalMs)
end

local function configure(limits, limit)
  limits.inForce, limits.configured, limits.operator = limit, limit, nil
  limits.source, limits.learnedAt, limits.isChanged = "configured", nil, true
end

-- Where there is no limit, the policy's is put; also after the store was emptied.
local function configureAbsent(limits)
  local limit = not limits.inForce and policyLimit()
  if limit then configure(limits, limit) end
end

-- Each full minute since it was learned gives back a tenth of the rate before, at least one request. In this order the
-- tenth is exact for whole numbers.
local function raise(limits)
  local learned, minutes = limits.inForce, limits.learnedAt and math.floor((now - limits.learnedAt) / minuteMs)
  if not learned or not minutes or minutes < 1 then return end
  loadOrigin(limits)
  local before = limits.operator or limits.configured
  if not before then return end
  local tenth = math.max(1, math.floor(before.requests * learned.intervalMs / before.intervalMs / 10))
  limits.inForce = { requests = learned.requests + minutes * tenth, intervalMs = learned.intervalMs }
  limits.source, limits.learnedAt, limits.isChanged = "learned", limits.learnedAt + minutes * minuteMs, true
  if rateOf(limits.inForce) < rateOf(before) then return end
  limits.inForce, limits.source, limits.learnedAt = before, limits.operator and "operator" or "configured", nil
end

-- The service named a limit itself: one that is lower than ours is taken over.
local function learn(limits, limit)
  local inForce = limits.inForce
  loadOrigin(limits)
  if not inForce or rateOf(limit) < rateOf(inForce) then
    limits.inForce = limit
  elseif rateOf(limit) > rateOf(inForce) or not limits.learnedAt then
    return
  end
  limits.source, limits.learnedAt, limits.isChanged = "learned", now, true
end
