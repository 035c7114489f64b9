#!lua flags=allow-oom
-- error-groups: the groups of dead letters that grew last. What another program took out of the dead letters is met here
-- and dropped, at most five a group and call.
-- args   limit, samples (ids of each group)
-- reply  {"groups", groups in all, dead letters in all, those without a group, {{group, count, first death, last death,
--        {id, …}}, …}}
--@include groups
--@include lists
local function newestOf(key)
  return redis.call("ZRANGE", key, 0, samples - 1, "REV")
end

local function dropStrays(group, ids)
  local dropped = 0
  for _, id in ipairs(ids) do
    if redis.call("HGET", taskKey(id), "state") ~= "DLQ" then
      leaveGroupOf(id, group)
      dropped = dropped + 1
    end
  end
  return dropped > 0
end

local groups = {}
for _, group in ipairs(redis.call("ZRANGE", groupsKey, 0, limit - 1, "REV")) do
  local key = groupKeyOf(group)
  local ids = newestOf(key)
  if dropStrays(group, ids) then ids = newestOf(key) end
  local first = redis.call("ZRANGE", key, 0, 0, "WITHSCORES")
  if first[2] then
    local last = redis.call("ZRANGE", key, -1, -1, "WITHSCORES")
    groups[#groups + 1] = { group, redis.call("ZCARD", key), first[2], last[2], ids }
  end
end
local dead = depth(dlqKey)
return { "groups", redis.call("ZCARD", groupsKey), dead, math.max(0, dead - redis.call("ZCARD", deathsKey)), groups }
