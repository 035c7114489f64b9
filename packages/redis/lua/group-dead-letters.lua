#!lua flags=allow-oom
-- group-dead-letters: takes dead letters into the groups that the caller found for them, those that have none still.
-- keys   declared: the hashes and the snapshots
-- record id, errorType, message (its fingerprint)
-- reply  {"grouped", count}
--@include groups
--@include task-hash
local count = 0
for _, record in ipairs(records) do
  local task = loadTask(record.id)
  if task and task.state == "DLQ" and not redis.call("ZSCORE", deathsKey, record.id) then
    local group = causeOf(task, record.errorType, record.message)
    joinGroup(record.id, group, numberOf(redis.call("HGET", taskKey(record.id), "completed_at"), 0))
    redis.call("HSET", taskKey(record.id), "error_group", group)
    if redis.call("EXISTS", prefix .. "dlq:task:" .. record.id) == 1 then
      redis.call("HSET", prefix .. "dlq:task:" .. record.id, "error_group", group)
    end
    count = count + 1
  end
end
return { "grouped", count }
