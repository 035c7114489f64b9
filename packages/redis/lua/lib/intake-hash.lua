-- intake-hash: the fields of a new task's hash. What is absent has no field.
--@include intake-records
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
  if record.plain ~= "" then add(fields, "lease", record.plain) end
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
