-- claim-lists: looking along a pending list without popping. A claim first reads, ids and then their hashes, and only
-- then pops: while a Cluster moves a slot, a script that popped first would lose its task.
--@include rest
--@include lanes
local maxPassedOver = 2000
local passedOver, met = 0, {}
local expired, rejected = {}, {}

local function openList(key)
  local length = redis.call("LLEN", key)
  local marked = length > 0 and redis.call("SCARD", marksOf(key)) or 0
  return { key = key, length = length, depth = length - marked, at = 0, isMarked = marked > 0, marks = {} }
end

local claimFacts = {
  "state", "task_type", "content", "input", "content_type", "metadata", "retry_count", "max_retries", "timeout_ms",
  "created_at", "due_at", "lost", "lease", "started_at", "expires_at",
}

-- The task if it can be claimed. One that expired or can't be read is noted; anything else is dropped. A hash that another
-- program wrote without a state is taken for PENDING.
local function readClaimable(id)
  local facts = redis.pcall("HMGET", taskKey(id), unpack(claimFacts))
  if facts.err or met[id] then return nil end
  if facts[1] ~= "PENDING" and (facts[1] or not facts[2]) then return nil end
  met[id] = true
  local hasInput = facts[4] and redis.call("EXISTS", prefix .. "input:" .. id) == 1
  if not facts[2] or not (facts[3] or hasInput) or (facts[4] and not hasInput) then
    rejected[#rejected + 1] = id
  elseif facts[15] and not facts[14] and numberOf(facts[15], now + 1) <= now then
    expired[#expired + 1] = id
  else
    return facts
  end
end

-- The next `wanted` claimable tasks of a list, appended to `taken` as {id, facts, queue}. Answers how many there were.
local function look(list, wanted, queue, taken)
  local found = 0
  while found < wanted and list.at < list.length and passedOver < maxPassedOver do
    local ids = redis.call("LRANGE", list.key, list.at, list.at + math.min(wanted - found, 1000) - 1)
    local marks = list.isMarked and redis.call("SMISMEMBER", marksOf(list.key), unpack(ids)) or {}
    for i, id in ipairs(ids) do
      local isRemoved = marks[i] == 1
      local facts = not isRemoved and readClaimable(id)
      if isRemoved then list.marks[#list.marks + 1] = id end
      if facts then
        found = found + 1
        taken[#taken + 1] = { id, facts, queue }
      else
        passedOver = passedOver + 1
      end
    end
    list.at = list.at + #ids
  end
  return found
end

-- Takes what was looked at out of the list; answers whether something is left.
local function pop(list)
  if list.at > 0 then redis.call("LTRIM", list.key, list.at, -1) end
  if list.at > 0 and list.at == list.length then
    redis.call("DEL", marksOf(list.key))
  elseif #list.marks > 0 then
    callWithAll("SREM", marksOf(list.key), list.marks)
  end
  return list.depth > list.at - #list.marks
end
