#!lua
-- upload: the next chunk of an input. It lapses after an hour unless a task with this id is enqueued. Idempotent: a
-- chunk that is there already is not written twice. Lacks allow-oom.
-- keys   declared: the input, the task's hash
-- args   id, offset, maxInputBytes, chunk
-- reply  {"written"} | {"taken"}: the task exists, its input stays as it is | {"full"} | {"out_of_step"}
--@include uploads
local keptSeconds = 3600
local inputKey = prefix .. "input:" .. id
if redis.call("EXISTS", prefix .. "task:" .. id) == 1 then return { "taken" } end
local length, at = redis.call("STRLEN", inputKey), tonumber(offset)
if length == at + #chunk and length > 0 and redis.call("GETRANGE", inputKey, at, -1) == chunk then
  return { "written" }
end
if at == 0 and length > 0 then
  dropUpload(id)
  length = 0
end
if length ~= at then return { "out_of_step" } end
if tonumber(redis.call("GET", inputBytesKey) or 0) + #chunk > tonumber(maxInputBytes) then return { "full" } end
redis.call("APPEND", inputKey, chunk)
redis.call("EXPIRE", inputKey, keptSeconds)
redis.call("INCRBY", inputBytesKey, #chunk)
redis.call("HINCRBY", uploadBytesKey, id, #chunk)
redis.call("ZADD", uploadsKey, now + keptSeconds * 1000, id)
return { "written" }
