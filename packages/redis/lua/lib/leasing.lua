-- leasing: gives tasks to a worker, each with a lease. Uses workerId, leaseMs and taken.
--@include leases
--@include claim-reply
--@include finish
local leaseUntil = string.format("%.0f", now + leaseMs)

-- What taking tasks writes in one command each.
local expiries, leases, claimedByType = {}, {}, {}

local function lease(i)
  local id, plain, queue, content = takenIds[i], takenPlains[i], takenQueues[i], takenContents[i]
  local rest = not plain and taken.rests[i]
  local token = rest and nextToken(rest[9]) or tokenNow
  redis.call("HSET", takenKeys[i], "state", "ACTIVE", "updated_at", nowText, "started_at", nowText,
    "worker_id", workerId, "lease", token)
  expiries[2 * i - 1], expiries[2 * i] = leaseUntil, id
  leases[2 * i - 1], leases[2 * i] = id, rest and token .. "-" or token
  if rest then answerOther(id, rest, queue, content, token) else answer(id, plain, queue, content, token) end
  if not isHeard() then return end
  local type = rest and rest[15] or typeIn(plain)
  local group = claimedByType[type] or commonGroup("claim", claimedByType, type)
  group[#group + 1] = rest and idText(id) or id
end

-- A sorted set of up to 128 members, or a hash of up to 512, is one packed list in which each command looks at every
-- member: with 100 leases that was a quarter of a script's time (27 against 20 microseconds a task). One long member
-- makes it a skip list, or a table, for as long as it is not empty: so it goes only when the leases are there.
local manyLeases, longMember = 16, string.rep("-", 65)

local function isPacked(key, encoding)
  return takenCount >= manyLeases and redis.pcall("OBJECT", "ENCODING", key) ~= encoding
end

local function addUnpacked(key, encoding, add, value, values, remove)
  local wasPacked = isPacked(key, encoding)
  if wasPacked then redis.call(add, key, unpack(value)) end
  callWithAll(add, key, values)
  if wasPacked then redis.call(remove, key, longMember) end
end

-- An id that stands twice where tasks wait is taken once.
local function dropDuplicates()
  local met, kept = {}, 0
  for i, id in ipairs(takenIds) do
    if not met[id] then
      met[id], kept = true, kept + 1
      for _, list in pairs(taken) do
        list[kept] = list[i]
      end
    end
  end
  takenCount = kept
end

local function leaseAll()
  local added = 0
  if takenCount == 0 then return end
  for first = 1, takenCount, 4000 do
    added = added + redis.call("SADD", prefix .. "worker:active_tasks:" .. workerId,
      unpack(takenIds, first, math.min(first + 3999, takenCount)))
  end
  if added < takenCount then dropDuplicates() end
  for i = 1, takenCount do
    lease(i)
  end
  addUnpacked(activeKey, "skiplist", "ZADD", { 0, longMember }, expiries, "ZREM")
  addUnpacked(leasesKeyOf(workerId), "hashtable", "HSET", { longMember, longMember }, leases, "HDEL")
end
