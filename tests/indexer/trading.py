"""Real trades on a real cluster, and what the rows must say about them."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass

from launchpad.chain import keys, pda
from launchpad.chain.addresses import BONDING_CURVE, PROGRAMS, WRAPPED_SOL
from launchpad.chain.client import ChainClient
from launchpad.chain.events import Traded, decode_transaction
from launchpad.chain.instructions import amm
from launchpad.chain.instructions.amm import Pool
from launchpad.chain.instructions.solana import wrap_sol
from launchpad.chain.keys import Keypair, address_of
from launchpad.chain.launching import LaunchParams
from launchpad.chain.swapping import Order, build_order
from launchpad.worker.reconcile import agrees, fetch_curves

SOL = 1_000_000_000


@dataclass
class Trader:
    """A wallet with play money."""

    chain: ChainClient
    key: Keypair

    @property
    def address(self):
        return address_of(self.key)

    @classmethod
    async def funded(cls, chain, sol=20):
        key = keys.generate()
        signature = await chain.rpc.request_airdrop(address_of(key), sol * SOL)
        await chain.confirm(signature, await chain.rpc.get_block_height() + 150)
        return cls(chain, key)

    async def send(self, built):
        signed = keys.sign_transaction(built.transaction, self.key)
        signature = await self.chain.submit(signed, built.last_valid_block_height)
        await self.chain.confirm(signature, built.last_valid_block_height)
        return signature

    async def launch(self, name="Example", **more):
        values = {"symbol": "EXM", "uri": "https://example.com/token.json", "decimals": 9, "supply": 10**18} | more
        mint, (built,) = await self.chain.build_launch(LaunchParams(creator=self.address, name=name, **values))
        await self.send(built)
        return mint

    async def buy(self, mint, lamports):
        return await self.send(await self.chain.build_buy_exact_in(mint, self.address, lamports, 1, self._deadline()))

    async def sell(self, mint, share=2):
        held = (await self.chain.rpc.get_token_balances(self.address)).get(mint, 0)
        built = await self.chain.build_sell(mint, self.address, held // share, 1, self._deadline())
        return await self.send(built)

    async def open_pool(self, mint, base=10**14, lamports=SOL):
        """A pool of the trader's own."""
        pool = Pool(pda.free_pool(mint, WRAPPED_SOL, self.address, 0), mint)
        opening = amm.create_pool(self.address, pool, (base, lamports), creator=self.address)
        await self.send(await self.chain.build(self.address, [*wrap_sol(self.address, lamports), opening]))
        return pool

    async def swap(self, pool, lamports):
        """Buy in a pool."""
        order = Order("buy", "in", lamports, 1, self._deadline())
        return await self.send(await build_order(self.chain, pool, self.address, order))

    def _deadline(self):
        return int(time.time()) + 600


async def trades_on_chain(rpc, mints):
    """Every trade of these tokens that the cluster knows: (signature, instruction, inner) to event."""
    listed, before = [], None
    while page := await rpc.get_signatures_for_address(BONDING_CURVE, before=before, limit=1000):
        listed += [entry["signature"] for entry in page if entry["err"] is None]
        before = page[-1]["signature"]
    found = {}
    for signature in listed:
        for event in decode_transaction(await rpc.get_transaction(signature)).events:
            if isinstance(event.data, Traded) and event.data.mint in mints:
                found[event.key.signature, event.key.instruction, event.key.inner] = event.data
    return found


async def differences(rpc, connection, mints):
    """What the rows of these tokens say otherwise than the chain; empty when all is well."""
    wrong = []
    on_chain = await trades_on_chain(rpc, mints)
    rows = await connection.fetch("SELECT * FROM trades WHERE mint = ANY($1)", mints)
    stored = {(row["signature"], row["instruction"], row["inner"]): row for row in rows}
    if stored.keys() != on_chain.keys():
        wrong.append(("trades", len(stored), len(on_chain)))
    wrong += [
        ("trade", key)
        for key, event in on_chain.items()
        if key in stored
        and (int(stored[key]["base_amount"]), int(stored[key]["sold"])) != (event.base_amount, event.sold)
    ]
    curves = {row["mint"]: row for row in await connection.fetch("SELECT * FROM curves WHERE mint = ANY($1)", mints)}
    accounts = [curve for curve in (await fetch_curves(rpc)).values() if curve.mint in mints]
    wrong += [("curve", curve.mint) for curve in accounts if not agrees(curves.get(curve.mint), curve)]
    per_mint = Counter(event.mint for event in on_chain.values())
    wrong += [("trade_count", mint) for mint in mints if curves[mint]["trade_count"] != per_mint[mint]]
    for mint in mints:
        wrong += await _wrong_balances(rpc, connection, mint)
        wrong += await _wrong_candles(connection, mint)
    return wrong


async def _wrong_balances(rpc, connection, mint):
    held = defaultdict(int)
    for owner, _, amount in await rpc.get_token_accounts_by_mint(mint):
        held[owner] += amount
    stored = {
        row["owner"]: int(row["balance"])
        for row in await connection.fetch("SELECT owner, balance FROM holders WHERE mint = $1", mint)
    }
    return [("balance", mint, owner) for owner in held.keys() | stored.keys() if held[owner] != stored.get(owner, 0)]


async def _wrong_candles(connection, mint):
    totals = await connection.fetch(
        'SELECT "interval", sum(buys + sells) AS trades, sum(volume_quote) AS volume FROM candles '
        'WHERE mint = $1 GROUP BY "interval"',
        mint,
    )
    expected = await connection.fetchrow(
        "SELECT count(*) AS trades, sum(quote_amount) AS volume FROM trades WHERE mint = $1", mint
    )
    return [("candles", mint, row["interval"]) for row in totals if tuple(row)[1:] != tuple(expected)]


async def wrong_tellings(connection, mints):
    """Trades that were not told exactly once to token and market, and channels with gaps; empty when all is well."""
    told = Counter(
        (row["channel"], row["key"])
        for row in await connection.fetch(
            "SELECT channel, data->>'signature' || ':' || (data->>'instruction') || ':' || (data->>'inner') AS key "
            "FROM outbox WHERE type = 'trade'"
        )
    )
    rows = await connection.fetch(
        'SELECT mint, signature, instruction, "inner" FROM trades WHERE mint = ANY($1)', mints
    )
    due = Counter()
    for row in rows:
        key = f"{row['signature']}:{row['instruction']}:{row['inner']}"
        due.update([(f"token:{row['mint']}", key), ("market", key)])
    channels = {channel for channel, _ in due}
    own = Counter({key: count for key, count in told.items() if key in due or key[0] in channels - {"market"}})
    gaps = await connection.fetch(
        "SELECT channel FROM outbox GROUP BY channel "
        "HAVING count(*) <> max(seq) - min(seq) + 1 OR count(seq) <> count(*)"
    )
    return [*(own - due), *(due - own), *[("gap", row["channel"]) for row in gaps]]


__all__ = ["PROGRAMS", "SOL", "Trader", "differences", "trades_on_chain", "wrong_tellings"]
