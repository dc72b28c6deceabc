"""The API: one ASGI application over the domain, alone or behind the one origin."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from api import (
    accounts,
    alerts,
    analytics,
    bulk,
    claims,
    deposits,
    dex,
    dexscreener,
    docs,
    drawings,
    errors,
    exports,
    fees,
    foreign,
    idl,
    keys,
    launches,
    local,
    markets,
    media,
    metrics,
    nfts,
    operations,
    ownership,
    pairs,
    pools,
    portfolio,
    prices,
    rooms,
    screener,
    streams,
    sync,
    tokens,
    trades,
    transactions,
    udf,
    verification,
    watchlists,
)
from api.bodies import BodyLimit
from api.context import RequestContext
from api.graphql import routes as graphql
from api.holders import KnownKeys
from api.hot import HotReads
from api.limits import RateLimits
from api.public import PublicData
from api.security import CrossSiteGuard
from api.services import open_services
from launchpad.config import Settings, get_settings

_DESCRIPTION = """Launch tokens, trade them on bonding curves, and follow the market.

Amounts are whole numbers of base units (lamports, token units) as strings; prices are exact decimals as
strings. Lists have cursors: pass `meta.next` as `cursor`. Every error has one shape with a stable `code`.
The server builds transactions and never sees a user's key: sign what it builds, then hand it to
`POST /api/transactions`. Requests that change something need the `X-CSRF-Token` of `GET /api/auth/me`
when they carry a session cookie."""

_TAGS = [
    {"name": "tokens", "description": "Launched tokens and projects."},
    {"name": "markets", "description": "Candles and live events."},
    {"name": "trading", "description": "Trades, quotes, and transactions to sign."},
    {"name": "liquidity", "description": "Pools of graduates, and shares of them."},
    {"name": "fees", "description": "Who earns what, where it went, and routers that divide it."},
    {"name": "launching", "description": "Metadata and launches."},
    {"name": "ownership", "description": "What creators and beneficiaries may still change."},
    {"name": "bulk", "description": "Many transfers, burns or launches in one request."},
    {"name": "venues", "description": "Pools, coins and routes at other venues."},
    {"name": "transactions", "description": "Sending what was signed, and following it."},
    {"name": "analytics", "description": "Who holds, trades and made what, and the market as a whole."},
    {"name": "alerts", "description": "Rules of what to be told, what fired, and where it is delivered."},
    {"name": "portfolio", "description": "What wallets hold, paid and made."},
    {"name": "rooms", "description": "What is said in a token's room."},
    {"name": "accounts", "description": "Sign-in with a wallet, and sessions."},
    {"name": "media", "description": "Uploads and the content-addressed store."},
    {"name": "verification", "description": "What tokens and programs really are, and the programs' interfaces."},
    {"name": "operations", "description": "Health and figures."},
]


# In the order of the reference.
_SLICES = (
    tokens,
    screener,
    watchlists,
    trades,
    pools,
    markets,
    drawings,
    alerts,
    udf,
    exports,
    streams,
    sync,
    launches,
    media,
    bulk,
    nfts,
    ownership,
    transactions,
    claims,
    deposits,
    portfolio,
    rooms,
    accounts,
    keys,
    dex,
    dexscreener,
    pairs,
    fees,
    foreign,
    prices,
    analytics,
    graphql,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; `settings` are those of the environment unless given."""
    settings = settings or get_settings()
    app = FastAPI(
        title="Launchpad",
        version="1",
        summary="Launch, trade and talk.",
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        openapi_tags=_TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        middleware=_middleware(settings),
        separate_input_output_schemas=False,
    )
    app.state.settings = settings
    errors.install(app)
    for module in (*_SLICES, verification, idl, operations, metrics, docs):
        app.include_router(module.router)
    if settings.is_local:
        app.include_router(local.router)
    return app


def _middleware(settings: Settings) -> list[Middleware]:
    """The layers around the routes, outermost first."""
    layers = [Middleware(RequestContext, https=settings.origin.startswith("https://")), Middleware(PublicData)]
    if settings.cors_origin_list:
        layers.append(
            Middleware(
                CORSMiddleware,
                allow_origins=settings.cors_origin_list,
                allow_methods=["GET", "POST", "PATCH", "DELETE"],
                allow_headers=[
                    "Authorization",
                    "Content-Type",
                    "If-None-Match",
                    "X-API-Key",
                    "X-CSRF-Token",
                    "X-Request-Id",
                ],
                expose_headers=["ETag", "Retry-After", "X-Request-Id", "RateLimit", "X-RateLimit-Remaining"],
                max_age=600,
            )
        )
    if settings.rate_limits:
        layers.append(Middleware(RateLimits, settings=settings))
    return [
        *layers,
        Middleware(KnownKeys),
        Middleware(HotReads),
        Middleware(BodyLimit, settings=settings),
        Middleware(CrossSiteGuard, settings=settings),
    ]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with open_services(app.state.settings) as services:
        app.state.services = services
        # What exists by now stays: the collector need not look at it again with every burst of requests.
        gc.collect()
        gc.freeze()
        yield
