#!lua flags=allow-oom
-- abandon-cached: ends the owner's flight without a result.
-- keys   declared: the flight
-- args   digest, owner
-- reply  {"abandoned"} | {"lost"}
--@include cached
if not holdsFlight() then return { "lost" } end
redis.call("UNLINK", flightKey)
return { "abandoned" }
