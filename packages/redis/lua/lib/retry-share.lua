-- retry-share: how much of what is claimed are retries.
-- The share of claims that goes to retries, in thousandths, as core/retry-policy.ts has it.
local function retryShare(retries, normal, warning, critical)
  if retries > tonumber(critical) then return math.min(tonumber(normal), 100) end
  if retries > tonumber(warning) then return math.min(tonumber(normal), 200) end
  return tonumber(normal)
end
