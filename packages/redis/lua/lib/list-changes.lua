-- list-changes: taking an id out of a list, and putting one on (lua/lib/lists.lua).
--@include lists
local longList, nearEnd, maxTidied = 20000, 1000, 4

-- How many entries were looked at for those that were taken out; and for those that came back, some 2 ms at most.
local scanned, searched, mostSearched = 0, 0, 100000

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

-- An id that comes back while its old entry is still marked: the old entry goes for good, and the mark with it; where that
-- would hold Redis for long, it has its old place again.
local function pushToList(command, list, id)
  knownDepths[list] = nil
  if redis.call("SREM", marksOf(list), id) == 1 then
    searched = searched + redis.call("LLEN", list)
    if searched > mostSearched then return end
    redis.call("LREM", list, 1, id)
  end
  redis.call(command, list, id)
end
