-- What hosts agree on for one app. Keys: values; their keys in order; when what expires; leases; the counter.
-- A value is "revision:until:text", a lease "token:until:owner". Times are microseconds of this server; until 0 is for ever.
local values, index, expiries, leases, counter = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local channel = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function digits(number)
  return string.format('%.0f', number)
end

-- Returns its number and its text, if it is there and its time is not over.
local function held(hash, name)
  local record = redis.call('HGET', hash, name)
  if not record then
    return false
  end
  local number, till, text = string.match(record, '^(%d+):(%d+):(.*)$')
  if not number or (till ~= '0' and tonumber(till) <= now) then
    return false
  end
  return number, text
end

local function put(hash, kind, name, number, text, millis)
  local till = '0'
  if millis == '0' then
    redis.call('ZREM', expiries, kind .. name)
  else
    till = digits(now + tonumber(millis) * 1000)
    redis.call('ZADD', expiries, till, kind .. name)
  end
  redis.call('HSET', hash, name, number .. ':' .. till .. ':' .. text)
end

local function remove(hash, kind, name)
  redis.call('HDEL', hash, name)
  redis.call('ZREM', expiries, kind .. name)
  if kind == 'v' then
    redis.call('ZREM', index, name)
  end
end

-- Whoever may not publish is not refused for it: those who watch look by themselves as well.
local function tell(key, revision)
  redis.pcall('PUBLISH', channel, revision .. ' ' .. key)
end

-- A part of what has expired, so that it does not pile up; what is asked for is looked at in any case.
local function forgetExpired()
  for _, each in ipairs(redis.call('ZRANGEBYSCORE', expiries, '-inf', digits(now), 'LIMIT', 0, 50)) do
    local kind, name = string.sub(each, 1, 1), string.sub(each, 2)
    remove(kind == 'v' and values or leases, kind, name)
    if kind == 'v' then
      tell(name, '0')
    end
  end
end

-- Greater than all before, also where the last ones were lost in a failover, since it is never behind the time.
local function nextNumber()
  local number = math.max(tonumber(redis.call('GET', counter) or '0') + 1, now)
  redis.call('SET', counter, digits(number))
  return digits(number)
end

local function isHeld(name, token)
  return held(leases, name) == token
end
