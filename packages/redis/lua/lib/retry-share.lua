-- retry-share: how much of what is claimed are retries.
-- The share of claims that goes to retries, in thousandths, as core/retry-policy.ts has it. `settings` is
-- "{normal, thousandths},{warning depth},{critical depth}".
local function retryShare(retries, settings)
  local normal, warning, critical = string.match(settings, "^(%d+),(%d+),(%d+)$")
  if retries > tonumber(critical) then return math.min(tonumber(normal), 100) end
  if retries > tonumber(warning) then return math.min(tonumber(normal), 200) end
  return tonumber(normal)
end
