#!lua flags=allow-oom
-- force-open: opens a breaker until it is reset.
-- keys   declared: those of the service
-- args   service
-- reply  {"opened", breaker}
--@include breaker-steps
local breaker = loadBreaker()
makeKnown(breaker)
if breaker.state ~= "OPEN" or breaker.retryAt then open(breaker, nil) end
publishServiceEvents()
return { "opened", breakerReply(breaker) }
