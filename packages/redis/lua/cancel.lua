#!lua flags=allow-oom
-- cancel: pending, scheduled or active → cancelled. A running task loses its lease here and now.
-- keys   declared: the hash, the lanes of primary are fixed
-- args   id, reason (may be empty)
-- reply  {"done", from, to} | {"refused", state} | {"not_found"}
--@include rest
--@include removal
local task = loadTask(id)
if not task then return { "not_found" } end
local from = task.state
if from ~= "PENDING" and from ~= "SCHEDULED" and from ~= "ACTIVE" then return { "refused", from } end
takeOut(task)
cancelTask(task, reason, from == "ACTIVE" and { "lease", task.lease } or nil)
finish()
return { "done", from, "CANCELLED" }
