-- lease-proof: whether the caller holds the lease of a task: ACTIVE, the same token and the same worker.
-- Uses id, token, workerId.
local function holdsLease()
  local facts = redis.call("HMGET", prefix .. "task:" .. id, "state", "lease", "worker_id")
  return facts[1] == "ACTIVE" and facts[2] == token and facts[3] == workerId
end
