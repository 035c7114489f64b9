-- limits: which limit is in force, {root}:rate_limit_config. An operator may write requests and interval at any time.
-- `source` is configured, operator or learned.
--@include limit-text
--@include service-events

local function loadLimits()
  local count, interval, learnedAt = unpack(fieldsOf(configKey, "requests", "interval", "learned_at"), 1, 3)
  local inForce = limitOf(count, intervalMsOf(interval))
  return { inForce = inForce, told = inForce, learnedAt = finite(learnedAt) }
end

-- What was in force before anything was learned: needed only for a step that changes or shows it.
local function loadOrigin(limits)
  if limits.source ~= nil then return end
  local count, interval, operatorCount, operatorInterval, source = unpack(fieldsOf(configKey, "configured_requests",
    "configured_interval", "operator_requests", "operator_interval", "source"), 1, 5)
  limits.configured = limitOf(count, intervalMsOf(interval))
  limits.operator = limitOf(operatorCount, intervalMsOf(operatorInterval))
  limits.source = source
end

-- Each time another limit is in force; not when none is.
local function tellLimit(limits)
  if not limits.inForce or isSameLimit(limits.told, limits.inForce) then return end
  tell("rate_limit_changed", '"limit":{"requests":' .. plain(limits.inForce.requests) .. ',"interval_ms":'
    .. plain(limits.inForce.intervalMs) .. "}")
  limits.told = limits.inForce
end

-- The fields of a limit go where to, or to those that are gone.
local function addLimit(fields, gone, name, limit)
  local to = limit and fields or gone
  to[#to + 1] = name .. "requests"
  if limit then to[#to + 1] = plain(limit.requests) end
  to[#to + 1] = name .. "interval"
  if limit then to[#to + 1] = intervalText(limit.intervalMs) end
end

local function writeLimits(limits)
  if not limits.isChanged then return end
  local fields, gone = { "updated_at", nowText, "source", limits.source }, {}
  addLimit(fields, gone, "", limits.inForce)
  addLimit(fields, gone, "configured_", limits.configured)
  addLimit(fields, gone, "operator_", limits.operator)
  if limits.learnedAt then
    fields[#fields + 1], fields[#fields + 2] = "learned_at", exact(limits.learnedAt)
  else
    gone[#gone + 1] = "learned_at"
  end
  put("HSET", configKey, unpack(fields))
  removeFields(configKey, gone)
  tellLimit(limits)
  limits.isChanged = false
end
