-- publishing: the message on `queue-updates`, put together only when someone gets it (lua/lib/changes.lua).
--@include counts
local maxChanges = 100

-- One format call for all numbers: `..` would turn each one into text through a slow %.14g.
local function countsAsJson(counted)
  local names, counts = {}, {}
  for i, pair in ipairs(counted) do
    names[i], counts[i] = '"' .. pair[1] .. '":%d', pair[2]
  end
  return "{" .. string.format(table.concat(names, ","), unpack(counts)) .. "}"
end

local function publishChanges()
  local queues, states, retries = countAll()
  local share = retryShare(retries, ratio) / 1000
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
    .. countsAsJson(states) .. ',"retry_ratio":' .. share .. ',"timestamp":' .. nowText .. "}]"
  redis.pcall("PUBLISH", updatesKey, table.concat(parts))
end
