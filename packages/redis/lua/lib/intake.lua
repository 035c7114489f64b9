-- intake: creating accepted tasks, many at a time: one write for each lane and index.
--@include intake-runs
--@include intake-indexes
--@include lanes
--@include finish
local lanePushes, scheduledAdds, queuesMet, highMet = {}, {}, {}, {}

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
  local more, lane = unusualFields(kind, priority), valuesOf(lanePushes, lanesOf(queue)[priority])
  local ofType, ofQueue = valuesOf(addsByType, type), queue ~= "primary" and valuesOf(addsByQueue, queue)
  local group, count = isHeard() and (createdByType[type] or commonGroup("create", createdByType, type)), #run
  local laneAt, typeAt, stem, createdAt = #lane, #ofType, nil, nil
  for i = firstOfRun, count, 2 do
    local id = run[i]
    if string.sub(id, 1, 13) ~= stem then
      stem, createdAt = string.sub(id, 1, 13), string.format("%.0f", timeOfId(id))
    end
    redis.call("HSET", prefix .. "task:" .. id, "task_id", id, "task_type", type, "queue", queue, "state", "PENDING",
      "metadata", "{}", "retry_count", "0", "max_retries", maxRetries, "created_at", createdAt, "updated_at", nowText,
      "lease", plain, "content", run[i + 1], unpack(more))
    laneAt = laneAt + 1
    lane[laneAt] = id
    ofType[typeAt + 1], ofType[typeAt + 2] = createdAt, id
    typeAt = typeAt + 2
    if ofQueue then addScored(ofQueue, createdAt, id) end
    if group then group[#group + 1] = id end
  end
  queuesMet[queue] = true
  if priority == "high" then highMet[queue] = true end
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
  addToIndexes()
  for queue, isClaimable in pairs(queuesMet) do
    if queue ~= "primary" then redis.call("SADD", queuesKey, queue) end
    if isClaimable then wake(queue, highMet[queue]) end
  end
  finish()
end
