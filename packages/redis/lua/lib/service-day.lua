-- service-day: one UTC day of a service's calls, {root}:metrics:{YYYY-MM-DD}. Counted while a script runs, written once.
--@include guard-hash
--@include history
local keptSeconds = 30 * 86400
local added = {}

local function addToDay(field, by)
  if by ~= 0 then added[field] = (added[field] or 0) + by end
end

local function addCallToDay(call)
  local isFailed = call.outcome == "failure"
    or (call.outcome == "ignored" and call.serviceState ~= "" and call.serviceState ~= "active")
  addToDay("total_calls", 1)
  if call.outcome == "success" then addToDay("successful_calls", 1) end
  if isFailed then addToDay("failed_calls", 1) end
  if call.serviceState ~= "" then addToDay("state_" .. call.serviceState, 1) end
  addToDay("prompt_tokens", finite(call.promptTokens) or 0)
  addToDay("completion_tokens", finite(call.completionTokens) or 0)
  addToDay("cost", finite(call.cost) or 0)
end

-- One read and one write, whatever there is to add: cheaper than an increment for each, which what is no number would fail.
local function writeDay()
  local key, names, fields = root .. ":metrics:" .. string.sub(iso(now), 1, 10), { "total_calls" }, {}
  for field in pairs(added) do
    names[#names + 1] = field
  end
  local values = fieldsOf(key, unpack(names))
  for i = 2, #names do
    local sum = (finite(values[i]) or 0) + added[names[i]]
    fields[#fields + 1], fields[#fields + 2] = names[i], string.format("%.15g", sum)
  end
  if #fields == 0 then return end
  put("HSET", key, unpack(fields))
  if not values[1] then redis.pcall("EXPIRE", key, keptSeconds) end
end
