"""Rows of a small market, for pages that are rendered in the test's process."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, update

from launchpad.chain import keys
from launchpad.chain.sale_terms import SaleTerms
from launchpad.db import Database
from launchpad.ids import uuid7
from launchpad.tables.accounts import Account
from launchpad.tables.markets import Candle
from launchpad.tables.pools import Pool
from launchpad.tables.rooms import Message, Reaction, Room
from launchpad.tables.sales import SaleTerms as Sale
from launchpad.tables.tokens import Allocation, Curve, Token
from launchpad.tables.trades import Holder, Trade
from launchpad.tables.vesting import VestingSchedule
from launchpad.tokens.rules import terms_json
from tests import figures

SUPPLY = 10**18
SALE = 793_100_000 * 10**9
TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"


def new_address() -> str:
    return keys.address_of(keys.generate())


@dataclass
class Market:
    """A few launched tokens in a database: one that trades, one untouched, one sold out."""

    database: Database
    trader: str = field(default_factory=new_address)
    creator: str = field(default_factory=new_address)
    tokens: dict[str, str] = field(default_factory=dict)

    async def add(self, name: str, symbol: str, *, trades: int = 0, age_minutes: int = 30, **changes: Any) -> str:
        mint = self.tokens[symbol] = new_address()
        launched = datetime.now(UTC) - timedelta(minutes=age_minutes)
        curve = self._curve_row(mint, trades, launched, changes)
        token = self._token_row(mint, name, symbol, launched) | {"curve": curve["address"]} | changes
        async with self.database.session() as session:
            await session.execute(insert(Token), token)
            await session.execute(insert(Curve), curve)
            await session.execute(insert(Allocation), {"mint": mint, "bucket": "public", "bps": 7931, "amount": SALE})
            await session.execute(insert(Room), {"mint": mint, "head_seq": 0})
        await self._trade(mint, trades, launched)
        await figures.work_out(self.database)
        return mint

    def _token_row(self, mint: str, name: str, symbol: str, launched: datetime) -> dict[str, Any]:
        return {
            "mint": mint,
            "creator": self.creator,
            "launch_record": new_address(),
            "token_program": TOKEN_2022,
            "name": name,
            "symbol": symbol,
            "uri": "ipfs://metadata",
            "decimals": 9,
            "supply": SUPPLY,
            "supply_mode": "fixed",
            "creation_fee": 20_000_000,
            "links": {},
            "launched_at": launched,
            "slot": 1,
            "signature": f"launch-{symbol}",
        }

    def _curve_row(self, mint: str, trades: int, launched: datetime, changes: dict[str, Any]) -> dict[str, Any]:
        """The curve; takes `sold` and `status` out of `changes`."""
        sold = changes.pop("sold", 10**15 * trades)
        return {
            "mint": mint,
            "address": new_address(),
            "creator": self.creator,
            "status": changes.pop("status", "trading"),
            "decimals": 9,
            "sale_supply": SALE,
            "liquidity_supply": SUPPLY - SALE,
            "sold": sold,
            "quote_reserve": 28_000 * trades * 10**5,
            "raise_target": 85_005_359_057,
            "virtual_base": 1_073_000_000 * 10**9 - sold,
            "virtual_quote": 30 * 10**9,
            "protocol_fee_bps": 50,
            "creator_fee_bps": 30,
            "referrer_share_bps": 2000,
            "creator_fees": 1_000_000 * trades,
            "segments": [
                {"base_reserve": 1_073_000_000 * 10**9, "quote_reserve": 30 * 10**9, "base_for_sale": SALE},
            ],
            "price": Decimal("0.0000279590") + Decimal("0.0000001") * trades,
            "opened_at": launched,
            "completed_at": datetime.now(UTC) if sold == SALE else None,
            "trade_count": trades,
            "volume_quote": trades * 10**8,
            "position": 1,
        }

    async def _trade(self, mint: str, count: int, launched: datetime) -> None:
        rows = [self._trade_row(mint, number, launched) for number in range(count)]
        if not rows:
            return
        candles = [self._candle_row(row, seconds) for row in rows for seconds in (60, 300, 900)]
        unique = {(row["interval"], row["bucket"]): row for row in candles}
        async with self.database.session() as session:
            await session.execute(insert(Trade), rows)
            await session.execute(insert(Candle), list(unique.values()))
            await session.execute(insert(Holder), self._holder_row(mint, count))

    def _trade_row(self, mint: str, number: int, launched: datetime) -> dict[str, Any]:
        return {
            "signature": f"{mint[:20]}{number:060}",
            "instruction": 0,
            "inner": 1,
            "position": number + 1,
            "slot": number + 1,
            "traded_at": launched + timedelta(seconds=number + 1),
            "mint": mint,
            "trader": self.trader,
            "program": "bonding_curve",
            "side": "sell" if number % 3 == 2 else "buy",
            "base_amount": 2 * 10**15,
            "quote_amount": 10**8,
            "protocol_fee": 500_000,
            "creator_fee": 300_000,
            "referrer_fee": 0,
            "price": Decimal("0.0000279590") + Decimal("0.0000001") * number,
            "sold": 10**15 * (number + 1),
            "quote_reserve": 28 * 10**8,
            "virtual_base": 10**18,
            "virtual_quote": 30 * 10**9,
        }

    def _candle_row(self, trade: dict[str, Any], seconds: int) -> dict[str, Any]:
        bucket = int(trade["traded_at"].timestamp()) // seconds * seconds
        return {
            "mint": trade["mint"],
            "interval": seconds,
            "bucket": datetime.fromtimestamp(bucket, UTC),
            "open": Decimal("0.000027959"),
            "high": trade["price"],
            "low": Decimal("0.000027959"),
            "close": trade["price"],
            "volume_base": 10**15,
            "volume_quote": 10**8,
            "buys": 1,
            "sells": 0,
            "first_position": trade["position"],
            "last_position": trade["position"],
        }

    def _holder_row(self, mint: str, count: int) -> dict[str, Any]:
        return {
            "mint": mint,
            "owner": self.trader,
            "balance": 10**15 * count,
            "base_bought": 2 * 10**15 * count,
            "quote_spent": 10**8 * count,
            "last_trade_at": datetime.now(UTC),
        }

    async def graduate(self, mint: str, lamports: int = 85 * 10**9) -> str:
        """A pool of a token; its address."""
        pool = new_address()
        row = {
            "address": pool,
            "mint": mint,
            "lp_mint": new_address(),
            "canonical": True,
            "opener": self.creator,
            "creator": self.creator,
            "creator_fee_bps": 30,
            "base_reserve": 206_900_000 * 10**9,
            "quote_reserve": lamports,
            "lp_supply": 10**14,
            "creator_fees": 7_000_000,
            "opened_at": datetime.now(UTC),
            "position": 100,
        }
        async with self.database.session() as session:
            await session.execute(insert(Pool), row)
            await session.execute(insert(Holder), {"mint": mint, "owner": pool, "balance": 206_900_000 * 10**9})
        return pool

    async def lock(self, mint: str, **changes: Any) -> None:
        now = datetime.now(UTC)
        row = {
            "schedule": new_address(),
            "mint": mint,
            "grantor": self.creator,
            "beneficiary": self.creator,
            "amount": SUPPLY // 10,
            "starts_at": now - timedelta(days=10),
            "cliff_at": now + timedelta(days=20),
            "ends_at": now + timedelta(days=300),
            "period_seconds": 86_400,
            "revocable": True,
            "index": 0,
            "position": 1,
        }
        async with self.database.session() as session:
            await session.execute(insert(VestingSchedule), row | changes)

    async def give(self, mint: str, owner: str, balance: int, **changes: Any) -> None:
        async with self.database.session() as session:
            await session.execute(insert(Holder), {"mint": mint, "owner": owner, "balance": balance} | changes)

    async def promise(self, mint: str, sale: SaleTerms) -> None:
        """Let a token's sale name terms."""
        address = new_address()
        async with self.database.session() as session:
            await session.execute(insert(Sale), {"address": address, "sale": json.loads(terms_json(sale))})
            ends = Curve.opened_at + timedelta(seconds=sale.opening.seconds)
            await session.execute(update(Curve).where(Curve.mint == mint).values(terms=address, rules_end=ends))

    async def say(self, mint: str, body: str, *, author: str | None = None, **changes: Any) -> str:
        message = uuid7(datetime.now(UTC))
        async with self.database.session() as session:
            room = await session.get(Room, mint, with_for_update=True)
            assert room is not None
            room.head_seq += 1
            row = {
                "id": message,
                "mint": mint,
                "seq": room.head_seq,
                "author": author or self.trader,
                "body": body,
                "client_id": uuid4(),
            }
            await session.execute(insert(Message), row | changes)
        return str(message)

    async def react(self, message_id: str, emoji: str) -> None:
        async with self.database.session() as session:
            row = {"message_id": message_id, "author": self.trader, "emoji": emoji}
            await session.execute(insert(Reaction), row)

    async def name(self, address: str, name: str) -> None:
        async with self.database.session() as session:
            await session.execute(insert(Account), {"address": address, "display_name": name})
