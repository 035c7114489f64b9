-- leases: who holds which task. `worker:leases:{worker-id}` is a hash, id → token, with a field for each id that stands in
-- `tasks:active` for this worker; "-" follows the token when the task is not plain. So one command proves the leases of a
-- whole batch, where the tasks' own hashes would take one each.
--@include tasks
local function leasesKeyOf(worker)
  return prefix .. "worker:leases:" .. worker
end

-- What this worker's hash says of each id: false for what it does not hold.
local function leasesOf(worker, ids)
  if #ids < 4000 then return #ids > 0 and redis.call("HMGET", leasesKeyOf(worker), unpack(ids)) or {} end
  local leases = {}
  for i = 1, #ids do
    leases[i] = redis.call("HGET", leasesKeyOf(worker), ids[i])
  end
  return leases
end

-- Whether a lease is the one of this token.
local function isHeldBy(lease, token)
  return lease == token or (lease and lease == token .. "-")
end

local function endLeases(worker, ids)
  callWithAll("ZREM", activeKey, ids)
  callWithAll("SREM", prefix .. "worker:active_tasks:" .. worker, ids)
  callWithAll("HDEL", leasesKeyOf(worker), ids)
end
