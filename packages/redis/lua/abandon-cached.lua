#!lua flags=allow-oom
-- abandon-cached: ends the owner's flight without a result: the first that is parked for it may compute it.
-- keys   declared: the flight
-- args   digest, owner
-- reply  {"abandoned"} | {"lost"}
--@include cached
--@include tasks
local manyStrays = 20
if not holdsFlight() then return { "lost" } end
redis.call("UNLINK", flightKey)
for _, id in ipairs(redis.call("ZRANGE", lineOf("cache:" .. digest), 0, manyStrays)) do
  if redis.call("ZADD", scheduledKey, "XX", "CH", now, id) == 1 then
    redis.call("HSET", taskKey(id), "retry_after", now)
    break
  end
end
return { "abandoned" }
