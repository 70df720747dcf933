-- Arguments: blob key; the manifest that it must have, or nothing.
if ARGV[3] == '' or redis.call('HGET', blobs, ARGV[2]) == ARGV[3] then
  forget(ARGV[2])
end
return 1
