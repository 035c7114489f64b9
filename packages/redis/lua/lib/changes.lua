-- changes: what a script changed, published once at its end on `queue-updates` if anyone listens there.
-- The message is a JSON array: at most 100 changes, then one queue_update with the counts. Instants are epoch ms.
-- Changes of one step and type are alike but for their ids, so ids are gathered by step and type and joined at the end:
-- Redis hashes every byte of every string that a script makes, so a text for each change is dear. What happens to one
-- task stays in order, for the group of a later step is never older than that of an earlier one.
--@include tasks
local groups, groupsByStep = {}, {}

-- Whether anyone would get the message: `npm run bench -- throughput` shows what it costs. On a server that has others
-- beside it the listener may be at any of them.
local function asksIfHeard()
  if hasPeers == "1" then return true end
  local listeners = redis.pcall("PUBSUB", "NUMSUB", updatesKey)
  if listeners.err or listeners[2] > 0 then return true end
  return redis.pcall("PUBSUB", "NUMPAT") ~= 0
end

local isKnownAsHeard

local function isHeard()
  if isKnownAsHeard == nil then isKnownAsHeard = asksIfHeard() end
  return isKnownAsHeard
end

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
  if not isHeard() then return end
  local new = to and '"' .. to .. '"' or "null"
  local step = from and ',"old_state":"' .. from .. '","new_state":' .. new or ',"state":' .. new
  local group = groupOf(step, type, from and "task_state_changed" or "task_created")
  group[#group + 1] = idText(id)
end
