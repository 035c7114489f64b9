#!lua flags=allow-oom
-- extend: moves leases to leaseMs from now, for their holders, and stores progress.
-- keys   declared: the hashes
-- args   workerId, leaseMs
-- record id, token, progress (JSON, or empty)
-- reply  {"extended", {"extended" | "lease_lost" | "not_found", …}}
--@include tasks
local outcomes, leases = {}, {}
for i, lease in ipairs(records) do
  local facts = redis.call("HMGET", taskKey(lease.id), "state", "lease", "worker_id")
  if not facts[1] then
    outcomes[i] = "not_found"
  elseif facts[1] == "ACTIVE" and facts[2] == lease.token and facts[3] == workerId then
    outcomes[i] = "extended"
    leases[#leases + 1] = now + leaseMs
    leases[#leases + 1] = lease.id
    if lease.progress ~= "" then redis.call("HSET", taskKey(lease.id), "progress", lease.progress) end
  else
    outcomes[i] = "lease_lost"
  end
end
callWithAll("ZADD", activeKey, leases)
return { "extended", outcomes }
