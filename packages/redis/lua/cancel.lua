#!lua flags=allow-oom
-- cancel: pending, scheduled or active → cancelled. A running task loses its lease here and now.
-- keys   declared: the hash, the lanes of primary are fixed
-- args   id, reason (may be empty)
-- reply  {"done", from, to} | {"refused", state} | {"not_found"}
--@include managing
local task = loadTask(id)
if not task then return { "not_found" } end
local from = cancelAny(task, reason)
if not from then return { "refused", task.state } end
finish()
return { "done", from, "CANCELLED" }
