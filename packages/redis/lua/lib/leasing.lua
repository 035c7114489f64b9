-- leasing: gives tasks to a worker, each with a lease, and gathers the reply of a claim. Uses workerId and leaseMs.
--@include leases
--@include finish
local leaseUntil = string.format("%.0f", now + leaseMs)

-- What the worker must know of a task that is not plain, beside its type, content and metadata.
local function factsText(token, queue, rest)
  local createdAt = rest[6] or nowText
  return table.concat({
    token, queue, rest[2] or "text", rest[4] or "3", rest[1] or "0", rest[3] or "0", rest[8] or "0", rest[5] or "",
    createdAt, rest[7] or createdAt, nowText, rest[12] or "0", rest[14] or "0",
  }, ",")
end

-- The reply, in runs, for few strings parse faster: {"token,queue,{content_type},{max_retries},{type}", id, content, id,
-- content, …} of plain tasks that are alike, {factsText, id, type, content, metadata} of any other.
local claimed, alike, plainOfAlike, queueOfAlike = {}, nil, nil, nil

local function answer(task, type, token)
  if not task.plain then
    claimed[#claimed + 1] = { factsText(token, task.queue, task.rest), task.id, type, task.content, task.rest[13] or "{}" }
    alike = nil
    return
  end
  if not alike or plainOfAlike ~= task.plain or queueOfAlike ~= task.queue then
    alike, plainOfAlike, queueOfAlike = { token .. "," .. task.queue .. "," .. task.plain }, task.plain, task.queue
    claimed[#claimed + 1] = alike
  end
  local count = #alike
  alike[count + 1], alike[count + 2] = task.id, task.content
end

-- What taking tasks writes in one command each.
local expiries, leases, claimedIds, claimedByType = {}, {}, {}, {}

local function lease(i, task)
  local id, plain, rest = task.id, task.plain, task.rest
  local type, token = plain and typeIn(plain) or rest[15], plain and tokenNow or nextToken(rest[9])
  redis.call("HSET", taskKey(id), "state", "ACTIVE", "updated_at", nowText, "started_at", nowText,
    "worker_id", workerId, "lease", token)
  claimedIds[i] = id
  expiries[2 * i - 1], expiries[2 * i] = leaseUntil, id
  leases[2 * i - 1], leases[2 * i] = id, plain and token or token .. "-"
  answer(task, type, token)
  local group = claimedByType[type] or commonGroup("claim", claimedByType, type)
  group[#group + 1] = plain and id or idText(id)
end

-- A sorted set of up to 128 members, or a hash of up to 512, is one packed list in which each command looks at every
-- member: with 100 leases that was a quarter of a script's time (27 against 20 microseconds a task). One long member
-- makes it a skip list, or a table, for as long as it is not empty.
local manyLeases, longMember = 16, string.rep("-", 65)

local function unpackLists()
  if redis.pcall("OBJECT", "ENCODING", activeKey) ~= "skiplist" then
    redis.call("ZADD", activeKey, 0, longMember)
    redis.call("ZREM", activeKey, longMember)
  end
  if redis.pcall("OBJECT", "ENCODING", leasesKeyOf(workerId)) ~= "hashtable" then
    redis.call("HSET", leasesKeyOf(workerId), longMember, longMember)
    redis.call("HDEL", leasesKeyOf(workerId), longMember)
  end
end

local function addLeases()
  if #claimedIds >= manyLeases then unpackLists() end
  callWithAll("ZADD", activeKey, expiries)
  callWithAll("HSET", leasesKeyOf(workerId), leases)
  callWithAll("SADD", prefix .. "worker:active_tasks:" .. workerId, claimedIds)
end
