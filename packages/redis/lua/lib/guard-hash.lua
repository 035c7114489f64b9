-- guard-hash: the keys of one service, the one that `service` names.
-- Operators and other programs write these too: what can't be read as what it should be is absent, and a key of the wrong
-- type gives way to the right one. So no step fails.
--@include lines
local root, breakerKey, configKey, stateKey

local function useService(name)
  service = name
  root = rootOf(name)
  breakerKey, configKey, stateKey = prefix .. "circuit_breaker:" .. name, root .. ":rate_limit_config", root .. ":state"
end
useService(service)

-- A finite number, or nil.
local function finite(value)
  local number = tonumber(value)
  if number and number == number and number > -math.huge and number < math.huge then return number end
end

-- A number as text that reads back as the same number. `..` and tostring keep 14 digits only.
local function exact(number)
  return string.format("%.17g", number)
end

-- The same as short as can be: what people know as 3.1 is not 3.1000000000000001.
local function plain(number)
  local short = string.format("%.15g", number)
  return tonumber(short) == number and short or exact(number)
end

-- A number for people: at most six decimals.
local function rounded(number)
  return (string.gsub(string.format("%.6f", number), "%.?0+$", ""))
end

-- Values in the order of their fields; false for one that is absent.
local function fieldsOf(key, ...)
  local values = redis.pcall("HMGET", key, ...)
  return values.err and {} or values
end

local function wholeHash(key)
  local flat, hash = redis.pcall("HGETALL", key), {}
  for i = 1, #flat, 2 do
    hash[flat[i]] = flat[i + 1]
  end
  return hash
end

-- Some at a time: unpack fails at about 8,000, and the next step meets the rest.
local function removeFields(key, fields)
  if #fields > 0 then redis.pcall("HDEL", key, unpack(fields, 1, math.min(#fields, 1000))) end
end

-- Any write to one key.
local function put(command, key, ...)
  local reply = redis.pcall(command, key, ...)
  if type(reply) == "table" and reply.err and string.find(reply.err, "WRONGTYPE", 1, true) then
    redis.pcall("UNLINK", key)
    reply = redis.pcall(command, key, ...)
  end
  return reply
end
