"""Token lists and token pages, put together from the indexed rows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

import asyncpg
import orjson

from launchpad import paging
from launchpad.amounts import (
    SOL_DECIMALS,
    change_bps,
    decimal_text,
    fraction_text,
    market_value_in_sol,
    price_in_sol,
)
from launchpad.chain.curve_math import BPS, Segment
from launchpad.chain.shapes import telling
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.deposits import reading as deposits
from launchpad.media.links import display_url
from launchpad.metrics.reading import figures_of
from launchpad.paging import Listing, Reading
from launchpad.prices.service import in_usd
from launchpad.redaction import redact
from launchpad.schemas import Page, PageMeta
from launchpad.tokens import graduating, queries, queries_page
from launchpad.tokens.errors import unknown_token
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import (
    CurveStatus,
    HolderView,
    LaunchpadToken,
    ProjectRow,
    ProjectState,
    ReferralStats,
    TokenDetails,
    TokenPage,
    TokenRow,
)
from launchpad.vesting import queries as vesting_queries
from launchpad.vesting import reading as vesting

_PIECE = ("base_reserve", "quote_reserve", "base_for_sale")


async def list_tokens(
    look: Look,
    settings: Settings,
    which: TokenFilter,
    limit: int,
    cursor: str | None = None,
    page: int | None = None,
) -> TokenPage:
    """One page of tokens, by cursor or by page number; raises InvalidCursorError."""
    found = await token_rows(look, settings, which, limit, cursor, page)
    return TokenPage(data=[TokenRow(**row) for row in found.data], meta=found.meta)


async def token_rows(
    look: Look,
    settings: Settings,
    which: TokenFilter,
    limit: int,
    cursor: str | None = None,
    page: int | None = None,
) -> Listing:
    """The same for the wire."""
    rows, meta = await _page(look, which, limit, cursor, page)
    return Listing([_row(row, settings) for row in rows], meta)


async def list_projects(
    look: Look,
    settings: Settings,
    which: TokenFilter,
    limit: int,
    cursor: str | None = None,
    page: int | None = None,
) -> Page[ProjectRow]:
    """One page of launched projects with their state; raises InvalidCursorError."""
    rows, meta = await _page(look, which, limit, cursor, page)
    now = datetime.now(UTC)
    return Page[ProjectRow](data=[_project(row, settings, now) for row in rows], meta=meta)


async def _page(
    look: Look, which: TokenFilter, limit: int, cursor: str | None, page: int | None
) -> tuple[list[asyncpg.Record], PageMeta]:
    after = cast("tuple[Decimal, str]", paging.decode(cursor, (Decimal, str))) if cursor else None
    offset = (page - 1) * limit if page and not cursor else 0
    rows = await queries.list_tokens(look, which, limit + 1, after, offset)
    shown, meta = paging.cut(rows, limit, lambda row: (Decimal(row["sort_value"]), row["mint"]))
    if page and not cursor:
        meta = meta.model_copy(update={"page": page, "total": await queries.count_tokens(look, which)})
    return shown, meta


def _row(row: asyncpg.Record, settings: Settings) -> dict[str, Any]:
    """The fields of a TokenRow."""
    price = row["price"]
    price_sol = price_in_sol(price, row["decimals"])
    return {
        **_worth(row, price_sol),
        "mint": row["mint"],
        "name": row["name"],
        "symbol": row["symbol"],
        "image": display_url(row["image_uri"], settings.origin),
        "creator": row["creator"],
        "decimals": row["decimals"],
        "supply": _whole(row["supply"]),
        "status": status_of(row),
        "price": decimal_text(price),
        "price_sol": decimal_text(price_sol),
        "progress_bps": progress_bps(int(row["sold"]), int(row["sale_supply"])),
        "sold": _whole(row["sold"]),
        "sale_supply": _whole(row["sale_supply"]),
        "quote_reserve": str(row["quote_reserve"]),
        "raise_target": str(row["raise_target"]),
        "liquidity": str(row["liquidity"]),
        "venue": row["venue"],
        "volume_24h": str(row["volume_24h"]),
        "volume_total": str(row["volume_quote"]),
        "trades_24h": row["trades_24h"],
        "trades_total": row["trade_count"],
        "change_1h_bps": change_bps(row["price_1h_ago"], price),
        "change_24h_bps": change_bps(row["price_24h_ago"], price),
        "holders": row["holders"],
        "launched_at": row["launched_at"],
        "last_trade_at": row["last_trade_at"],
        "sparkline": row["sparkline"] or [],
    }


def _worth(row: asyncpg.Record, price_sol: Decimal) -> dict[str, Any]:
    """What a token is worth, in SOL and in dollars, and how it ranks."""
    rate, price = row["sol_usd"], row["price"]
    market_cap = market_value_in_sol(price, row["circulating"])
    return {
        "circulating_supply": _whole(row["circulating"]),
        "market_cap_sol": decimal_text(market_cap),
        "price_usd": in_usd(price_sol, rate),
        "market_cap_usd": in_usd(market_cap, rate),
        "fdv_usd": in_usd(market_value_in_sol(price, row["supply"]), rate),
        "liquidity_usd": in_usd(Decimal(row["liquidity"]).scaleb(-SOL_DECIMALS), rate),
        "score": None if row["score"] is None else decimal_text(row["score"]),
    }


def _project(row: asyncpg.Record, settings: Settings, now: datetime) -> ProjectRow:
    return ProjectRow(
        **_row(row, settings),
        state=state_of(status_of(row), row["opened_at"], now),
        graduated_at=row["graduated_at"],
    )


def status_of(row: asyncpg.Record) -> CurveStatus:
    """The curve's status; a sale that is over without its goal pays back, whether or not somebody ended it yet."""
    deadline, status = row["deadline"], cast("CurveStatus", row["status"])
    over = status == "trading" and deadline is not None and deadline <= datetime.now(UTC)
    return "refunding" if over else status


