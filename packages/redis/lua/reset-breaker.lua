#!lua flags=allow-oom
-- reset-breaker: closes it, with an empty window. The full rate is had again after the ramp, and those that were parked get other
-- due times along it.
-- keys   declared: those of the service
-- args   service
-- reply  {"reset", breaker}
--@include breaker-steps
local breaker = loadBreaker()
if breaker.state == "CLOSED" then
  breaker.failures, breaker.successes = 0, 0
  makeKnown(breaker)
  writeBreaker(breaker)
else
  close(breaker)
end
leaveLine(service)
publishServiceEvents()
return { "reset", breakerReply(breaker) }
