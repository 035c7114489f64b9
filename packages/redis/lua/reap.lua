#!lua flags=allow-oom
-- reap: active → pending for tasks whose lease ran out, or to the dead letters after too many lost workers.
-- After an outage every lease has run out at once, though the workers live. So when this has not run for 5 s, the server
-- was restarted or time went back, nothing is taken for one lease length.
-- Which of its tasks took a worker down is not known. The first loss is a strike for all that it held; later ones are, and
-- bury, only where the attempt is on record as begun (extend).
-- args   leaseMs, maxLostWorkers, limit
-- reply  {"reaped" | "waiting", requeued, buried}
--@include rest
--@include removal
local quietMs = 5000
-- Of this very server: in a Cluster a client that asks may ask another node.
local info = redis.pcall("INFO", "server")
local runId = type(info) == "string" and string.match(info, "run_id:(%w+)") or ""
local last = redis.call("HMGET", reaperKey, "last_at", "run_id", "grace_until")
local lastAt, graceUntil = tonumber(last[1] or 0), tonumber(last[3] or 0)
if not last[1] or now - lastAt > quietMs or now < lastAt or last[2] ~= runId then graceUntil = now + leaseMs end
redis.call("HSET", reaperKey, "last_at", now, "run_id", runId, "grace_until", graceUntil)
if now < graceUntil then return { "waiting", 0, 0 } end

local function lastWords(workerId)
  local words = "Worker " .. workerId .. " was lost: it stopped extending its lease."
  local facts = redis.call("HMGET", prefix .. "worker:stats:" .. workerId, "last_seen", "memory_bytes", "event_loop_lag_ms")
  local seenAt, bytes, lagMs = tonumber(facts[1]), tonumber(facts[2]), tonumber(facts[3])
  if not (seenAt and bytes and lagMs) then return words end
  return string.format("%s It was last seen at %s, with %d MB of memory and %d ms of event-loop lag.", words, iso(seenAt),
    math.floor(bytes / 1048576 + 0.5), math.floor(lagMs + 0.5))
end

local tasks, strays, buried = {}, {}, 0
for _, id in ipairs(redis.call("ZRANGE", activeKey, "-inf", now, "BYSCORE", "LIMIT", 0, limit)) do
  local task = loadTask(id)
  if task and task.state == "ACTIVE" then tasks[#tasks + 1] = task else strays[#strays + 1] = id end
end
callWithAll("ZREM", activeKey, strays)
for _, task in ipairs(tasks) do
  local lost, hasBegun = numberOf(task.lost, 0), redis.call("HGET", taskKey(task.id), "begun") == task.lease
  local fault = { error = lastWords(task.worker_id or "unknown"), errorType = "WorkerLost", transition = "ACTIVE → PENDING" }
  if lost == 0 or hasBegun then lost = lost + 1 else fault.error = fault.error .. " It had not begun this task." end
  revoke(task)
  if hasBegun and lost >= tonumber(maxLostWorkers) then
    bury(task, fault, { "lost", lost, "lease", task.lease })
    buried = buried + 1
  else
    local history = historyWith(task, stepsFrom(task, "P", now))
    writeTask(task, append(failedFields(task, fault), "state", "PENDING", "lost", lost, "lease", task.lease, "history", history))
    queueUp("RPUSH", task, true)
    changed(task.id, task.task_type, "ACTIVE", "PENDING")
  end
end
if #tasks > 0 then finish() end
return { "reaped", #tasks - buried, buried }
