-- changes: what a script changed, published once at its end on `queue-updates` if anyone listens there.
-- The message is a JSON array: at most 100 changes, then one queue_update with the counts. Instants are epoch ms.
-- Changes of one step and type are alike but for their ids, so ids are gathered by step and type and joined at the end:
-- Redis hashes every byte of every string that a script makes, so a text for each change is dear. What happens to one
-- task stays in order, for the group of a later step is never older than that of an earlier one.
--@include counts
local groups, groupsByStep, maxChanges = {}, {}, 100

-- The group of one step and type: a list of ids as they stand in JSON. `step` is all between the type and the timestamp.
local function groupOf(step, type, event)
  local byType = groupsByStep[step] or {}
  groupsByStep[step] = byType
  if not byType[type] then
    byType[type] = {
      head = '{"type":"' .. event .. '","task_id":"',
      tail = '","task_type":' .. cjson.encode(type) .. step .. ',"timestamp":' .. nowText .. "}",
    }
    groups[#groups + 1] = byType[type]
  end
  return byType[type]
end

-- An id as it stands in JSON. That of a plain task is a UUID and needs no escaping.
local function idText(id)
  return string.sub(cjson.encode(id), 2, -2)
end

local commonSteps = {
  claim = ',"old_state":"PENDING","new_state":"ACTIVE"',
  complete = ',"old_state":"ACTIVE","new_state":"COMPLETED"',
  create = ',"state":"PENDING"',
}

-- For the steps of the common path, whose callers keep the groups by type at hand.
local function commonGroup(verb, groupsByType, type)
  local group = groupOf(commonSteps[verb], type, verb == "create" and "task_created" or "task_state_changed")
  groupsByType[type] = group
  return group
end

-- `from` is nil for a task that was created, `to` is nil for one that was deleted.
local function changed(id, type, from, to)
  local new = to and '"' .. to .. '"' or "null"
  local step = from and ',"old_state":"' .. from .. '","new_state":' .. new or ',"state":' .. new
  local group = groupOf(step, type, from and "task_state_changed" or "task_created")
  group[#group + 1] = idText(id)
end

-- One format call for all numbers: `..` would turn each one into text through a slow %.14g.
local function countsAsJson(counted)
  local names, counts = {}, {}
  for i, pair in ipairs(counted) do
    names[i], counts[i] = '"' .. pair[1] .. '":%d', pair[2]
  end
  return "{" .. string.format(table.concat(names, ","), unpack(counts)) .. "}"
end

-- Whether anyone would get the message: `npm run bench -- throughput` shows what it costs. On a server that has others
-- beside it the listener may be at any of them.
local function isHeard()
  if hasPeers == "1" then return true end
  local listeners = redis.pcall("PUBSUB", "NUMSUB", updatesKey)
  if listeners.err or listeners[2] > 0 then return true end
  return redis.pcall("PUBSUB", "NUMPAT") ~= 0
end

local function publishChanges()
  if not isHeard() then return end
  local queues, states, retries = countAll()
  local ratio = retryShare(retries, ratioNormal, ratioWarning, ratioCritical) / 1000
  local parts, at, left = { "[" }, 1, maxChanges
  for _, group in ipairs(groups) do
    local last, joint = math.min(#group, left), group.tail .. "," .. group.head
    for i = 1, last do
      parts[at + 2 * i - 1], parts[at + 2 * i] = i == 1 and group.head or joint, group[i]
    end
    at, left = at + 2 * last, left - last
    if last > 0 then
      at = at + 1
      parts[at] = group.tail .. ","
    end
  end
  parts[at + 1] = '{"type":"queue_update","queue_depths":' .. countsAsJson(queues) .. ',"state_counts":'
    .. countsAsJson(states) .. ',"retry_ratio":' .. ratio .. ',"timestamp":' .. nowText .. "}]"
  redis.pcall("PUBLISH", updatesKey, table.concat(parts))
end
