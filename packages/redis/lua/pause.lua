#!lua flags=allow-oom
-- pause: claims take nothing from the queue, fleet-wide.
-- args   queue
-- reply  {"paused", 1 when that changed anything}
return { "paused", redis.call("SADD", pausedKey, queue) }
