#!lua
-- append-output: adds what an attempt says to the log of its task, for the holder of its lease. Lacks allow-oom.
-- Entry n of the stream is n-0. Each has the bytes of all text before it as its offset, so the bytes of what is kept are
-- the difference of two offsets, and where to cut is found by halving: numbers have no gaps.
-- keys   declared: the hash, the stream
-- args   workerId, id, token, maxEntries, maxBytes, keptMs
-- record kind, text: at least one
-- reply  {"appended"} | {"lease_lost"}
--@include lease-proof
if not holdsLease() then return { "lease_lost" } end
local log = prefix .. "output:" .. id

local function read(entry)
  local fields = {}
  for i = 1, #entry[2], 2 do
    fields[entry[2][i]] = entry[2][i + 1]
  end
  return { number = tonumber(string.match(entry[1], "^%d+")), offset = tonumber(fields.offset) or 0, text = fields.text or "" }
end

local last = redis.call("XREVRANGE", log, "+", "-", "COUNT", 1)[1]
local newest = last and read(last) or { number = 0, offset = 0, text = "" }
local number, offset = newest.number, newest.offset + #newest.text
local told = {}
for i, record in ipairs(records) do
  number = number + 1
  redis.call("XADD", log, string.format("%.0f-0", number), "kind", record.kind, "text", record.text, "at", nowText,
    "offset", string.format("%.0f", offset))
  offset = offset + #record.text
  told[i] = { number = number, kind = record.kind, text = record.text, at = now }
end

local function fits(candidate)
  local entry = redis.call("XRANGE", log, string.format("%.0f-0", candidate), "+", "COUNT", 1)[1]
  return offset - read(entry).offset <= tonumber(maxBytes)
end

local first, high = math.max(1, number - maxEntries + 1), number
if fits(first) then high = first end
while first < high do
  local middle = math.floor((first + high) / 2)
  if fits(middle) then high = middle else first = middle + 1 end
end
redis.call("XTRIM", log, "MINID", string.format("%.0f-0", first))
redis.call("PEXPIRE", log, keptMs)
redis.pcall("PUBLISH", prefix .. "task-output:" .. id, cjson.encode(told))
return { "appended" }
