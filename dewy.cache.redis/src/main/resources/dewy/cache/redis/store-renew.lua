-- Arguments: name, token, owner, term.
forgetExpired()
if not isHeld(ARGV[2], ARGV[3]) then
  return {'lost'}
end
put(leases, 'l', ARGV[2], ARGV[3], ARGV[4], ARGV[5])
return {'done'}
