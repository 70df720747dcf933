-- Arguments: name, owner, term.
forgetExpired()
local token, owner = held(leases, ARGV[2])
if token and owner ~= ARGV[3] then
  return {'held'}
end
token = nextNumber()
put(leases, 'l', ARGV[2], token, ARGV[3], ARGV[4])
return {'done', token}
