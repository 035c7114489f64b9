-- intake: creating accepted tasks, many at a time: one write for each lane and index.
--@include intake-hash
--@include lanes
--@include finish
local lanePushes, indexAdds, scheduledAdds, queuesMet = {}, {}, {}, {}

local function collect(collection, key, value, second)
  local values = collection[key]
  if not values then
    values = {}
    collection[key] = values
  end
  values[#values + 1] = value
  values[#values + 1] = second
end

local createdByType = {}

local function noteCreated(record, due)
  if record.plain == "" then return changed(record.id, record.type, nil, due and "SCHEDULED" or "PENDING") end
  local group = createdByType[record.type] or commonGroup("create", createdByType, record.type)
  group[#group + 1] = record.id
end

local function create(record)
  local due = dueAt(record)
  redis.call("HSET", taskKey(record.id), unpack(hashOf(record, due)))
  if due then
    collect(scheduledAdds, scheduledKey, due, record.id)
  else
    collect(lanePushes, lanesOf(record.queue)[record.priority], record.id)
  end
  collect(indexAdds, indexKey, record.createdAt, record.id)
  collect(indexAdds, prefix .. "tasks:index:type:" .. record.type, record.createdAt, record.id)
  if record.queue ~= "primary" then
    collect(indexAdds, prefix .. "tasks:index:queue:" .. record.queue, record.createdAt, record.id)
  end
  queuesMet[record.queue] = queuesMet[record.queue] or not due
  remember(record, "")
  tally("created")
  noteCreated(record, due)
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
