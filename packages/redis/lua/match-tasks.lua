#!lua flags=no-writes
-- match-tasks: which of some tasks have what is asked of them. Only what is asked for is read of a task that has not: Redis
-- hashes every string that a script meets.
-- keys   declared: the hashes
-- record field, wanted, otherwise (what counts where the field is absent; "": nothing does)
-- reply  {"matched", index (from 0), created_at, updated_at, completed_at, …}: four for each, false for what is absent
local asked, wanted, otherwise = { "state" }, {}, {}
for i, record in ipairs(records) do
  asked[i + 1], wanted[i + 1] = record.field, record.wanted
  otherwise[i + 1] = record.otherwise ~= "" and record.otherwise or false
end

local reply, last = { "matched" }, 1
for at, key in ipairs(KEYS) do
  local values = redis.pcall("HMGET", key, unpack(asked))
  local isMatch = not values.err and values[1]
  for i = 2, #asked do
    if not isMatch then break end
    isMatch = (values[i] or otherwise[i]) == wanted[i]
  end
  if isMatch then
    local times = redis.call("HMGET", key, "created_at", "updated_at", "completed_at")
    reply[last + 1], reply[last + 2], reply[last + 3], reply[last + 4] = at - 1, times[1], times[2], times[3]
    last = last + 4
  end
end
return reply
