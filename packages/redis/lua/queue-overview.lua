#!lua flags=no-writes
-- queue-overview: what waits in some queues, with the task at the head of each lane.
-- args   records of {queue}
-- reply  {"queues", {queue, is paused, high, normal, low, retry, heads, …}}; heads: id, history, updated_at, created_at of
--        the head of each lane, "" for what is not there
--@include lanes
local sought = 1000

-- The first id of a list that still counts; nil when there is none, or none near the head.
local function headOf(list)
  local first = redis.pcall("LRANGE", list, 0, 0)[1]
  if not first or redis.pcall("SISMEMBER", marksOf(list), first) ~= 1 then return first end
  local ids = redis.pcall("LRANGE", list, 1, sought)
  local marked = #ids > 0 and redis.pcall("SMISMEMBER", marksOf(list), unpack(ids)) or {}
  for i, id in ipairs(ids) do
    if marked[i] ~= 1 then return id end
  end
end

local function headsOf(lists)
  local heads = {}
  for _, list in ipairs(lists) do
    local id = headOf(list)
    local values = id and redis.pcall("HMGET", taskKey(id), "history", "updated_at", "created_at") or {}
    local at = #heads
    heads[at + 1], heads[at + 2], heads[at + 3], heads[at + 4] =
      id or "", values[1] or "", values[2] or "", values[3] or ""
  end
  return heads
end

local reply = {}
for _, record in ipairs(records) do
  local lanes = lanesOf(record.queue)
  local lists = { lanes.high, lanes.normal, lanes.low, lanes.retry }
  local at = #reply
  reply[at + 1], reply[at + 2] = record.queue, redis.call("SISMEMBER", pausedKey, record.queue)
  for i, list in ipairs(lists) do
    reply[at + 2 + i] = depth(list)
  end
  reply[at + 7] = headsOf(lists)
end
return { "queues", reply }
