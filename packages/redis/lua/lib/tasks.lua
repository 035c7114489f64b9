-- tasks: keys, instants and tokens of tasks, as every script that moves some needs them.
local taskKeys = {}

local function taskKey(id)
  local key = taskKeys[id] or prefix .. "task:" .. id
  taskKeys[id] = key
  return key
end

local function numberOf(value, otherwise)
  return tonumber(value) or otherwise
end

local lastStem, lastTime

-- The instant in a UUIDv7, epoch ms: the created_at of a plain task. Ids that follow one another often share it.
local function timeOfId(id)
  local stem = string.sub(id, 1, 13)
  if stem ~= lastStem then
    lastStem, lastTime = stem, tonumber(string.sub(stem, 1, 8), 16) * 65536 + tonumber(string.sub(stem, 10), 16)
  end
  return lastTime
end

local tokenNow = string.format("%.0f", nowUs)

-- A lease token that is higher than the last one. 16 digits: `..` and tostring would turn it into 1.79e+15.
local function nextToken(lease)
  local last = numberOf(lease, 0)
  if last < nowUs then return tokenNow end
  return string.format("%.0f", last + 1)
end

-- Calls redis with any number of trailing values: unpack fails at about 8,000.
local function callWithAll(command, key, values)
  for first = 1, #values, 4000 do
    redis.call(command, key, unpack(values, first, math.min(first + 3999, #values)))
  end
end
