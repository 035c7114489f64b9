-- claim-lists: looking along a pending list without popping. A claim first reads, ids and then their hashes, and only
-- then pops: while a Cluster moves a slot, a script that popped first would lose its task.
--@include lanes
--@include claim-reply
local maxPassedOver = 2000
local passedOver = 0
local expired, rejected = {}, {}
--@lazy readRest from claim-rest

-- `lane` is what the reply says of where a task waited.
local function openList(key, queue, lane)
  local length = redis.call("LLEN", key)
  local marked = length > 0 and redis.call("SCARD", marksOf(key)) or 0
  return { key = key, queue = queue, lane = lane, length = length, depth = length - marked, at = 0, isMarked = marked > 0, marks = {} }
end

-- Takes the task if it can be claimed. Anything that is not waiting is dropped. A hash that another program wrote without a
-- state is taken for PENDING.
local function takeIfClaimable(id, list)
  local key = prefix .. "task:" .. id
  local common = redis.pcall("HMGET", key, "lease", "state", "content")
  local plain, state, content = common[1], common[2], common[3]
  if state == "PENDING" and content and (plain == plainOfAlike or plain and typeIn(plain)) then
    takePlain(id, key, list, plain, content)
    return true
  end
  if common.err or (state ~= "PENDING" and (state or redis.call("HEXISTS", key, "task_type") == 0)) then return false end
  local rest = readRest(id, key, content)
  if rest then takeOther(id, key, list, rest, content) end
  return rest ~= nil
end

-- Takes the next `wanted` claimable tasks of a list. Answers how many there were.
local function look(list, wanted)
  local found = 0
  while found < wanted and list.at < list.length and passedOver < maxPassedOver do
    local ids = redis.call("LRANGE", list.key, list.at, list.at + math.min(wanted - found, 1000) - 1)
    local marks = list.isMarked and redis.call("SMISMEMBER", marksOf(list.key), unpack(ids)) or {}
    for i = 1, #ids do
      local isRemoved = marks[i] == 1
      if isRemoved then list.marks[#list.marks + 1] = ids[i] end
      if not isRemoved and takeIfClaimable(ids[i], list) then found = found + 1 else passedOver = passedOver + 1 end
    end
    list.at = list.at + #ids
  end
  return found
end

-- Takes what was looked at out of the list; answers whether something is left.
local function pop(list)
  if list.at > 0 then redis.call("LTRIM", list.key, list.at, -1) end
  if list.isMarked and list.at == list.length then
    redis.call("DEL", marksOf(list.key))
  elseif #list.marks > 0 then
    callWithAll("SREM", marksOf(list.key), list.marks)
  end
  knownDepths[list.key] = list.depth - (list.at - #list.marks)
  return knownDepths[list.key] > 0
end
