-- Blobs of one app. Keys: manifests by blob key; blob keys by time of use; current blob keys by host.
-- A manifest is "id size digest chunks"; the chunks are in a hash of their own, whose name ends in the id.
local blobs, used, current = KEYS[1], KEYS[2], KEYS[3]
local contents = ARGV[1]

local function parse(manifest)
  local id, size, digest, chunks = string.match(manifest, '^(%S+) (%d+) (%S+) (%d+)$')
  return id and {id = id, size = tonumber(size), digest = digest, chunks = tonumber(chunks)}
end

-- Returns the manifest of a blob that is there as a whole, and what it says.
local function whole(key)
  local manifest = redis.call('HGET', blobs, key)
  local held = manifest and parse(manifest)
  if held and redis.call('HLEN', contents .. held.id) == held.chunks then
    return manifest, held
  end
  return false
end

local function forget(key)
  local manifest = redis.call('HGET', blobs, key)
  local held = manifest and parse(manifest)
  if held then
    redis.call('UNLINK', contents .. held.id)
  end
  redis.call('HDEL', blobs, key)
  redis.call('ZREM', used, key)
end

local function use(key)
  local time = redis.call('TIME')
  redis.call('ZADD', used, string.format('%.0f', time[1] * 1000000 + time[2]), key)
end

-- Has others make room for a blob, those used least recently first, but for those that are current.
-- Returns how many bytes have to stay where that is too much; nothing was forgotten then.
local function room(key, size, most)
  local kept = {}
  for _, each in ipairs(redis.call('HVALS', current)) do
    kept[each] = true
  end
  local total, staying, evictable = 0, 0, {}
  for _, each in ipairs(redis.call('ZRANGE', used, 0, -1)) do
    local held = parse(redis.call('HGET', blobs, each) or '')
    if held and each ~= key then
      total = total + held.size
      if kept[each] then
        staying = staying + held.size
      else
        evictable[#evictable + 1] = {key = each, size = held.size}
      end
    end
  end
  if staying + size > most then
    return staying
  end
  for _, each in ipairs(evictable) do
    if total + size <= most then
      break
    end
    forget(each.key)
    total = total - each.size
  end
  return false
end
