-- joining: a task that is parked stands last in its line. One whose due time is from before the line began anew makes the
-- line get new ones.
--@include lines
local latenessMs, flightLatenessMs = 15000, 5000
local lastPlaces = {}

local function lastPlaceIn(line)
  local last = redis.pcall("ZRANGE", line, -1, -1, "WITHSCORES")
  if last.err then redis.call("UNLINK", line) end
  return tonumber(last[2]) or 0
end

-- In a partition beyond the first the guards are elsewhere, and the due time that they gave stands.
local function isGuardedElsewhere()
  local index = redis.pcall("HGET", prefix .. "partition", "index")
  return type(index) == "string" and index ~= "0"
end

local function isBeyondLine(name, dueAt)
  if isGuardedElsewhere() then return false end
  local parkAt = redis.pcall("HGET", rootOf(name) .. ":rate_limit:bucket", "park_at")
  return dueAt > (type(parkAt) == "string" and tonumber(parkAt) or 0) + latenessMs
end

-- When the first of those that wait for a result comes long before its flight lapses, they wait for an earlier one.
local function isOfEarlierFlight(name, lapsesAt)
  local first = redis.call("ZRANGE", lineOf(name), 0, 0)[1]
  local dueAt = first and tonumber(redis.call("ZSCORE", scheduledKey, first) or nil)
  return dueAt and dueAt + flightLatenessMs < lapsesAt
end

-- Answers when the task is due: at once when nobody computes its result any more.
local function joinResult(name, digest, dueAt)
  local lapsesAt = string.match(redis.call("GET", prefix .. "cache:flight:" .. digest) or "", "^(%d+) ")
  lapsesAt = tonumber(lapsesAt or 0)
  if lapsesAt <= now then return now end
  if isOfEarlierFlight(name, lapsesAt) then markLine(name) end
  return dueAt
end

-- Places are whole numbers that grow, so that no two tasks have one. Answers when the task is due.
local function joinLine(name, id, dueAt)
  local line = lineOf(name)
  local place = math.max(nowUs, (lastPlaces[name] or lastPlaceIn(line)) + 1)
  lastPlaces[name] = place
  redis.call("ZADD", line, string.format("%.0f", place), id)
  local digest = digestIn(name)
  if digest then return joinResult(name, digest, dueAt) end
  if isBeyondLine(name, dueAt) then leaveLine(name) end
  return dueAt
end

-- What a settlement tells of it, as fields of the task: name, cost, tokens, free failures and a sentence, a line each.
local function parkedFields(text)
  local name, cost, tokens, free, why = string.match(text, "^([^\n]+)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n(.*)$")
  if not name then return nil, {} end
  local fields = { "parked_for", name, "parked_why", why, "free_failures", free }
  if cost ~= "1" or tokens ~= "0" then fields[7], fields[8] = "parked_share", cost .. "," .. tokens end
  return name, fields
end
