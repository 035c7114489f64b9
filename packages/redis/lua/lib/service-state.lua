-- service-state: what is known of a service, {root}:state. `found` is {state, message, isSuccess, failures}: whether a call or
-- check went through, and how many failed in a row since.
--@include guard-hash

-- `details` are of what is wrong now: nil keeps them, "" removes them; a success removes those of before.
local function writeServiceState(found, breakerState, details, more)
  local failures, before = unpack(fieldsOf(stateKey, "consecutive_failures", "error_details"), 1, 2)
  local inRow = (found.isSuccess and 0 or finite(failures) or 0) + found.failures
  put("HSET", stateKey, "state", found.state, "message", found.message, "last_check", nowText, "consecutive_failures",
    exact(inRow), "circuit_breaker_open", breakerState == "OPEN" and "true" or "false", unpack(more or {}))
  if details and details ~= "" then
    put("HSET", stateKey, "error_details", details)
  elseif before and (details or found.isSuccess) then
    redis.pcall("HDEL", stateKey, "error_details")
  end
end
