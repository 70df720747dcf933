-- Arguments: blob key, its manifest, how many bytes all may have.
local key, manifest = ARGV[2], ARGV[3]
local new = parse(manifest)
if redis.call('HLEN', contents .. new.id) ~= new.chunks then
  return {'expired'}
end
local before, held = whole(key)
if held and held.size == new.size and held.digest == new.digest then
  -- Another host was first: whoever reads what it wrote is not to lose it.
  redis.call('UNLINK', contents .. new.id)
  use(key)
  return {'held'}
end
local staying = room(key, new.size, tonumber(ARGV[4]))
if staying then
  return {'full', staying}
end
forget(key)
redis.call('PERSIST', contents .. new.id)
redis.call('HSET', blobs, key, manifest)
use(key)
return {'done'}
