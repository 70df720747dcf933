-- Arguments: prefix; the last key of the page before, or nothing; how many keys make a page.
local from = ARGV[3] ~= '' and '(' .. ARGV[3] or '[' .. ARGV[2]
local keys = redis.call('ZRANGEBYLEX', index, from, '(' .. ARGV[2] .. '\255', 'LIMIT', 0, ARGV[4])
local answer = {keys[#keys] or false, {}}
for _, key in ipairs(keys) do
  local revision, text = held(values, key)
  if revision then
    table.insert(answer[2], {key, revision, text})
  end
end
return answer
