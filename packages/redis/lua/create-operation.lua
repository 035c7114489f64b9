#!lua flags=allow-oom
-- create-operation: stores a new operation, held by whoever asks. Beyond 100 the oldest that ended give way.
-- keys   declared: the operation
-- args   id, owner, leaseMs, request (JSON), total, isEstimate ("1" or "0"), maxOperations
-- reply  {"created"} | {"too_many"}: all of them are running
--@include operations
local excess = redis.call("ZCARD", operationsKey) - maxOperations + 1
if excess > 0 then
  for _, old in ipairs(redis.call("ZRANGE", operationsKey, 0, -1)) do
    if excess > 0 and redis.call("HGET", operationKey(old), "state") ~= "running" then
      redis.call("ZREM", operationsKey, old)
      redis.call("UNLINK", operationKey(old))
      excess = excess - 1
    end
  end
  if excess > 0 then return { "too_many" } end
end
redis.call("ZADD", operationsKey, now, id)
writeOperation(id, "request", request, "total", total, "total_is_estimate", isEstimate, "done", 0, "skipped", 0, "failed", 0,
  "state", "running", "started_at", nowText, "owner", owner, "lease_until", string.format("%.0f", now + leaseMs))
return { "created" }
