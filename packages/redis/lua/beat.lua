#!lua flags=allow-oom
-- beat: announces a worker, and forgets those not seen for an hour.
-- keys   declared: worker:heartbeat, worker:stats
-- args   workerId
-- record field, value: of worker:stats
-- reply  {"beaten"}
local heartbeatSeconds, keptSeconds = 90, 3600
local stats = prefix .. "worker:stats:" .. workerId
local fields = { "last_seen", now }
for _, record in ipairs(records) do
  fields[#fields + 1] = record.field
  fields[#fields + 1] = record.value
end
redis.call("SET", prefix .. "worker:heartbeat:" .. workerId, math.floor(now / 1000), "EX", heartbeatSeconds)
redis.call("HSET", stats, unpack(fields))
redis.call("EXPIRE", stats, keptSeconds)
redis.call("ZADD", workersKey, now, workerId)
redis.call("ZREMRANGEBYSCORE", workersKey, "-inf", now - keptSeconds * 1000)
return { "beaten" }
