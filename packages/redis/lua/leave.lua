#!lua flags=allow-oom
-- leave: takes a worker off the list, at the end of its drain.
-- keys   declared: worker:heartbeat, worker:stats, worker:active_tasks
-- args   workerId
-- reply  {"left"}
redis.call("ZREM", workersKey, workerId)
for _, name in ipairs({ "heartbeat", "stats", "active_tasks" }) do
  redis.call("UNLINK", prefix .. "worker:" .. name .. ":" .. workerId)
end
return { "left" }
