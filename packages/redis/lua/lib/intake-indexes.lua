-- intake-indexes: what new tasks add to the indexes by creation, gathered and written in one command for each.
--@include tasks
local addsByType, addsByQueue = {}, {}

local function valuesOf(collection, key)
  local values = collection[key] or {}
  collection[key] = values
  return values
end

local function addScored(values, score, id)
  local count = #values
  values[count + 1], values[count + 2] = score, id
end

local function addToIndexes()
  for type, values in pairs(addsByType) do
    callWithAll("ZADD", indexKey, values)
    callWithAll("ZADD", prefix .. "tasks:index:type:" .. type, values)
  end
  for queue, values in pairs(addsByQueue) do
    callWithAll("ZADD", prefix .. "tasks:index:queue:" .. queue, values)
  end
end
