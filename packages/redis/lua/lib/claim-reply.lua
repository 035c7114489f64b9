-- claim-reply: what a claim answers of the tasks in `taken`.
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
local claimed, alike, alikeCount, plainOfAlike, queueOfAlike = {}, nil, 0, nil, nil

local function answer(id, plain, queue, content, token)
  if not alike or plainOfAlike ~= plain or queueOfAlike ~= queue then
    alike, alikeCount, plainOfAlike, queueOfAlike = { token .. "," .. queue .. "," .. plain }, 1, plain, queue
    claimed[#claimed + 1] = alike
  end
  alike[alikeCount + 1], alike[alikeCount + 2] = id, content
  alikeCount = alikeCount + 2
end

local function answerOther(id, rest, queue, content, token)
  claimed[#claimed + 1] = { factsText(token, queue, rest), id, rest[15], content, rest[13] or "{}" }
  alike = nil
end
