#!lua flags=no-writes
-- match-tasks: which of some tasks have what is asked of them. Only what is asked for is read of a task that has not: Redis
-- hashes every string that a script meets.
-- keys   declared: the hashes
-- args   told (fields to tell of those that match, with commas between)
-- record field, wanted, otherwise (what counts where the field is absent; "": nothing does)
-- reply  {"matched", index (from 0), told fields, …}, over and over; false for a field that is absent
local asked, places = { "state" }, { state = 1 }
for _, record in ipairs(records) do
  if not places[record.field] then
    asked[#asked + 1] = record.field
    places[record.field] = #asked
  end
  record.place = places[record.field]
  if record.otherwise == "" then record.otherwise = false end
end
local toldFields = {}
for field in string.gmatch(told, "[^,]+") do
  toldFields[#toldFields + 1] = field
end

-- A task is there when it has a state.
local function isMatch(values)
  if values.err or not values[1] then return false end
  for _, record in ipairs(records) do
    if (values[record.place] or record.otherwise) ~= record.wanted then return false end
  end
  return true
end

local reply, last, toldCount = { "matched" }, 1, #toldFields
for at, key in ipairs(KEYS) do
  if isMatch(redis.pcall("HMGET", key, unpack(asked))) then
    reply[last + 1] = at - 1
    local values = toldCount > 0 and redis.call("HMGET", key, unpack(toldFields))
    for i = 1, toldCount do
      reply[last + 1 + i] = values[i]
    end
    last = last + 1 + toldCount
  end
end
return reply
