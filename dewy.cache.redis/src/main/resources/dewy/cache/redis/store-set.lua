-- Arguments: key, text, the revision it must have, time to live, name and token of the lease that must be held, or nothing.
forgetExpired()
if ARGV[6] ~= '' and not isHeld(ARGV[6], ARGV[7]) then
  return {'lost'}
end
if (held(values, ARGV[2]) or '0') ~= ARGV[4] then
  return {'other'}
end
local revision = nextNumber()
put(values, 'v', ARGV[2], revision, ARGV[3], ARGV[5])
redis.call('ZADD', index, 0, ARGV[2])
tell(ARGV[2], revision)
return {'done', revision}
