-- intake: creating accepted tasks, many at a time: one write for each lane and index.
--@include intake-runs
--@include intake-hash
--@include lanes
--@include finish
local lanePushes, indexAdds, scheduledAdds, queuesMet = {}, {}, {}, {}

local function valuesOf(collection, key)
  local values = collection[key] or {}
  collection[key] = values
  return values
end

local function addScored(collection, key, score, id)
  local values = valuesOf(collection, key)
  local count = #values
  values[count + 1], values[count + 2] = score, id
end

local function indexesOf(type, queue)
  local indexes = { valuesOf(indexAdds, indexKey), valuesOf(indexAdds, prefix .. "tasks:index:type:" .. type) }
  if queue ~= "primary" then indexes[3] = valuesOf(indexAdds, prefix .. "tasks:index:queue:" .. queue) end
  return indexes
end

local function create(record)
  local due, id = dueAt(record), record.id
  redis.call("HSET", taskKey(id), unpack(hashOf(record, due)))
  if due then
    addScored(scheduledAdds, scheduledKey, due, id)
  else
    local lane = valuesOf(lanePushes, lanesOf(record.queue)[record.priority])
    lane[#lane + 1] = id
  end
  for _, index in ipairs(indexesOf(record.type, record.queue)) do
    index[#index + 1] = record.createdAt
    index[#index + 1] = id
  end
  queuesMet[record.queue] = queuesMet[record.queue] or not due
  remember(record, "")
  tally("created")
  changed(id, record.type, nil, due and "SCHEDULED" or "PENDING")
end

local createdByType = {}

local function createPlain(run)
  local plain, queue, priority = run[1], run[2], run[3]
  local kind, maxRetries, type = string.match(plain, "^(%a+),(%d+),(.+)$")
  local more, lane, indexes = unusual(kind, priority), valuesOf(lanePushes, lanesOf(queue)[priority]), indexesOf(type, queue)
  local group, count = createdByType[type] or commonGroup("create", createdByType, type), #run
  for i = firstOfRun, count, 2 do
    local id = run[i]
    local createdAt = timeTextOfId(id)
    redis.call("HSET", taskKey(id), "task_id", id, "task_type", type, "queue", queue, "state", "PENDING",
      "metadata", "{}", "retry_count", "0", "max_retries", maxRetries, "created_at", createdAt, "updated_at", nowText,
      "lease", plain, "content", run[i + 1], unpack(more))
    lane[#lane + 1], group[#group + 1] = id, id
    for j = 1, #indexes do
      local index = indexes[j]
      local last = #index
      index[last + 1], index[last + 2] = createdAt, id
    end
  end
  queuesMet[queue] = true
  tally("created", (count - firstOfRun + 1) / 2)
end

local function createRuns(runs)
  for _, run in ipairs(runs) do
    if run[1] == "" then create(recordOf(run)) elseif run[firstOfRun] then createPlain(run) end
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
