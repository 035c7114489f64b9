-- groups: dead letters by cause. A dead letter of a group stands in the zset dlq:group:{group} by time of death, with all others in
-- the zset dlq:deaths, and names its group in its hash and its snapshot. dlq:groups has the groups by when they last grew.
--@include tasks
local function groupKeyOf(group)
  return prefix .. "dlq:group:" .. group
end

-- The group of core/error-group.ts; `message` is the fingerprint of what the handler said, nil for the store's own burials.
local function causeOf(task, errorType, message)
  local isName = #task.task_type <= 64 and string.match(task.task_type, "^[a-z0-9][a-z0-9_-]*$")
  local word = (isName and task.task_type or "unknown") .. ":" .. errorType
  return message and message ~= "" and word .. ":" .. message or word
end

local function leaveGroupOf(id, group)
  redis.call("ZREM", deathsKey, id)
  if not group then return end
  redis.call("ZREM", groupKeyOf(group), id)
  if redis.call("EXISTS", groupKeyOf(group)) == 0 then redis.call("ZREM", groupsKey, group) end
end

-- Before the snapshot goes, which knows the group when the hash is gone.
local function leaveGroup(id)
  leaveGroupOf(id, redis.call("HGET", taskKey(id), "error_group")
    or redis.call("HGET", prefix .. "dlq:task:" .. id, "error_group"))
end

-- Takes the dead letter into a group, from any that it was left in by another program. The caller writes the hash.
local function joinGroup(id, group, diedAt)
  leaveGroup(id)
  redis.call("ZADD", deathsKey, diedAt, id)
  redis.call("ZADD", groupKeyOf(group), diedAt, id)
  redis.call("ZADD", groupsKey, "GT", diedAt, group)
end
