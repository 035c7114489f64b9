-- removal: taking a task out of wherever it stands, and revoking the lease of one that runs.
--@include lane-changes
--@include leases
--@include groups
--@include lines

-- The lease is gone at once: the task gets a token that nobody holds, and its worker is told by push.
local function revoke(task)
  endLeases(task.worker_id or "", { task.id })
  task.lease = nextToken(task.lease)
  if not task.worker_id then return end
  redis.pcall("PUBLISH", prefix .. "worker:revoked:" .. task.worker_id, cjson.encode({ task.id }))
end

local collections = {
  SCHEDULED = scheduledKey, COMPLETED = completedKey, FAILED = failedKey, CANCELLED = cancelledKey,
}

-- Out of the collection of its state.
local function takeOut(task)
  if task.state == "PENDING" then
    takeOffLanes(task)
  elseif task.state == "ACTIVE" then
    revoke(task)
  elseif task.state == "DLQ" then
    removeFromList(dlqKey, task.id, true)
    leaveGroup(task.id)
    redis.call("UNLINK", prefix .. "dlq:task:" .. task.id)
  elseif collections[task.state] then
    redis.call("ZREM", collections[task.state], task.id)
    if task.parked_for then redis.pcall("ZREM", lineOf(task.parked_for), task.id) end
  end
end

-- Every trace but its place in the collection of its state.
local function erase(task)
  redis.call("ZREM", indexKey, task.id)
  redis.call("ZREM", prefix .. "tasks:index:type:" .. task.task_type, task.id)
  if task.queue ~= "primary" then redis.call("ZREM", prefix .. "tasks:index:queue:" .. task.queue, task.id) end
  local bytes = numberOf(redis.call("HGET", taskKey(task.id), "input_bytes"), 0)
  if bytes > 0 then redis.call("DECRBY", inputBytesKey, bytes) end
  redis.call("UNLINK", taskKey(task.id), prefix .. "input:" .. task.id, prefix .. "output:" .. task.id,
    prefix .. "steps:" .. task.id)
end
