-- service-events: what a script changed of a service, published once at its end on `service-updates`.
-- The message is a JSON array. Instants are epoch ms.
--@include guard-hash
local serviceEvents = {}

-- `facts` is JSON text: the fields of this type of event.
local function tell(type, facts)
  serviceEvents[#serviceEvents + 1] = '{"type":"' .. type .. '","service":' .. cjson.encode(service) .. "," .. facts
    .. ',"timestamp":' .. nowText .. "}"
end

local function publishServiceEvents()
  if #serviceEvents == 0 then return end
  redis.pcall("PUBLISH", serviceUpdatesKey, "[" .. table.concat(serviceEvents, ",") .. "]")
end
