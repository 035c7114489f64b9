-- lines: what parked tasks wait for, each line in the order in which its tasks came: `{root}:parked` of a service,
-- `cache:waiting:{digest}` of a result. Those in `tasks:stale_lines` get new due times by the next promotions; its score is
-- the place of the last task that has got its (0: none).
local function rootOf(name)
  return name == "openrouter" and prefix .. "openrouter" or prefix .. "service:" .. name
end

-- Nil for the line of a service.
local function digestIn(name)
  return string.match(name, "^cache:(.*)$")
end

local function lineOf(name)
  local digest = digestIn(name)
  return digest and prefix .. "cache:waiting:" .. digest or rootOf(name) .. ":parked"
end

local lineFields = { "parked_for", "parked_why", "parked_share" }

-- A parked task is no longer SCHEDULED; its fields of the line go with `gone`.
local function leavePlace(task, gone)
  redis.pcall("ZREM", lineOf(task.parked_for), task.id)
  for _, field in ipairs(lineFields) do
    gone[#gone + 1] = field
  end
end

local function markLine(name)
  if redis.pcall("ZCARD", lineOf(name)) ~= 0 then redis.call("ZADD", staleLinesKey, 0, name) end
end

-- The line begins anew: whoever is parked from now on stands at its head, until the others are there again.
local function leaveLine(name)
  if not digestIn(name) then redis.pcall("HDEL", rootOf(name) .. ":rate_limit:bucket", "park_at") end
  markLine(name)
end
