#!lua flags=allow-oom
-- resume: claims take from the queue again; a token wakes a worker if anything waits there.
-- args   queue
-- reply  {"resumed", 1 when that changed anything}
--@include lanes
local changed = redis.call("SREM", pausedKey, queue)
local lanes = lanesOf(queue)
if depth(lanes.high) + depth(lanes.normal) + depth(lanes.low) + depth(lanes.retry) > 0 then
  wake(queue, depth(lanes.high) > 0)
end
return { "resumed", changed }
