-- leasing: gives the tasks that were taken to a worker, each with a lease. Uses workerId and leaseMs.
--@include leases
--@include claim-reply
--@include finish
--@lazy dropDuplicates from claim-duplicates
local leaseUntil = string.format("%.0f", now + leaseMs)

-- What taking tasks writes in one command each.
local expiries, leases = {}, {}

local function writeLeases()
  local rests = taken.rests
  for i = 1, takenCount do
    local id, token, lease, at = takenIds[i], tokenNow, tokenNow, 2 * i
    if rests[i] then token, lease = rests[i].token, rests[i].token .. "-" end
    redis.call("HSET", takenKeys[i], "state", "ACTIVE", "updated_at", nowText, "started_at", nowText,
      "worker_id", workerId, "lease", token)
    expiries[at - 1], expiries[at] = leaseUntil, id
    leases[at - 1], leases[at] = id, lease
  end
end

local function tell(claimedByType, type, id)
  local group = claimedByType[type] or commonGroup("claim", claimedByType, type)
  group[#group + 1] = id
end

local function tellOfClaims()
  local claimedByType = {}
  for n, run in ipairs(plainRuns) do
    for i = 2, #run, 2 do
      tell(claimedByType, typeIn(plainsOfRuns[n]), run[i])
    end
  end
  for i, rest in pairs(taken.rests) do
    tell(claimedByType, rest[15], idText(takenIds[i]))
  end
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

local function leaseAll()
  local added = 0
  if takenCount == 0 then return end
  for first = 1, takenCount, 4000 do
    added = added + redis.call("SADD", prefix .. "worker:active_tasks:" .. workerId,
      unpack(takenIds, first, math.min(first + 3999, takenCount)))
  end
  if added < takenCount then dropDuplicates() end
  writeLeases()
  if isHeard() then tellOfClaims() end
  addUnpacked(activeKey, "skiplist", "ZADD", { 0, longMember }, expiries, "ZREM")
  addUnpacked(leasesKeyOf(workerId), "hashtable", "HSET", { longMember, longMember }, leases, "HDEL")
end
