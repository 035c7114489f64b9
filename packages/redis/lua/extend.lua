#!lua flags=allow-oom
-- extend: moves leases to leaseMs from now, for their holders, and stores progress and which attempts have begun.
-- args   workerId, leaseMs
-- record id, token, progress (JSON, or empty), begun (1, or empty)
-- reply  {"extended", {"extended" | "lease_lost" | "not_found", …}}
--@include leases
local ids, outcomes, extended = {}, {}, {}
for i, record in ipairs(records) do
  ids[i] = record.id
end
local leases = leasesOf(workerId, ids)
for i, record in ipairs(records) do
  if redis.call("EXISTS", taskKey(record.id)) == 0 then
    outcomes[i] = "not_found"
  elseif isHeldBy(leases[i], record.token) then
    outcomes[i] = "extended"
    extended[#extended + 1] = now + leaseMs
    extended[#extended + 1] = record.id
    if record.progress ~= "" then redis.call("HSET", taskKey(record.id), "progress", record.progress) end
    if record.begun ~= "" then redis.call("HSET", taskKey(record.id), "begun", record.token) end
  else
    outcomes[i] = "lease_lost"
  end
end
callWithAll("ZADD", activeKey, extended)
return { "extended", outcomes }