def state_of(status: str, opened_at: datetime, now: datetime) -> ProjectState:
    """Upcoming before the curve opens, active while it trades, ended once it is sold out or refunding."""
    if opened_at > now:
        return "upcoming"
    return "active" if status in ("trading", "depositing") else "ended"


def progress_bps(sold: int, sale_supply: int) -> int:
    """Sold share of what is for sale, rounded down: 10 000 only when everything is sold."""
    return sold * BPS // sale_supply if sale_supply else 0


def _whole(value: Decimal) -> str:
    return str(int(value))


async def token_details(look: Look, settings: Settings, mint: str) -> TokenDetails:
    """All that a token's page shows; raises TokenNotFoundError."""
    return TokenDetails(**await _details(look, settings, mint))


async def token_page(look: Look, settings: Settings, mint: str) -> Reading:
    """The same for the wire."""
    return Reading(await _details(look, settings, mint))


async def _details(look: Look, settings: Settings, mint: str) -> dict[str, Any]:
    row = await queries_page.token_page(look, mint)
    if row is None:
        raise unknown_token(mint)
    now = datetime.now(UTC)
    progress = progress_bps(int(row["sold"]), int(row["sale_supply"]))
    schedules = await vesting_queries.of_mint(look, mint) if row["vests"] else []
    return {
        **_row(row, settings),
        **_about(row, settings),
        **dict(await figures_of(look, mint)),
        "curve": _curve(row),
        "graduation": await graduating.graduation_of(look, row, progress),
        "batch": await deposits.batch_of(look, mint) if row["has_batch"] else None,
        "rules": await graduating.rules_of(look, row) if row["sale"] else None,
        "allocations": orjson.loads(row["allocations"] or "[]"),
        "vesting": [vesting.view(item, now) for item in schedules],
        "analytics": _analytics(row),
        "top_holders": orjson.loads(row["top_holders"] or "[]"),
    }


def _about(row: asyncpg.Record, settings: Settings) -> dict[str, Any]:
    links = row["links"]
    return {
        "description": row["description"],
        "banner": display_url(row["banner_uri"], settings.origin),
        "links": orjson.loads(links) if isinstance(links, str) else links,
        "uri": row["uri"],
        "metadata_hash": row["metadata_hash"],
        "token_program": row["token_program"],
        "launch_record": row["launch_record"],
        "supply_mode": row["supply_mode"],
        "update_authority": row["update_authority"],
        "first_buy_lock": row["first_buy_lock"],
        "creation_fee": str(row["creation_fee"]),
        "launch_signature": row["signature"],
    }


def _curve(row: asyncpg.Record) -> dict[str, Any]:
    """The fields of a CurveView."""
    segments = row["segments"]
    pieces = orjson.loads(segments) if isinstance(segments, str) else segments
    whole = ("sale_supply", "liquidity_supply", "sold", "virtual_base", "virtual_quote")
    lamports = ("quote_reserve", "raise_target")
    rates = ("protocol_fee_bps", "creator_fee_bps", "referrer_share_bps")
    plain = (*rates, "opened_at", "deadline", "completed_at", "graduated_at")
    return {
        "address": row["address"],
        "status": status_of(row),
        **shaped(tuple(tuple(int(each[name]) for name in _PIECE) for each in pieces), row["decimals"]),
        "segments": [{key: str(value) for key, value in piece.items()} for piece in pieces],
        "unclaimed_protocol_fees": str(row["protocol_fees"]),
        "unclaimed_creator_fees": str(row["creator_fees"]),
        **{name: _whole(row[name]) for name in whole},
        **{name: str(row[name]) for name in lamports},
        **{name: row[name] for name in plain},
    }


