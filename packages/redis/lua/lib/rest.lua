-- rest: how a task comes to rest in FAILED, DLQ or CANCELLED. The caller takes it out of where it was.
--@include task-hash
--@include list-changes
--@include history
--@include groups
--@include finish

-- The steps that end an attempt, or none for a task that was not running.
local function stepsFrom(task, ...)
  if task.state == "ACTIVE" then return { "A", task.started_at or now, ... } end
  return { ... }
end

local function failedFields(task, fault)
  return { "last_error", fault.error, "error_type", fault.errorType, "error_history", errorsWith(task, fault) }
end

local function append(fields, ...)
  for _, value in ipairs({ ... }) do
    fields[#fields + 1] = value
  end
  return fields
end

-- An attempt that failed was FAILED for a moment, before it backed off or was buried.
local function failedFirst(task, to)
  if task.state ~= "ACTIVE" then return changed(task.id, task.task_type, task.state, to) end
  changed(task.id, task.task_type, "ACTIVE", "FAILED")
  changed(task.id, task.task_type, "FAILED", to)
end

-- To the dead letters, with a snapshot of the task as it died. `more` are further fields to write, `fault.message` is the
-- fingerprint of what the handler said.
local function bury(task, fault, more)
  local group = causeOf(task, fault.errorType, fault.message)
  joinGroup(task.id, group, nowText)
  local steps = task.state == "ACTIVE" and stepsFrom(task, "F", now, "D", now) or { "D", now }
  fault.transition = task.state .. " → DLQ"
  local fields = append(failedFields(task, fault), "state", "DLQ", "completed_at", now, "error_group", group)
  writeTask(task, append(append(fields, "history", historyWith(task, steps)), unpack(more or {})))
  pushToList("RPUSH", dlqKey, task.id)
  redis.call("COPY", taskKey(task.id), prefix .. "dlq:task:" .. task.id, "REPLACE")
  tally("failed")
  tally("buried")
  failedFirst(task, "DLQ")
  task.state = "DLQ"
end

-- `reason` may be empty. `more` are further fields to write.
local function cancelTask(task, reason, more)
  local fields = { "state", "CANCELLED", "completed_at", now, "history", historyWith(task, stepsFrom(task, "X", now)) }
  if reason ~= "" then append(fields, "last_error", reason) end
  writeTask(task, append(fields, unpack(more or {})),
    { "retry_after", "parked_at", "parked_for", "parked_why", "parked_share" })
  redis.call("ZADD", cancelledKey, now, task.id)
  tally("cancelled")
  changed(task.id, task.task_type, task.state, "CANCELLED")
  task.state = "CANCELLED"
end
