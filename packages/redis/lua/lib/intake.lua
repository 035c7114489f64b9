-- intake: creating accepted tasks, many at a time: one write for each lane and index.
--@include intake-checks
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

local function add(fields, field, value)
  local count = #fields
  fields[count + 1], fields[count + 2] = field, value
end

-- The bytes that were uploaded for this task now stay as long as it does.
local function keepUpload(record, fields)
  local input = prefix .. "input:" .. record.id
  redis.call("PERSIST", input)
  redis.call("ZREM", uploadsKey, record.id)
  redis.call("HDEL", uploadBytesKey, record.id)
  add(fields, "input", "1")
  add(fields, "input_bytes", redis.call("STRLEN", input))
end

local function hashOf(record, due)
  local fields = {
    "task_id", record.id, "task_type", record.type, "queue", record.queue, "state", due and "SCHEDULED" or "PENDING",
    "metadata", record.metadata, "retry_count", "0", "max_retries", record.maxRetries, "created_at", record.createdAt,
    "updated_at", nowText,
  }
  if record.hasUpload ~= "1" or record.contentKind == "file" then add(fields, "content", record.content) end
  if record.contentKind ~= "text" then add(fields, "content_type", record.contentKind) end
  if record.priority ~= "normal" then add(fields, "priority", record.priority) end
  if record.timeoutMs ~= "" then add(fields, "timeout_ms", record.timeoutMs) end
  if record.expiresInMs ~= "" then add(fields, "expires_at", (due or record.createdAt) + record.expiresInMs) end
  if due then
    add(fields, "due_at", due)
    add(fields, "retry_after", due)
    add(fields, "history", "S" .. record.createdAt)
  end
  if record.hasUpload == "1" then keepUpload(record, fields) end
  return fields
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
  changed(record.id, record.type, nil, due and "SCHEDULED" or "PENDING")
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
