-- seating: new due times for the tasks of stale lines. Before it stand locals for what guards take from a policy.
--@include tasks
--@include due-times
-- The next tasks of a line and the place of the last; who does not wait there any more goes.
local function nextOf(name, after, count)
  local line, parked = lineOf(name), {}
  local found = redis.pcall("ZRANGE", line, "(" .. after, "+inf", "BYSCORE", "LIMIT", 0, count, "WITHSCORES")
  if found.err then return parked, 0 end
  for i = 1, #found, 2 do
    local facts = redis.pcall("HMGET", taskKey(found[i]), "state", "parked_for", "parked_share")
    if facts[1] == "SCHEDULED" and facts[2] == name then
      parked[#parked + 1] = { id = found[i], parked_share = facts[3] or nil }
    else
      redis.call("ZREM", line, found[i])
    end
  end
  return parked, #found / 2, found[#found]
end

local function seat(name, parked)
  local digest, adds = digestIn(name), {}
  local dues = digest and duesOfResult(name, digest, parked) or duesOfService(name, parked)
  for i, task in ipairs(parked) do
    local dueAt = string.format("%.0f", dues[i])
    redis.call("HSET", taskKey(task.id), "retry_after", dueAt)
    adds[2 * i - 1], adds[2 * i] = dueAt, task.id
  end
  callWithAll("ZADD", scheduledKey, adds)
end

-- At most `count` tasks; answers whether there are more.
local function seatSome(count)
  local left = count
  while true do
    local name, after = unpack(redis.call("ZRANGE", staleLinesKey, 0, 0, "WITHSCORES"))
    if not name then return false end
    if left <= 0 then return true end
    local parked, met, last = nextOf(name, after, left)
    if #parked > 0 then seat(name, parked) end
    left = left - met
    if left <= 0 then
      redis.call("ZADD", staleLinesKey, last, name)
    else
      redis.call("ZREM", staleLinesKey, name)
    end
  end
end
