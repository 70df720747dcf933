-- Arguments: key, the revision it must have, name and token of the lease that must be held, or nothing.
forgetExpired()
if ARGV[4] ~= '' and not isHeld(ARGV[4], ARGV[5]) then
  return {'lost'}
end
if held(values, ARGV[2]) ~= ARGV[3] then
  return {'other'}
end
remove(values, 'v', ARGV[2])
tell(ARGV[2], '0')
return {'done'}
