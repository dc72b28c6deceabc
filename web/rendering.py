"""Templates, and how values are written in them."""

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import HTMLResponse

from launchpad.chain import pda
from launchpad.config import Settings
from launchpad.moments import iso
from launchpad.tokens import catalog
from web import assets, drawings, formats, plots
from web.facts import ENDINGS
from web.markup import markup

TEMPLATES = Path(__file__).resolve().parent / "templates"
THEMES = ("dark", "light")
_DAY = timedelta(days=1)
_COUNTED = re.compile(r"^(.*0\.0)([₀-₉]+)(\d+)$")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`]{3,512}")
_COUNTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def environment(settings: Settings) -> Environment:
    """The Jinja environment: everything is escaped, every missing name is an error."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        price=price,
        amount=amount,
        sol=sol,
        units=formats.units,
        exact=formats.exact,
        percent=change,
        share=formats.share,
        address=formats.address,
        ago=ago,
        since=since,
        until=formats.duration,
        day=formats.day,
        moment=formats.moment,
        picture=picture,
        embedded=embedded,
        linked=linked,
        instant=datetime.fromisoformat,
        creator_links=creator_links,
        batch_address=pda.batch,
        sol_price=lambda value, decimals: formats.units(value, formats.LAMPORTS_DECIMALS - decimals),
        map_ids=lambda messages: [(message.id, message) for message in messages],
        dollars=dollars,
        share_of_hundred=lambda score: str(Decimal(score).to_integral_value()),
        explorer=lambda signature: catalog.explorer_links(settings, signature=signature)["explorer"],
    )
    env.globals.update(static=assets.url, draw=drawings, plot=plots, endings=ENDINGS)
    return env


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render one page with what every page knows: settings, theme, where we are."""
    settings = cast("Settings", request.app.state.settings)
    env = cast("Environment", request.app.state.templates)
    chosen = request.cookies.get("theme", "")
    html = env.get_template(template).render(
        request=request,
        path=request.url.path,
        settings=settings,
        theme=chosen if chosen in THEMES else "",
        now=datetime.now(UTC),
        **context,
    )
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-cache", "Vary": "Cookie"})


def price(value: formats.Number | None, unit: str = "SOL") -> Markup:
    """A price whose full value is in the title and in the ears of a screen reader."""
    text = formats.price(value)
    if value is None:
        return escape(text)
    full = f"{formats.exact(value)} {unit}"
    match = _COUNTED.match(text)
    if not match:
        return markup('<span title="{}">{}</span>', full, text)
    head, zeros, digits = match.groups()
    return markup(
        '<span class="visually-hidden">{}</span>'
        '<span title="{}" aria-hidden="true">{}<span class="zeros">{}</span>{}</span>',
        full,
        full,
        head,
        zeros.translate(_COUNTS),
        digits,
    )


def amount(value: formats.Number | None, unit: str = "", decimals: int | None = None) -> Markup:
    """An amount with its unit and the exact figure in the title; base units where `decimals` are given."""
    if value is None:
        return escape(formats.NOTHING)
    whole = value if decimals is None else formats.units(value, decimals)
    gap = f" {unit}" if unit else ""
    return markup('<span title="{}{}">{}{}</span>', formats.exact(whole), gap, formats.amount(whole), gap)


def sol(lamports: formats.Number | None, unit: str = "SOL") -> Markup:
    """Lamports as SOL, with the unit."""
    return amount(lamports, unit, formats.LAMPORTS_DECIMALS)


def dollars(value: formats.Number | None, kind: str = "amount") -> Markup:
    """US dollars, four digits of a price or an amount, the rest in the title; nothing where they are not known."""
    if value is None:
        return Markup("")
    text = formats.price(value) if kind == "price" else formats.amount(value)
    return markup('<span title="{} US dollars">${}</span>', formats.exact(value), text)


def change(bps: int | None) -> Markup:
    """A change with its sign, coloured by it."""
    tone = "up" if bps and bps > 0 else "down" if bps and bps < 0 else "quiet"
    return markup('<span class="{}">{}</span>', tone, formats.percent(bps))


def ago(value: datetime | None, now: datetime, tail: str = "") -> Markup:
    """A time that scripts keep fresh, with the moment in its title; `tail` follows it until it becomes a date."""
    if value is None:
        return escape(formats.NOTHING)
    stamp = iso(value)
    kept = markup(' data-tail="{}"', tail) if tail else ""
    words = f"{formats.ago(value, now)} {tail}" if tail and now - value < _DAY else formats.ago(value, now)
    return markup('<time datetime="{}" title="{}"{}>{}</time>', stamp, formats.moment(value), kept, words)


def since(seconds: int | None, now: datetime) -> Markup:
    """The same of a moment in Unix seconds."""
    return ago(None if seconds is None else datetime.fromtimestamp(seconds, UTC), now)


def picture(uri: str | None) -> str | None:
    """Where a browser may load a picture from, or None: no other scheme reaches a page."""
    if not uri:
        return None
    if uri.startswith("ipfs://"):
        return "/ipfs/" + uri.removeprefix("ipfs://").removeprefix("ipfs/")
    return uri if uri.startswith(("https://", "/ipfs/")) else None


def creator_links(links: dict[str, Any]) -> list[tuple[str, str]]:
    """What a creator links to, as (name, address): only plain web addresses, the known kinds first."""
    order = ("website", "twitter", "telegram", "discord")
    names = {"website": "Website", "twitter": "X", "telegram": "Telegram", "discord": "Discord"}
    given = [(key, _web_address(links.get(key))) for key in order]
    return [(names[key], href) for key, href in given if href]


def _web_address(value: object) -> str | None:
    text = value.strip() if isinstance(value, str) else ""
    return text if re.fullmatch(r"https?://[^\s<>\"'`]{3,512}", text) else None


def linked(text: str) -> Markup:
    """What someone wrote, with its web addresses as links that lend no reputation; nothing else is markup."""
    parts, end = [], 0
    for match in _WEB_ADDRESS.finditer(text):
        href = match.group().rstrip(".,:;!?)")
        anchor = markup('<a href="{}" rel="noopener noreferrer nofollow ugc" target="_blank">{}</a>', href, href)
        parts += [escape(text[end : match.start()]), anchor]
        end = match.start() + len(href)
    return Markup("").join([*parts, escape(text[end:])])


def embedded(value: object) -> Markup:
    """JSON for a `<script type="application/json">`: it cannot end the element it stands in."""
    text = json.dumps(value, default=_plain, separators=(",", ":"), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - escaped


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no place in a page")
