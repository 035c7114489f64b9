-- lists: lanes and dead letters. An id stands at most once in a list.
-- Taking one from the middle of a long list holds Redis (LREM: 0.3 ms at 20,000 entries, 14-18 ms at a million). There
-- it is marked in the set `{list}:removed` instead: it no longer counts, and whoever meets it drops it.
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
