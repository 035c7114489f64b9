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
  "input", "content_type", "retry_count", "max_retries", "timeout_ms", "created_at", "due_at", "lost", "lease",
  "started_at", "expires_at", "was_parked", "metadata",
  "free_failures",
}

-- What a claim must know of a task that is not plain, or nil when it can't be run: then it is noted why.
local function readRest(id, common)
  local rest = redis.call("HMGET", taskKey(id), unpack(claimFacts))
  local hasInput = rest[1] and redis.call("EXISTS", prefix .. "input:" .. id) == 1
  if not common[3] or not (common[4] or hasInput) or (rest[1] and not hasInput) then
    rejected[#rejected + 1] = id
  elseif rest[11] and not rest[10] and numberOf(rest[11], now + 1) <= now then
    expired[#expired + 1] = id
  else
    return rest
  end
end

-- The task if it can be claimed, as the common facts and `rest`. Anything that is not waiting is dropped. A hash that
-- another program wrote without a state is taken for PENDING.
local function readClaimable(id)
  local common = redis.pcall("HMGET", taskKey(id), "plain", "state", "task_type", "content")
  if common.err or met[id] then return nil end
  if common[2] ~= "PENDING" and (common[2] or not common[3]) then return nil end
  met[id] = true
  if common[1] and common[3] and common[4] then return common end
  common[1] = false
  common.rest = readRest(id, common)
  return common.rest and common
end

-- The next `wanted` claimable tasks of a list, appended to `taken`. Answers how many there were.
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
        local at = #taken.ids + 1
        taken.ids[at], taken.facts[at], taken.queues[at] = id, facts, queue
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
  knownDepths[list.key] = list.depth - (list.at - #list.marks)
  return knownDepths[list.key] > 0
end
