-- uploads: inputs that no task has claimed yet. Their sizes are noted apart, for a key that lapsed can't be measured.
local function dropUpload(id)
  redis.call("UNLINK", prefix .. "input:" .. id)
  redis.call("DECRBY", inputBytesKey, redis.call("HGET", uploadBytesKey, id) or 0)
  redis.call("HDEL", uploadBytesKey, id)
  redis.call("ZREM", uploadsKey, id)
end
