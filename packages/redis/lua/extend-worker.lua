#!lua flags=allow-oom
-- extend-worker: moves every lease of one worker, for the thread that guards them while its main thread is busy.
-- keys   declared: worker:leases
-- args   workerId, leaseMs
-- reply  {"extended", count}
--@include leases
local extended = {}
for _, id in ipairs(redis.call("HKEYS", leasesKeyOf(workerId))) do
  extended[#extended + 1] = now + leaseMs
  extended[#extended + 1] = id
end
callWithAll("ZADD", activeKey, extended)
return { "extended", #extended / 2 }
