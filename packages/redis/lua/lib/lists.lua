-- lists: lanes and dead letters. An id stands at most once in a list.
-- Taking one from the middle of a long list holds Redis (LREM: 0.3 ms at 20,000 entries, 14-18 ms at a million). There
-- it is marked in the set `{list}:removed` instead: it no longer counts, and whoever meets it drops it.
local longList, nearEnd, maxTidied = 20000, 1000, 4

-- How many entries were looked at for those that were taken out.
local scanned = 0

local function marksOf(list)
  return list .. ":removed"
end

-- What a claim has just seen, so that the counts at its end need not ask again.
local knownDepths = {}

-- Never fails: it is also called after the first write.
local function depth(list)
  if knownDepths[list] then return knownDepths[list] end
  local length = redis.pcall("LLEN", list)
  if type(length) ~= "number" or length == 0 then return 0 end
  local marked = redis.pcall("SCARD", marksOf(list))
  return length - (type(marked) == "number" and marked or 0)
end

-- Drops marked entries at the head: where what is taken out stands in about the order of the list, it would otherwise come to
-- begin with nothing but marked ones, and what is taken out next would be far from its head.
local function tidyHead(list)
  for _ = 1, maxTidied do
    local first = redis.call("LINDEX", list, 0)
    if not first or redis.call("SREM", marksOf(list), first) == 0 then return end
    redis.call("LPOP", list)
  end
end

-- Takes the id out if it is there. In a long list it is looked for near both ends; `isSure` says that it stands in
-- this list, so that it may be marked elsewhere.
local function removeFromList(list, id, isSure)
  knownDepths[list] = nil
  if redis.call("SISMEMBER", marksOf(list), id) == 1 then return false end
  local length = redis.call("LLEN", list)
  scanned = scanned + math.min(length, nearEnd)
  if length <= nearEnd or redis.call("LPOS", list, id, "MAXLEN", nearEnd) then
    return redis.call("LREM", list, 1, id) == 1
  end
  if redis.call("LPOS", list, id, "RANK", -1, "MAXLEN", nearEnd) then
    return redis.call("LREM", list, -1, id) == 1
  end
  if length <= longList then
    scanned = scanned + length
    return redis.call("LREM", list, 1, id) == 1
  end
  if isSure then
    redis.call("SADD", marksOf(list), id)
    tidyHead(list)
  end
  return isSure
end

-- An id that comes back while its old entry is still marked: the old entry goes for good, and the mark with it.
local function pushToList(command, list, id)
  knownDepths[list] = nil
  if redis.call("SREM", marksOf(list), id) == 1 then redis.call("LREM", list, 1, id) end
  redis.call(command, list, id)
end
