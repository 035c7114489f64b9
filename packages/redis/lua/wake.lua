#!lua flags=allow-oom
-- wake: gives back a wake-up token that was popped for a wait which had ended.
-- args   queue, lane ("high", or "" for the whole queue)
-- reply  {"woken"}
--@include lanes
local lanes = lanesOf(queue)
pushToken(lane == "high" and lanes.wakeupHigh or lanes.wakeup, queue)
return { "woken" }
