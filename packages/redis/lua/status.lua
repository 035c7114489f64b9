#!lua flags=no-writes
-- status: how many tasks are in each queue and each state.
-- reply  {"status", queues, states, retry ratio in thousandths}; queues and states alternate name and count
--@include counts
--@include retry-share
local function flat(counted)
  local values = {}
  for i, pair in ipairs(counted) do
    values[2 * i - 1], values[2 * i] = pair[1], pair[2]
  end
  return values
end
local queues, states, retries = countAll()
return { "status", flat(queues), flat(states), retryShare(retries, ratio) }
