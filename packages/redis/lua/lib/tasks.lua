-- tasks: the hash of one task.
-- Every value is a string as Redis holds it; a fact that is absent is nil. Other programs write hashes too, so what should
-- be a number may be anything, and what should be a hash may be none: neither may make a script fail.
local taskKeys = {}

local function taskKey(id)
  local key = taskKeys[id] or prefix .. "task:" .. id
  taskKeys[id] = key
  return key
end

local function numberOf(value, otherwise)
  return tonumber(value) or otherwise
end

local facts = {
  "state", "task_type", "queue", "priority", "lane", "worker_id", "lease", "created_at", "started_at",
  "due_at", "parked_at", "retry_count", "lost", "history",
}

-- Everything, in the order of `facts`; or what a completion needs, the common end, in a table of one piece.
local briefFacts = { "state", "task_type", "worker_id", "lease", "created_at", "started_at" }

local function briefTask(id, values)
  return {
    id = id, state = values[1], task_type = values[2] or "", worker_id = values[3] or nil, lease = values[4] or nil,
    created_at = values[5] or nil, started_at = values[6] or nil,
  }
end

local function wholeTask(id, values)
  local task = { id = id }
  for i = 1, #facts do
    task[facts[i]] = values[i] or nil
  end
  task.queue = task.queue or "primary"
  task.task_type = task.task_type or ""
  return task
end

-- The facts that a step decides on, or nil when there is no such task. One that another program wrote without a state is
-- PENDING.
local function loadTask(id, isBrief)
  local values = redis.pcall("HMGET", taskKey(id), unpack(isBrief and briefFacts or facts))
  if values.err or not (values[1] or values[2]) then return nil end
  values[1] = values[1] or "PENDING"
  return isBrief and briefTask(id, values) or wholeTask(id, values)
end

local function writeTask(task, fields, gone)
  redis.call("HSET", taskKey(task.id), "updated_at", nowText, unpack(fields))
  if gone then redis.call("HDEL", taskKey(task.id), unpack(gone)) end
end

-- A task that has failed, or has lost a worker, waits on its queue's retry list.
local function hasFailed(task)
  return numberOf(task.retry_count, 0) > 0 or numberOf(task.lost, 0) > 0
end

local tokenNow = string.format("%.0f", nowUs)

-- A lease token that is higher than the last one. 16 digits: `..` and tostring would turn it into 1.79e+15.
local function nextToken(lease)
  local last = numberOf(lease, 0)
  if last < nowUs then return tokenNow end
  return string.format("%.0f", last + 1)
end

-- Calls redis with any number of trailing values: unpack fails at about 8,000.
local function callWithAll(command, key, values)
  for first = 1, #values, 4000 do
    redis.call(command, key, unpack(values, first, math.min(first + 3999, #values)))
  end
end
