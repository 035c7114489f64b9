#!lua flags=allow-oom
-- extend-worker: moves every lease of one worker, for the thread that guards them while its main thread is busy.
-- keys   declared: worker:active_tasks
-- args   workerId, leaseMs
-- reply  {"extended", count}
--@include tasks
local leases = {}
for _, id in ipairs(redis.call("SMEMBERS", prefix .. "worker:active_tasks:" .. workerId)) do
  local facts = redis.call("HMGET", taskKey(id), "state", "worker_id")
  if facts[1] == "ACTIVE" and facts[2] == workerId then
    leases[#leases + 1] = now + leaseMs
    leases[#leases + 1] = id
  end
end
callWithAll("ZADD", activeKey, leases)
return { "extended", #leases / 2 }
