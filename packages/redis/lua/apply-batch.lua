#!lua flags=allow-oom
-- apply-batch: creates the next tasks of a committed batch.
-- keys   declared: the list of the batch
-- args   batchId, count (tasks)
-- reply  {"applied", values left}
--@include intake
local batchKey = prefix .. "batch:" .. batchId
local width = #recordFields
local values = redis.call("LRANGE", batchKey, 0, count * width - 1)
for first = 1, #values, width do
  local record = {}
  for i, field in ipairs(recordFields) do
    record[field] = values[first + i - 1]
  end
  if redis.call("EXISTS", taskKey(record.id)) == 0 then create(record) end
end
redis.call("LTRIM", batchKey, #values, -1)
local left = redis.call("LLEN", batchKey)
if left == 0 then redis.call("SREM", batchesKey, batchId) end
if #values > 0 then finishIntake() end
return { "applied", left }
