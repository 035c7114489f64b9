-- task-hash: what the hash of one task says.
-- Every value is a string as Redis holds it; a fact that is absent is nil. Other programs write hashes too, so what should
-- be a number may be anything, and what should be a hash may be none: neither may make a script fail.
--@include tasks
-- What makes the common path cheap is `lease` before the first claim: enqueue writes `{content_type},{max_retries},{type}`
-- there on a task whose id is a UUID of ours and of which these are all that its first claim and its completion must know
-- beside the content. The claim puts the token in its place; every other step removes it (writeTask), and whoever changes a
-- waiting task by hand must too.
local facts = {
  "state", "task_type", "queue", "priority", "lane", "worker_id", "lease", "created_at", "started_at",
  "due_at", "parked_at", "retry_count", "lost", "history", "parked_for",
}

-- The facts that a step decides on, or nil when there is no such task. One that another program wrote without a state is
-- PENDING.
local function loadTask(id)
  local values = redis.pcall("HMGET", taskKey(id), unpack(facts))
  if values.err or not (values[1] or values[2]) then return nil end
  local task = { id = id }
  for i = 1, #facts do
    task[facts[i]] = values[i] or nil
  end
  task.state = task.state or "PENDING"
  task.queue = task.queue or "primary"
  task.task_type = task.task_type or ""
  return task
end

local function writeTask(task, fields, gone)
  redis.call("HSET", taskKey(task.id), "updated_at", nowText, unpack(fields))
  if gone then redis.call("HDEL", taskKey(task.id), unpack(gone)) end
  if task.lease and string.find(task.lease, "^%a") then redis.call("HDEL", taskKey(task.id), "lease") end
end

-- A task that has failed, or has lost a worker, waits on its queue's retry list.
local function hasFailed(task)
  return numberOf(task.retry_count, 0) > 0 or numberOf(task.lost, 0) > 0
end
