-- changes: what a script changed, published once at its end on `queue-updates`.
-- The message is a JSON array: at most 100 changes, then one queue_update with the counts. Instants are epoch ms.
--@include counts
local changes, changeCount, maxChanges = {}, 0, 100

local function isPlain(text)
  return string.find(text, "^[%w_-]+$") ~= nil
end

local function quoted(text)
  return isPlain(text) and '"' .. text .. '"' or cjson.encode(text)
end

-- The text after an id, by what happened and to which type: most changes of a script are alike.
local tails = {}

-- `step` is everything between the task's type and the timestamp.
local function tailOf(type, step)
  local ofStep = tails[step] or {}
  tails[step] = ofStep
  ofStep[type] = ofStep[type]
    or ',"task_type":' .. quoted(type) .. step .. ',"timestamp":' .. nowText .. "}"
  return ofStep[type]
end

local commonSteps = {
  claim = ',"old_state":"PENDING","new_state":"ACTIVE"',
  complete = ',"old_state":"ACTIVE","new_state":"COMPLETED"',
}

local function addChange(head, id, tail)
  if changeCount == maxChanges then return end
  changeCount = changeCount + 1
  changes[changeCount] = isPlain(id) and head .. '"' .. id .. '"' .. tail or head .. quoted(id) .. tail
end

local changedHead = '{"type":"task_state_changed","task_id":'

-- The two steps of the common path, with their text at hand.
local function changedBy(verb, id, type)
  addChange(changedHead, id, tailOf(type, commonSteps[verb]))
end

-- `from` is nil for a task that was created, `to` is nil for one that was deleted.
local function changed(id, type, from, to)
  if not from then
    return addChange('{"type":"task_created","task_id":', id, tailOf(type, ',"state":"' .. to .. '"'))
  end
  local new = to and '"' .. to .. '"' or "null"
  addChange(changedHead, id, tailOf(type, ',"old_state":"' .. from .. '","new_state":' .. new))
end

-- One format call for all numbers: `..` would turn each one into text through a slow %.14g.
local function countsAsJson(counted)
  local names, counts = {}, {}
  for i, pair in ipairs(counted) do
    names[i], counts[i] = quoted(pair[1]) .. ":%d", pair[2]
  end
  return "{" .. string.format(table.concat(names, ","), unpack(counts)) .. "}"
end

local function publishChanges()
  local queues, states, retries = countAll()
  local ratio = retryShare(retries, ratioNormal, ratioWarning, ratioCritical) / 1000
  changes[changeCount + 1] = '{"type":"queue_update","queue_depths":' .. countsAsJson(queues) .. ',"state_counts":'
    .. countsAsJson(states) .. ',"retry_ratio":' .. ratio .. ',"timestamp":' .. nowText .. "}"
  redis.pcall("PUBLISH", updatesKey, "[" .. table.concat(changes, ",") .. "]")
end
