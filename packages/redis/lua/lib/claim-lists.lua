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
  "free_failures", "task_type",
}

-- The type of a plain task, by what enqueue wrote of it; false for what is no such text.
local typesByPlain = {}

local function typeIn(plain)
  if typesByPlain[plain] == nil then typesByPlain[plain] = string.match(plain, "^%a+,%d+,(.+)$") or false end
  return typesByPlain[plain]
end

-- What a claim must know of a task that is not plain, or nil when it can't be run: then it is noted why.
local function readRest(id, content)
  local rest = redis.call("HMGET", taskKey(id), unpack(claimFacts))
  local hasInput = rest[1] and redis.call("EXISTS", prefix .. "input:" .. id) == 1
  if not rest[15] or not (content or hasInput) or (rest[1] and not hasInput) then
    rejected[#rejected + 1] = id
  elseif rest[11] and not rest[10] and numberOf(rest[11], now + 1) <= now then
    expired[#expired + 1] = id
  else
    return rest
  end
end

-- Whether the task can be claimed: its plain facts and its content, or false, its content and the rest. Anything that is not
-- waiting is dropped. A hash that another program wrote without a state is taken for PENDING.
local function readClaimable(id)
  local common = redis.pcall("HMGET", taskKey(id), "lease", "state", "content")
  if common.err or met[id] then return nil end
  local plain, state, content = common[1], common[2], common[3]
  if state ~= "PENDING" and (state or redis.call("HEXISTS", taskKey(id), "task_type") == 0) then return nil end
  met[id] = true
  if plain and state and content and typeIn(plain) then return plain, content end
  local rest = readRest(id, content)
  if rest then return false, content or "", rest end
end

-- The next `wanted` claimable tasks of a list, appended to `taken`. Answers how many there were.
local function look(list, wanted, queue, taken)
  local found = 0
  while found < wanted and list.at < list.length and passedOver < maxPassedOver do
    local ids = redis.call("LRANGE", list.key, list.at, list.at + math.min(wanted - found, 1000) - 1)
    local marks = list.isMarked and redis.call("SMISMEMBER", marksOf(list.key), unpack(ids)) or {}
    for i, id in ipairs(ids) do
      local isRemoved = marks[i] == 1
      local plain, content, rest
      if isRemoved then list.marks[#list.marks + 1] = id else plain, content, rest = readClaimable(id) end
      if content then
        found = found + 1
        taken[#taken + 1] = { id = id, queue = queue, plain = plain, content = content, rest = rest }
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
