-- history: the packed `history` of states and the JSON `error_history` of a task.
-- The common path writes neither. The first append starts with what core/state-history.ts would have derived.
--@include task-hash
local maxHistory, maxErrors, longestEntry = 200, 50, 14

-- `steps` alternates letter and instant.
local function historyWith(task, steps)
  local packed = (task.history or "P" .. (task.created_at or now)) .. table.concat(steps)
  if #packed <= maxHistory * longestEntry then return packed end
  local entries = {}
  for entry in string.gmatch(packed, "%a%d+") do
    entries[#entries + 1] = entry
  end
  local first = math.max(2, #entries - maxHistory + 2)
  return entries[1] .. table.concat(entries, "", first)
end

-- Epoch ms as ISO 8601 UTC: the civil date from a count of days, in years that begin on March 1.
local function iso(ms)
  local days, inDay = math.floor(ms / 86400000) + 719468, ms % 86400000
  local era = math.floor(days / 146097)
  local dayOfEra = days - era * 146097
  local leaps = math.floor(dayOfEra / 1460) - math.floor(dayOfEra / 36524) + math.floor(dayOfEra / 146096)
  local year = math.floor((dayOfEra - leaps) / 365)
  local dayOfYear = dayOfEra - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local march = math.floor((5 * dayOfYear + 2) / 153)
  local day = dayOfYear - math.floor((153 * march + 2) / 5) + 1
  local month = march < 10 and march + 3 or march - 9
  local seconds = math.floor(inDay / 1000)
  return string.format("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year + era * 400 + (month <= 2 and 1 or 0), month, day,
    math.floor(seconds / 3600), math.floor(seconds / 60) % 60, seconds % 60, inDay % 1000)
end

-- The task's error_history with one entry more: the first and the newest 49 are kept.
local function errorsWith(task, fault)
  local ok, entries = pcall(cjson.decode, redis.call("HGET", taskKey(task.id), "error_history") or "[]")
  if not ok or type(entries) ~= "table" then entries = {} end
  entries[#entries + 1] = {
    timestamp = iso(now), error = fault.error, error_type = fault.errorType,
    retry_count = numberOf(task.retry_count, 0), state_transition = fault.transition,
    worker_id = task.worker_id or cjson.null,
  }
  while #entries > maxErrors do
    table.remove(entries, 2)
  end
  return cjson.encode(entries)
end
