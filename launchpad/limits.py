"""Sliding-window limits, counted in Redis so that every process counts together.

A window's use is the count of the running window plus the share of the one before
that still lies inside it. Several rules are asked at once: a request counts
against all of them or, when one refuses, against none. While Redis is away,
classes that guard money and accounts refuse, the others count in the process.
"""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.errors import UnavailableError

_MAX_LOCAL_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`quota` requests in any `seconds`. Going beyond a limit with `block_seconds` shuts its key out that long."""

    name: str
    quota: int
    seconds: float
    block_seconds: float = 0
    fails_closed: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit applied to one key, such as an address or a wallet."""

    limit: Limit
    key: str

    @property
    def redis_key(self) -> str:
        """The hash that holds the window's counts."""
        return f"rl:{self.limit.name}:{self.key}"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the request may pass, and where the tightest of its limits stands."""

    allowed: bool
    limit: Limit
    remaining: int
    retry_after_ms: int  # until the next request may pass; 0 when it may now

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The rate-limit headers of the answer, in whole seconds from now."""
        wait = -(-self.retry_after_ms // 1000)
        reset = wait or int(self.limit.seconds)
        quota, name = self.limit.quota, self.limit.name
        pairs = [
            ("ratelimit-policy", f'"{name}";q={quota};w={max(1, int(self.limit.seconds))}'),
            ("ratelimit", f'"{name}";r={self.remaining};t={reset}'),
            ("x-ratelimit-limit", str(quota)),
            ("x-ratelimit-remaining", str(self.remaining)),
            ("x-ratelimit-reset", str(reset)),
        ]
        if not self.allowed:
            pairs.append(("retry-after", str(max(1, wait))))
        return [(key.encode(), value.encode()) for key, value in pairs]


# Each rule is a hash {w: number of the running window, c: its count, p: the count before}.
# Answers {refusing rule or 0, wait in ms, used by rule 1, used by rule 2, ...}.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local states, used, refused, wait = {}, {}, 0, 0
for i, key in ipairs(KEYS) do
  local quota, window = tonumber(ARGV[i * 3 - 2]), tonumber(ARGV[i * 3 - 1])
  local number = math.floor(now / window)
  local stored = redis.call('HMGET', key, 'w', 'c', 'p', 'b')
  local current, previous = 0, 0
  if tonumber(stored[1]) == number then
    current, previous = tonumber(stored[2]), tonumber(stored[3])
  elseif tonumber(stored[1]) == number - 1 then
    previous = tonumber(stored[2])
  end
  local left = window - now % window
  local blocked = (tonumber(stored[4]) or 0) - now
  local weight = previous * left / window + current
  states[i] = {number, current, previous, window}
  used[i] = math.ceil(weight)
  if refused == 0 and (blocked > 0 or weight + 1 > quota) then
    refused = i
    if blocked > 0 then
      wait = blocked
    elseif current + 1 > quota then
      wait = left + window - math.floor((quota - 1) * window / current)
    else
      wait = left - math.floor((quota - current - 1) * window / previous)
    end
    local block = tonumber(ARGV[i * 3])
    if block > 0 and blocked <= 0 then
      redis.call('HSET', key, 'w', number, 'c', current, 'p', previous, 'b', now + block)
      redis.call('PEXPIRE', key, window * 2 + block)
      wait = block
    end
  end
end
if refused == 0 then
  for i, key in ipairs(KEYS) do
    local state = states[i]
    redis.call('HSET', key, 'w', state[1], 'c', state[2] + 1, 'p', state[3])
    redis.call('PEXPIRE', key, state[4] * 2)
    used[i] = used[i] + 1
  end
end
return {refused, wait, unpack(used)}
"""


class Limiter:
    """Asks Redis, and counts in the process for what may go on without it."""

    def __init__(self, redis: Redis) -> None:
        self._script = redis.register_script(_SCRIPT)
        self._local = LocalWindows()

    async def ask(self, rules: Sequence[Rule]) -> Decision:
        """Count one request against every rule, unless one refuses. Raises UnavailableError (see the module)."""
        arguments: list[int] = []
        for rule in rules:
            limit = rule.limit
            arguments += [limit.quota, int(limit.seconds * 1000), int(limit.block_seconds * 1000)]
        try:
            refused, wait, *used = await self._script(keys=[rule.redis_key for rule in rules], args=arguments)
        except (RedisError, OSError, TimeoutError) as error:
            if any(rule.limit.fails_closed for rule in rules):
                message = "This cannot be done safely at the moment, and nothing was changed: try again shortly."
                raise UnavailableError(message, retry_after_ms=5000) from error
            return self._local.ask(rules)
        if refused:
            return Decision(allowed=False, limit=rules[refused - 1].limit, remaining=0, retry_after_ms=max(1, wait))
        return _tightest(rules, used)


def _tightest(rules: Sequence[Rule], used: Sequence[int]) -> Decision:
    """A permission, told in terms of the rule that will refuse first; ties go to the later, more particular one."""
    left = [max(0, rule.limit.quota - count) for rule, count in zip(rules, used, strict=True)]
    place = min(range(len(rules)), key=lambda i: (left[i], -i))
    return Decision(allowed=True, limit=rules[place].limit, remaining=left[place], retry_after_ms=0)


@dataclass
class LocalWindows:
    """The same count within one process; forgets the keys that were quiet longest."""

    _windows: OrderedDict[str, tuple[int, int, int]] = field(default_factory=OrderedDict)

    def ask(self, rules: Sequence[Rule]) -> Decision:
        """Count one request against every rule, unless one refuses."""
        now = time.monotonic()
        weights = [self._weight(rule, now) for rule in rules]
        for rule, (weight, left) in zip(rules, weights, strict=True):
            if weight + 1 > rule.limit.quota:
                return Decision(allowed=False, limit=rule.limit, remaining=0, retry_after_ms=int(left * 1000) + 1)
        for rule in rules:
            number, count, before = self._windows[rule.redis_key]
            self._windows[rule.redis_key] = (number, count + 1, before)
        while len(self._windows) > _MAX_LOCAL_KEYS:
            self._windows.popitem(last=False)
        return _tightest(rules, [int(weight) + 1 for weight, _ in weights])

    def _weight(self, rule: Rule, now: float) -> tuple[float, float]:
        """How much of the rule is used, and the seconds left of its running window."""
        seconds = rule.limit.seconds
        number = int(now // seconds)
        then, count, before = self._windows.get(rule.redis_key, (number, 0, 0))
        if then != number:
            count, before = 0, count if then == number - 1 else 0
        self._windows[rule.redis_key] = (number, count, before)
        self._windows.move_to_end(rule.redis_key)
        left = seconds - now % seconds
        return before * left / seconds + count, left
