-- Arguments: name, token.
forgetExpired()
if isHeld(ARGV[2], ARGV[3]) then
  remove(leases, 'l', ARGV[2])
  return {'done'}
end
return {'other'}
