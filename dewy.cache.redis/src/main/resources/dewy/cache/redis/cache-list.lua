local answer = {}
for _, key in ipairs(redis.call('ZRANGE', used, 0, -1)) do
  local manifest = whole(key)
  if manifest then
    answer[#answer + 1] = key
    answer[#answer + 1] = manifest
  end
end
return answer
