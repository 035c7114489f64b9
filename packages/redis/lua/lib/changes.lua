-- changes: what a script changed, published once at its end on `queue-updates`.
-- The message is a JSON array: at most 100 changes, then one queue_update with the counts. Instants are epoch ms.
--@include counts
local changes, changeCount, maxChanges = {}, 0, 100
local quotedTypes = {}

local function quoted(text)
  if string.find(text, "^[%w_-]+$") then return '"' .. text .. '"' end
  return cjson.encode(text)
end

local function quotedType(type)
  quotedTypes[type] = quotedTypes[type] or quoted(type)
  return quotedTypes[type]
end

-- `from` is nil for a task that was created, `to` is nil for one that was deleted.
local function changed(id, type, from, to)
  if changeCount == maxChanges then return end
  changeCount = changeCount + 1
  local task = ',"task_id":' .. quoted(id) .. ',"task_type":' .. quotedType(type)
  if from then
    changes[changeCount] = '{"type":"task_state_changed"' .. task .. ',"old_state":"' .. from .. '","new_state":'
      .. (to and '"' .. to .. '"' or "null") .. ',"timestamp":' .. nowText .. "}"
  else
    changes[changeCount] = '{"type":"task_created"' .. task .. ',"state":"' .. to .. '","timestamp":' .. nowText .. "}"
  end
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
