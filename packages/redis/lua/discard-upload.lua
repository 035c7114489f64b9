#!lua flags=allow-oom
-- discard-upload: drops an upload that was broken off. What belongs to a task stays.
-- keys   declared: the input, the task's hash
-- args   id
-- reply  {"discarded"}
--@include uploads
if redis.call("EXISTS", prefix .. "task:" .. id) == 0 then dropUpload(id) end
return { "discarded" }
