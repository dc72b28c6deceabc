"""What makes the pages an app: manifest, service worker, the page shown while offline."""

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from web import assets
from web.rendering import page

SHELL = (
    "css/tokens.css",
    "css/base.css",
    "css/shell.css",
    "js/shell.js",
    "js/dom.js",
    "js/format.js",
    "js/api.js",
    "js/live.js",
    "js/base58.js",
    "js/keys.js",
    "js/search.js",
    "js/transactions.js",
    "js/wallet/session.js",
    "js/wallet/standard.js",
    "js/wallet/practice.js",
    "js/wallet/balance.js",
    "js/wallet/dialog.js",
    "vendor/socket.io.js",
    "vendor/inter-latin.woff2",
    "img/icon.svg",
)


async def offline(request: Request) -> Response:
    """What the service worker shows for a page that cannot be loaded."""
    return page(request, "offline.html")


async def manifest(_: Request) -> Response:
    """The web app manifest."""
    icons = [
        {"src": assets.url("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": assets.url("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": assets.url("img/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    content = {
        "name": "Launchpad",
        "short_name": "Launchpad",
        "description": "Launch a token, trade it on its bonding curve, and talk about it in its room.",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#0d1117",
        "theme_color": "#0d1117",
        "icons": icons,
        "shortcuts": [
            {"name": "Portfolio", "url": "/portfolio"},
            {"name": "Launch a token", "url": "/launch"},
        ],
    }
    return JSONResponse(content, media_type="application/manifest+json", headers={"Cache-Control": "no-cache"})


async def service_worker(_: Request) -> Response:
    """The service worker with the present version and the files of the shell written in."""
    source = (assets.FOLDER / "js" / "service-worker.js").read_text(encoding="utf-8")
    files = ", ".join(f'"{assets.url(path)}"' for path in SHELL)
    body = source.replace('"VERSION"', f'"{assets.version()}"').replace('["SHELL"]', f"[{files}]")
    return Response(body, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


async def robots(_: Request) -> Response:
    """Crawlers may read the pages, not the wallets' ones."""
    return PlainTextResponse("User-agent: *\nDisallow: /wallet\nDisallow: /portfolio\n")


async def favicon(_: Request) -> Response:
    """The icon where browsers look for it."""
    return FileResponse(assets.FOLDER / "img" / "icon.svg", media_type="image/svg+xml")
