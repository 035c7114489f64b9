-- creating: a task that is not plain.
--@include intake-hash
local function create(run)
  local record = recordOf(run)
  local due, id = dueAt(record), record.id
  redis.call("HSET", taskKey(id), unpack(hashOf(record, due)))
  if due then
    addScored(valuesOf(scheduledAdds, scheduledKey), due, id)
  else
    local lane = valuesOf(lanePushes, lanesOf(record.queue)[record.priority])
    lane[#lane + 1] = id
  end
  addScored(valuesOf(addsByType, record.type), record.createdAt, id)
  if record.queue ~= "primary" then addScored(valuesOf(addsByQueue, record.queue), record.createdAt, id) end
  queuesMet[record.queue] = queuesMet[record.queue] or not due
  if record.priority == "high" and not due then highMet[record.queue] = true end
  remember(record, "")
  tally("created")
  changed(id, record.type, nil, due and "SCHEDULED" or "PENDING")
end
