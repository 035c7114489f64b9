-- managing: what operators do to a task, each answering the state that it came from, or nothing when its state forbids it.
--@include rest
--@include removal
local function retryTask(task, resetsRetries)
  local from = task.state
  if from ~= "FAILED" and from ~= "DLQ" and from ~= "CANCELLED" then return nil end
  takeOut(task)
  local fields = { "state", "PENDING", "due_at", now, "history", historyWith(task, { "P", now }) }
  if resetsRetries == "1" then append(fields, "retry_count", 0) end
  writeTask(task, fields,
    { "completed_at", "retry_after", "parked_at", "expires_at", "lost", "progress", "started_at", "error_group",
      "free_failures", "was_parked" })
  queueUp("RPUSH", task, true)
  changed(task.id, task.task_type, from, "PENDING")
  return from
end

-- A running task loses its lease here and now.
local function cancelAny(task, reason)
  local from = task.state
  if from ~= "PENDING" and from ~= "SCHEDULED" and from ~= "ACTIVE" then return nil end
  takeOut(task)
  cancelTask(task, reason, from == "ACTIVE" and { "lease", task.lease } or nil)
  return from
end

local function deleteTask(task)
  takeOut(task)
  erase(task)
  changed(task.id, task.task_type, task.state, nil)
  return task.state
end
