#!lua flags=allow-oom
-- wake: gives back a wake-up token that was popped for a wait which had ended.
-- args   queue
-- reply  {"woken"}
--@include lanes
wake(queue)
return { "woken" }
