"""What the cache does in one step inside Redis. Data of another type under a key counts as no value."""

from typing import Final

# KEYS value, lock; ARGV token, the lock's milliseconds. Gives the value; or 1: the lock is the asker's; or 0:
# it is another's. Asked twice it answers the same, so that a lost answer may be asked for again.
CLAIM: Final = """
local value = redis.pcall('GET', KEYS[1])
if type(value) == 'string' then return value end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return 0 end
if not holder then redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) end
return 1
"""

# KEYS value, lock; ARGV token, text or nothing, seconds. Stores only under the asker's own lock: a deletion
# takes the lock away, so that what was computed before it is not stored after it.
SETTLE: Final = """
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
if ARGV[2] ~= '' then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return 1
"""

# A versioned entry is "version:json", a tombstone "version:".
_HELD: Final = """
local held = redis.pcall('GET', KEYS[1])
local version, body = -1, ''
if type(held) == 'string' then
  local digits, rest = string.match(held, '^(%d+):(.*)$')
  if digits then version, body = tonumber(digits), rest end
end
"""

# KEYS entry; ARGV version, seconds, text.
FILL: Final = f"""{_HELD}
if tonumber(ARGV[1]) <= version then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[3], 'EX', ARGV[2])
return 1
"""

# KEYS entry; ARGV version, seconds. A tombstone lives at least as long as the last one asked for.
FORGET: Final = f"""{_HELD}
if tonumber(ARGV[1]) >= version then
  redis.call('SET', KEYS[1], ARGV[1] .. ':', 'EX', ARGV[2])
elseif body == '' then
  redis.call('EXPIRE', KEYS[1], ARGV[2], 'GT')
end
return 1
"""
