-- claim-reply: what a claim takes, and what it answers of it.
--@include tasks
-- Lists alike in order, and how many. `rests` has the rest of a task that is not plain.
local taken, takenCount = { ids = {}, keys = {}, rests = {} }, 0
local takenIds, takenKeys = taken.ids, taken.keys

-- The type of a plain task, by what enqueue wrote of it; false for what is no such text.
local typesByPlain = {}

local function typeIn(plain)
  if typesByPlain[plain] == nil then typesByPlain[plain] = string.match(plain, "^%a+,%d+,(.+)$") or false end
  return typesByPlain[plain]
end

-- The reply, in runs, for few strings parse faster: {"token,queue,lane,{content_type},{max_retries},{type}", id, content, id,
-- content, …} of plain tasks that are alike, {factsText, id, type, content, metadata} of any other.
local claimed, plainRuns, plainsOfRuns = {}, {}, {}
local alike, alikeCount, plainOfAlike, listOfAlike = nil, 0, nil, nil

local function beginRun(plain, list)
  local facts = tokenNow .. "," .. list.queue .. "," .. list.lane .. "," .. plain
  alike, alikeCount, plainOfAlike, listOfAlike = { facts }, 1, plain, list
  claimed[#claimed + 1], plainRuns[#plainRuns + 1], plainsOfRuns[#plainRuns + 1] = alike, alike, plain
end

local function takePlain(id, key, list, plain, content)
  takenCount = takenCount + 1
  takenIds[takenCount], takenKeys[takenCount] = id, key
  if plain ~= plainOfAlike or list ~= listOfAlike then beginRun(plain, list) end
  alike[alikeCount + 1], alike[alikeCount + 2] = id, content
  alikeCount = alikeCount + 2
end

-- What the worker must know of a task that is not plain, beside its type, content and metadata.
local function factsText(token, list, rest)
  local createdAt = rest[6] or nowText
  return table.concat({
    token, list.queue, list.lane, rest[2] or "text", rest[4] or "3", rest[1] or "0", rest[3] or "0", rest[8] or "0", rest[5] or "",
    createdAt, rest[7] or createdAt, nowText, rest[12] or "0", rest[14] or "0",
  }, ",")
end

local function takeOther(id, key, list, rest, content)
  takenCount = takenCount + 1
  takenIds[takenCount], takenKeys[takenCount] = id, key
  rest.token = nextToken(rest[9])
  taken.rests[takenCount] = rest
  claimed[#claimed + 1] = { factsText(rest.token, list, rest), id, rest[15], content or "", rest[13] or "{}" }
  plainOfAlike = nil
end
