-- intake: creating accepted tasks, many at a time: one write for each lane and index.
--@include intake-runs
--@include lanes
--@include finish
local lanePushes, indexAdds, scheduledAdds, queuesMet = {}, {}, {}, {}

local function valuesOf(collection, key)
  local values = collection[key] or {}
  collection[key] = values
  return values
end

local function addScored(values, score, id)
  local count = #values
  values[count + 1], values[count + 2] = score, id
end

local function indexesOf(type, queue)
  local indexes = { valuesOf(indexAdds, indexKey), valuesOf(indexAdds, prefix .. "tasks:index:type:" .. type) }
  if queue ~= "primary" then indexes[3] = valuesOf(indexAdds, prefix .. "tasks:index:queue:" .. queue) end
  return indexes
end

--@lazy create from creating

-- Fields that most tasks have none of.
local function unusualFields(contentKind, priority)
  local fields = {}
  if contentKind ~= "text" then fields = { "content_type", contentKind } end
  if priority ~= "normal" then fields[#fields + 1], fields[#fields + 2] = "priority", priority end
  return fields
end

local createdByType = {}

local function createPlain(run)
  local plain, queue, priority = run[1], run[2], run[3]
  local kind, maxRetries, type = string.match(plain, "^(%a+),(%d+),(.+)$")
  local more, lane, indexes = unusualFields(kind, priority), valuesOf(lanePushes, lanesOf(queue)[priority]), indexesOf(type, queue)
  local group, count = isHeard() and (createdByType[type] or commonGroup("create", createdByType, type)), #run
  local laneAt, all, allAt, ofType, typeAt = #lane, indexes[1], #indexes[1], indexes[2], #indexes[2]
  for i = firstOfRun, count, 2 do
    local id = run[i]
    local createdAt = timeTextOfId(id)
    redis.call("HSET", prefix .. "task:" .. id, "task_id", id, "task_type", type, "queue", queue, "state", "PENDING",
      "metadata", "{}", "retry_count", "0", "max_retries", maxRetries, "created_at", createdAt, "updated_at", nowText,
      "lease", plain, "content", run[i + 1], unpack(more))
    laneAt = laneAt + 1
    lane[laneAt] = id
    all[allAt + 1], all[allAt + 2] = createdAt, id
    ofType[typeAt + 1], ofType[typeAt + 2] = createdAt, id
    allAt, typeAt = allAt + 2, typeAt + 2
    if indexes[3] then addScored(indexes[3], createdAt, id) end
    if group then group[#group + 1] = id end
  end
  queuesMet[queue] = true
  tally("created", (count - firstOfRun + 1) / 2)
end

local function createRuns(runs)
  for _, run in ipairs(runs) do
    if run[1] == "" then create(run) elseif run[firstOfRun] then createPlain(run) end
  end
end

local function callEach(command, collection)
  for key, values in pairs(collection) do
    callWithAll(command, key, values)
  end
end

-- After the last create.
local function finishIntake()
  callEach("RPUSH", lanePushes)
  callEach("ZADD", scheduledAdds)
  callEach("ZADD", indexAdds)
  for queue, isClaimable in pairs(queuesMet) do
    if queue ~= "primary" then redis.call("SADD", queuesKey, queue) end
    if isClaimable then wake(queue) end
  end
  finish()
end
