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

-- The reply, in runs, for few strings parse faster: {"token,queue,{content_type},{max_retries},{type}", id, content, id,
-- content, …} of plain tasks that are alike, {factsText, id, type, content, metadata} of any other.
local claimed, plainRuns, plainsOfRuns = {}, {}, {}
local alike, alikeCount, plainOfAlike, queueOfAlike = nil, 0, nil, nil

local function beginRun(plain, queue)
  alike, alikeCount, plainOfAlike, queueOfAlike = { tokenNow .. "," .. queue .. "," .. plain }, 1, plain, queue
  claimed[#claimed + 1], plainRuns[#plainRuns + 1], plainsOfRuns[#plainRuns + 1] = alike, alike, plain
end

local function takePlain(id, key, queue, plain, content)
  takenCount = takenCount + 1
  takenIds[takenCount], takenKeys[takenCount] = id, key
  if plain ~= plainOfAlike or queue ~= queueOfAlike then beginRun(plain, queue) end
  alike[alikeCount + 1], alike[alikeCount + 2] = id, content
  alikeCount = alikeCount + 2
end

-- What the worker must know of a task that is not plain, beside its type, content and metadata.
local function factsText(token, queue, rest)
  local createdAt = rest[6] or nowText
  return table.concat({
    token, queue, rest[2] or "text", rest[4] or "3", rest[1] or "0", rest[3] or "0", rest[8] or "0", rest[5] or "",
    createdAt, rest[7] or createdAt, nowText, rest[12] or "0", rest[14] or "0",
  }, ",")
end

local function takeOther(id, key, queue, rest, content)
  takenCount = takenCount + 1
  takenIds[takenCount], takenKeys[takenCount] = id, key
  rest.token = nextToken(rest[9])
  taken.rests[takenCount] = rest
  claimed[#claimed + 1] = { factsText(rest.token, queue, rest), id, rest[15], content or "", rest[13] or "{}" }
  plainOfAlike = nil
end
