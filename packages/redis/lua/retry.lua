#!lua flags=allow-oom
-- retry: failed, dlq or cancelled → pending, on the retry list of its queue: a new life, with its history kept.
-- keys   declared: the hash, its dead letter
-- args   id, resetsRetries ("1" or "0")
-- reply  {"done", from, to} | {"refused", state} | {"not_found"}
--@include history
--@include removal
--@include finish
local task = loadTask(id)
if not task then return { "not_found" } end
local from = task.state
if from ~= "FAILED" and from ~= "DLQ" and from ~= "CANCELLED" then return { "refused", from } end
takeOut(task)
local fields = { "state", "PENDING", "due_at", now, "history", historyWith(task, { "P", now }) }
if resetsRetries == "1" then
  fields[#fields + 1] = "retry_count"
  fields[#fields + 1] = 0
end
writeTask(task, fields,
  { "completed_at", "retry_after", "parked_at", "expires_at", "lost", "progress", "started_at", "error_group" })
queueUp("RPUSH", task, true)
changed(task.id, task.task_type, from, "PENDING")
finish()
return { "done", from, "PENDING" }
