#!lua flags=allow-oom
-- claim-operation: takes the oldest running operation that nobody holds.
-- args   owner, leaseMs
-- reply  {"claimed", id} | {"none"}
--@include operations
for _, id in ipairs(redis.call("ZRANGE", operationsKey, 0, -1)) do
  local facts = redis.call("HMGET", operationKey(id), "state", "lease_until")
  if facts[1] == "running" and (tonumber(facts[2]) or 0) <= now then
    writeOperation(id, "owner", owner, "lease_until", string.format("%.0f", now + leaseMs))
    return { "claimed", id }
  end
end
return { "none" }
