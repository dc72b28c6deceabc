"""What people call the device behind a User-Agent header."""

import re

# The first that occurs counts: most browsers also name those that they descend from.
_BROWSERS = (
    (r"Phantom/", "Phantom"),
    (r"Solflare", "Solflare"),
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|OPT/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Brave/", "Brave"),
    (r"Vivaldi/", "Vivaldi"),
    (r"DuckDuckGo/|Ddg/", "DuckDuckGo"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Version/[\d.]+.* Safari/|iPhone.* Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"Linux|X11", "Linux"),
)
_PRODUCT = re.compile(r"^[A-Za-z][\w .-]{0,39}(?=/)")

UNKNOWN = "Unknown device"


def device_name(user_agent: str) -> str:
    """`Firefox on Linux`, or as much of it as the header tells; `python-httpx` for a program."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    product = _PRODUCT.match(user_agent)
    own = product[0] if product and product[0] != "Mozilla" else None
    return browser or system or own or UNKNOWN


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for pattern, name in patterns if re.search(pattern, text)), None)
