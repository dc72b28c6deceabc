"""Which limits a request falls under, and the headers that tell of them."""

import re
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import metrics
from api.addresses import address_key
from api.deps import who_asks
from api.errors import answer
from api.holders import holder_of
from api.services import Services
from launchpad.api_keys.errors import ApiKeyRefusedError
from launchpad.api_keys.schemas import Holder
from launchpad.api_keys.service import per_second
from launchpad.config import Settings
from launchpad.errors import LaunchpadError, RateLimitedError
from launchpad.limits import Decision, Limit, Rule

_MINUTE, _HOUR = 60, 3600
READ = Limit("read", 600, _MINUTE)
WRITE = Limit("write", 60, _MINUTE)
AUTH = Limit("auth", 10, _MINUTE, fails_closed=True)
QUOTE = Limit("quote", 120, _MINUTE)
GRAPHQL = Limit("graphql", 300, _MINUTE)
BUILD = Limit("tx", 30, _MINUTE)
LAUNCH = Limit("launch", 10, _MINUTE)
VERIFY = Limit("verify", 20, _MINUTE)
UPLOAD = Limit("upload", 30, _HOUR, fails_closed=True)
AIRDROP = Limit("airdrop", 10, _MINUTE)
EXPORT = Limit("export", 20, _MINUTE)


@dataclass(frozen=True)
class _Class:
    methods: str
    path: re.Pattern[str]
    limit: Limit


_CLASSES = [
    _Class(methods, re.compile(path), limit)
    for methods, path, limit in (
        ("POST", r"^/api/auth/(nonce|verify)$", AUTH),
        ("POST", r"^/api/(launchpad|nfts)/metadata$", UPLOAD),
        ("POST", r"^/api/(launchpad/deploy-token|dex/multi-launch|dex/pump/launch)$", LAUNCH),
        ("POST", r"^/api/(batch-operations/launches|nfts/mint)$", LAUNCH),
        ("POST", r"^/api/(trade|dex/route|dex/raydium)/quote$", QUOTE),
        ("GET", r"^/api/v1/tokens/[^/]+/(trades|candles)/export$", EXPORT),
        # Each asks the cluster, or an aggregator that counts our requests.
        ("GET", r"^/api/dex/(jupiter|pools|openbook|multi-launch)/", QUOTE),
        ("GET POST", r"^/api/graphql$", GRAPHQL),
        ("POST", r"^/api/verify/contract$", VERIFY),
        ("POST", r"^/api/(trade/build|dex/.*|liquidity/.*|transactions|referrers|claims/.*|batches/.*)$", BUILD),
        ("POST", r"^/api/(batch-operations|ownership)(/.*)?$", BUILD),
        ("POST", r"^/api/local/airdrop$", AIRDROP),
        ("POST PUT PATCH DELETE", r"", WRITE),
    )
]
# Watched by machines that must not be locked out, and told apart by the network instead.
_EXEMPT = frozenset({"/health", "/api/health", "/metrics"})


def class_of(method: str, path: str) -> Limit:
    """The limit for one kind of request."""
    for group in _CLASSES:
        if method in group.methods.split() and group.path.search(path):
            return group.limit
    return READ


class RateLimits:
    """Counts requests by API key or else by address, and all but plain reads also by the wallet that is signed in."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in _EXEMPT or scope["method"] == "OPTIONS":
            await self._app(scope, receive, send)
            return
        services: Services = scope["app"].state.services
        try:
            decision = await services.limiter.ask(await self._rules(scope, services))
        except LaunchpadError as error:
            await answer(error, scope["request_id"])(scope, receive, send)
            return
        send = _with_headers(send, decision)
        if decision.allowed:
            await self._app(scope, receive, send)
        else:
            metrics.LIMITED.labels(decision.limit.name).inc()
            await answer(_refusal(decision), scope["request_id"])(scope, receive, send)

    async def _rules(self, scope: Scope, services: Services) -> list[Rule]:
        limit = class_of(scope["method"], scope["path"])
        try:
            holder = await holder_of(scope, services)
        except ApiKeyRefusedError:
            # Counted like anybody's; that the key is refused is said further in.
            holder = None
        rules = rules_of(scope, self._settings, limit, holder)
        if limit is not READ:
            who = await who_asks(Request(scope), services)
            if who is not None:
                rules.append(Rule(limit, who.address))
        return rules


def rules_of(scope: Scope, settings: Settings, limit: Limit, holder: Holder | None) -> list[Rule]:
    """What one request counts against: the requests of a second, and those of its class.

    With a key its tier says how many a second, which is all that limits plain reads; other
    classes are as much larger as the tier is than what an address has. What guards
    accounts and uploads stays by address.
    """
    address, block = address_key(scope, settings), settings.rate_limit_block_seconds
    if holder is None:
        return [
            Rule(Limit("burst", settings.rate_limit_per_second, 1, block_seconds=block), address),
            Rule(limit, address),
        ]
    quota = per_second(settings, holder.tier)
    rules = [Rule(Limit(f"key-{holder.tier}", quota, 1, block_seconds=block), holder.id)]
    if limit.fails_closed:
        rules.append(Rule(limit, address))
    elif limit is not READ:
        times = max(1, quota // settings.rate_limit_per_second)
        rules.append(Rule(replace(limit, quota=limit.quota * times), holder.id))
    return rules


async def refusal_of_message(services: Services, scope: Scope) -> RateLimitedError | None:
    """Why an operation that came over a WebSocket may not run now; counts it where it may."""
    settings = services.settings
    if not settings.rate_limits:
        return None
    holder = await holder_of(scope, services)
    decision = await services.limiter.ask(rules_of(scope, settings, GRAPHQL, holder)[1:])
    if decision.allowed:
        return None
    metrics.LIMITED.labels(decision.limit.name).inc()
    return _refusal(decision)


def _refusal(decision: Decision) -> RateLimitedError:
    seconds = -(-decision.retry_after_ms // 1000)
    message = f"Too many requests of this kind: try again in {seconds} s."
    return RateLimitedError(message, retry_after_ms=decision.retry_after_ms, limit=decision.limit.name)


def _with_headers(send: Send, decision: Decision) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            told = decision.headers()
            names = {name for name, _ in told}
            message["headers"] = [pair for pair in message.get("headers", []) if pair[0] not in names] + told
        await send(message)

    return send_with_headers