@lru_cache(maxsize=4_096)
def shaped(segments: tuple[tuple[int, ...], ...], decimals: int) -> dict[str, str]:
    """What a curve's segments say for good: its shape, and its first and last price."""
    shape = telling.told(tuple(Segment(*each) for each in segments))
    whole_token = Fraction(10**decimals, 10**SOL_DECIMALS)
    return {
        "shape": shape.name,
        "initial_price_sol": fraction_text(shape.first * whole_token),
        "target_price_sol": fraction_text(shape.last * whole_token),
    }


def _analytics(row: asyncpg.Record) -> dict[str, Any]:
    """The fields of a TokenAnalytics."""
    price = row["price"]
    windows = {item["name"]: item for item in orjson.loads(row["windows"])}
    day = windows["24h"]
    creator_earned = row["creator_fees"] + row["pool_creator_fees"] + row["creator_claimed"]
    protocol_earned = row["protocol_fees"] + row["pool_protocol_fees"] + row["protocol_claimed"]
    return {
        "windows": {name: _window(item, price) for name, item in windows.items()},
        "high_24h": decimal_text(max(Decimal(day["high"] or price), price)),
        "low_24h": decimal_text(min(Decimal(day["low"] or price), price)),
        "traders": row["traders"],
        "fees_paid": str(creator_earned + protocol_earned),
        "creator_fees_earned": str(creator_earned),
        "top_10_share_bps": int(row["top_10"]) * BPS // max(int(row["supply"]), 1),
    }


def _window(item: dict[str, Any], price: Decimal) -> dict[str, Any]:
    change = change_bps(Decimal(item["before"]), price)
    return {"buys": item["buys"], "sells": item["sells"], "volume": item["volume"], "change_bps": change}


async def launchpad_token(look: Look, settings: Settings, mint: str) -> LaunchpadToken:
    """A launched project in one body; raises TokenNotFoundError."""
    details = await _details(look, settings, mint)
    referral = await queries_page.referrals(look, mint)
    curve = details["curve"]
    return LaunchpadToken(
        **details,
        state=state_of(curve["status"], curve["opened_at"], datetime.now(UTC)),
        referral=ReferralStats(
            referrers=referral["referrers"],
            trades=referral["trades"],
            volume=str(referral["volume"]),
            earned=str(referral["earned"]),
        ),
        links_out=explorer_links(settings, mint=mint, signature=details["launch_signature"]),
    )


def explorer_links(settings: Settings, *, mint: str | None = None, signature: str | None = None) -> dict[str, str]:
    """Pages of public explorers about a mint and a transaction, for the cluster in use."""
    node = settings.rpc_urls[0]
    # An address with more than a host may hold a key: such a node the reader names to the explorer himself.
    custom = f"&customUrl={node}" if node.endswith(f"://{redact(node)}") else ""
    query = {"mainnet-beta": "", "localnet": f"?cluster=custom{custom}"}.get(
        settings.cluster, f"?cluster={settings.cluster}"
    )
    links = {}
    if mint:
        links["explorer_token"] = f"https://explorer.solana.com/address/{mint}{query}"
        links["solscan_token"] = f"https://solscan.io/token/{mint}{query}"
    if signature:
        links["explorer"] = f"https://explorer.solana.com/tx/{signature}{query}"
        links["solscan"] = f"https://solscan.io/tx/{signature}{query}"
    return links


async def list_holders(look: Look, mint: str, limit: int, cursor: str | None) -> Listing:
    """Wallets that hold some, largest first, as HolderViews; raises TokenNotFoundError and InvalidCursorError."""
    after = cast("tuple[Decimal, str]", paging.decode(cursor, (Decimal, str))) if cursor else None
    rows = await queries_page.holders(look, mint, limit + 1, after)
    if not rows and not await queries.is_known(look, mint):
        raise unknown_token(mint)
    return Listing(*paging.cut(rows, limit, lambda row: (row["balance"], row["owner"])))


async def projects_of(look: Look, settings: Settings, mints: Sequence[str]) -> dict[str, ProjectRow]:
    """Several launched projects in one look, by mint; unknown ones are left out."""
    which = TokenFilter(sort="launched_at", mints=tuple(mints))
    found = await list_projects(look, settings, which, len(mints))
    return {row.mint: row for row in found.data}


async def holders_of(look: Look, mints: Sequence[str], limit: int) -> dict[str, list[HolderView]]:
    """The largest holders of several tokens in one look, by mint: none for unknown ones."""
    found: dict[str, list[HolderView]] = {mint: [] for mint in mints}
    for row in await queries_page.largest_holders(look, list(found), limit):
        found[row.pop("mint")].append(HolderView(**row))
    return found
