#!lua flags=allow-oom
-- delete: removes every trace of a task, in any state. A running one loses its lease.
-- keys   declared: the hash, its input and dead letter
-- args   id
-- reply  {"deleted", from} | {"not_found"}
--@include managing
local task = loadTask(id)
if not task then return { "not_found" } end
local from = deleteTask(task)
finish()
return { "deleted", from }
