"""The pages' door: `create_app()` for uvicorn's --factory, or for the one origin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route

from launchpad.config import get_settings
from launchpad.db import Database
from web.assets import FOLDER, VersionedFiles
from web.memo import Memo
from web.rendering import environment
from web.security import SecurityHeaders
from web.views import (
    alerts,
    analytics,
    bulk,
    charts,
    claims,
    deposits,
    errors,
    fees,
    home,
    keys,
    launch,
    liquidity,
    manage,
    market,
    portfolio,
    projects,
    screener,
    shell,
    tokens,
    watchlists,
)

ROUTES = [
    Route("/", home.show, name="home"),
    Route("/search", home.search, name="search"),
    Route("/projects", projects.show, name="projects"),
    Route("/screener", screener.show, name="screener"),
    Route("/watchlist", watchlists.show, name="watchlist"),
    Route("/token/{mint}", tokens.show, name="token"),
    Route("/token/{mint}/analytics", analytics.show, name="token-analytics"),
    Route("/batch/{mint}", deposits.show, name="batch"),
    Route("/liquidity/{mint}", liquidity.show, name="liquidity"),
    Route("/market", market.show, name="market"),
    Route("/charts", charts.show, name="charts"),
    Route("/launch", launch.show, name="launch"),
    Route("/manage/{mint}", manage.show, name="manage"),
    Route("/portfolio", portfolio.mine, name="portfolio"),
    Route("/claims", claims.show, name="claims"),
    Route("/alerts", alerts.show, name="alerts"),
    Route("/api-keys", keys.show, name="api-keys"),
    Route("/bulk", bulk.show, name="bulk"),
    Route("/wallet", portfolio.find, name="find-wallet"),
    Route("/wallet/{address}", portfolio.show, name="wallet"),
    Route("/revenue", fees.show_revenue, name="revenue"),
    Route("/routers", fees.list_routers, name="routers"),
    Route("/router/{address}", fees.show_router, name="router"),
    Route("/offline", shell.offline, name="offline"),
    Route("/manifest.webmanifest", shell.manifest, name="manifest"),
    Route("/sw.js", shell.service_worker, name="service-worker"),
    Route("/robots.txt", shell.robots, name="robots"),
    Route("/favicon.ico", shell.favicon, name="favicon"),
    Mount("/static", VersionedFiles(directory=FOLDER), name="static"),
]


def create_app() -> Starlette:
    """The pages as an ASGI app, with its own database pool for as long as it lives."""
    settings = get_settings()
    app = Starlette(
        routes=ROUTES,
        middleware=[
            Middleware(SecurityHeaders, https=settings.origin.startswith("https:")),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        ],
        exception_handlers=errors.HANDLERS,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.templates = environment(settings)
    app.state.memo = Memo()
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.database = Database.from_settings(app.state.settings)
    try:
        yield
    finally:
        await app.state.database.close()
