#!lua flags=allow-oom
-- sweep-uploads: forgets uploads that lapsed, and their bytes.
-- args   limit
-- reply  {"swept", count}
--@include uploads
local ids = redis.call("ZRANGE", uploadsKey, "-inf", now, "BYSCORE", "LIMIT", 0, limit)
for _, id in ipairs(ids) do
  dropUpload(id)
end
return { "swept", #ids }
