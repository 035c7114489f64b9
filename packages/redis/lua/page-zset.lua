#!lua flags=no-writes
-- page-zset: one page of a sorted set between two scores. Dates become ranks first, for LIMIT by score walks its offset
-- (16 ms at 900,000 against 0.2).
-- keys   declared: the sorted set
-- args   key, from, to (scores or -inf, +inf), order (asc, desc), offset, afterScore, afterId (both empty, or the last
--        entry of the page before), limit
-- reply  {"page", how many there are between the scores, {id, score, …}}
local low = redis.call("ZCOUNT", key, "-inf", "(" .. from)
local total = redis.call("ZCOUNT", key, from, to)

-- The rank of the first entry beyond the last one of the page before, in ascending order, even if that one is gone.
local function rankBeyond()
  local first = redis.call("ZCOUNT", key, "-inf", "(" .. afterScore)
  local last = first + redis.call("ZCOUNT", key, afterScore, afterScore)
  while first < last do
    local middle = math.floor((first + last) / 2)
    local id = redis.call("ZRANGE", key, middle, middle)[1]
    if id < afterId or (order == "asc" and id == afterId) then first = middle + 1 else last = middle end
  end
  return first
end

local start, stop
if order == "asc" then
  start = afterId == "" and low + offset or math.max(low, rankBeyond())
  stop = math.min(start + limit, low + total) - 1
else
  stop = (afterId == "" and low + total - offset or math.min(low + total, rankBeyond())) - 1
  start = math.max(stop - limit + 1, low)
end
if stop < start then return { "page", total, {} } end
local entries = redis.call("ZRANGE", key, start, stop, "WITHSCORES")
return { "page", total, entries }
