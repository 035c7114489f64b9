#!lua flags=allow-oom
-- write-check: what a check of a service found, its credits and their history.
-- keys   declared: those of the service
-- args   service, state, message, errorDetails, balance, usageToday, usageMonth ("" where it was not told), warningLevel,
--        criticalLevel (thresholds of the balance), toldStandsMs
-- reply  {"written"}
--@include breaker
--@include service-state
local hourMs, keptMs = 3600000, 30 * 86400000
local ranks = { ok = 0, warning = 1, critical = 2 }
local breaker = loadBreaker()
local creditsKey, historyKey = root .. ":credits", root .. ":credits:history"

local function levelOf(amount)
  if amount < tonumber(criticalLevel) then return "critical" end
  return amount < tonumber(warningLevel) and "warning" or "ok"
end

-- At most one point an hour.
local function writeHistory(amount, usage)
  local newest = redis.pcall("ZRANGE", historyKey, -1, -1, "WITHSCORES")
  if newest.err or not newest[2] or now - newest[2] >= hourMs then
    put("ZADD", historyKey, nowText, nowText .. ":" .. plain(amount) .. ":" .. plain(usage))
  end
  redis.pcall("ZREMRANGEBYSCORE", historyKey, "-inf", "(" .. exact(now - keptMs))
end

local function writeCredits(amount)
  local kept, before = unpack(fieldsOf(stateKey, "usage_month", "credits_level"), 1, 2)
  local usage = finite(usageMonth) or finite(kept) or 0
  put("HSET", creditsKey, "balance", plain(amount), "usage", plain(usage), "last_updated", nowText)
  writeHistory(amount, usage)
  local level = levelOf(amount)
  if ranks[level] > (ranks[before] or 0) then
    tell("credits_low", '"level":"' .. level .. '","balance":' .. plain(amount))
  end
  return level
end

-- Whether what a call said is wrong still counts: a check that finds nothing wrong knows less.
local function toldStands()
  local toldState, at, untilAt = unpack(fieldsOf(stateKey, "told_state", "told_at", "told_until"), 1, 3)
  if not toldState or toldState == "active" or not finite(at) then return false end
  return now < (finite(untilAt) or at + toldStandsMs)
end

local amount = finite(balance)
local more = { "checked_at", nowText, "found_state", state, "found_message", message }
for field, value in pairs({ usage_today = finite(usageToday), usage_month = finite(usageMonth), balance = amount }) do
  more[#more + 1], more[#more + 2] = field, plain(value)
end
if amount then
  local level = writeCredits(amount)
  for field, value in pairs({ balance_checked_at = nowText, credits_level = level }) do
    more[#more + 1], more[#more + 2] = field, value
  end
end
local isActive = state == "active"
makeKnown(breaker)
if isActive and toldStands() then
  put("HSET", stateKey, "last_check", nowText, unpack(more))
else
  local found = { state = state, message = message, isSuccess = isActive, failures = isActive and 0 or 1 }
  writeServiceState(found, breaker.state, errorDetails, more)
end
publishServiceEvents()
return { "written" }
