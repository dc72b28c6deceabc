"""Sold-out curves and their way into a pool, as tests of graduation begin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs import pool_market
from tests.programs.curve_market import (
    CONFIG,
    Market,
    base_at_end_price,
    create_config,
    open_market,
    sale_terms,
    terms_of,
)
from tests.programs.harness import AMM, CURVE, SYSTEM, TOKEN, VESTING, WSOL, Chain, Receipt, ata

DAY = 86_400
LOCK = 180 * DAY
BOUNTY = 10_000_000
TEAM, TREASURY = (Keypair.from_seed(bytes([seed] * 32)) for seed in (21, 22))
PAYOUT = {
    "team": TEAM.pubkey(),
    "treasury": TREASURY.pubkey(),
    "team_bps": 6_000,
    "cliff_seconds": 30 * DAY,
    "duration_seconds": 360 * DAY,
    "period_seconds": DAY,
}


def graduation(**changes: Any) -> dict[str, Any]:
    """Terms of a sale that differ in its graduation alone."""
    usual = {"venue": "Amm", "liquidity_bps": 10_000, "liquidity_lock_seconds": 0, "payout": None}
    return sale_terms(graduation=usual | changes)


TEAM_RAISE = graduation(liquidity_bps=7_000, payout=PAYOUT)
LOCKED = graduation(liquidity_lock_seconds=LOCK)


def new_chain() -> Chain:
    """A runtime with curves, pools and vesting."""
    chain = Chain([CURVE, AMM, VESTING])
    create_config(chain)
    pool_market.create_config(chain)
    return chain


@dataclass
class Graduate:
    """A curve, and the pool that it becomes."""

    market: Market
    name: ClassVar[str] = "graduate"

    @property
    def chain(self) -> Chain:
        """The runtime they live in."""
        return self.market.chain

    @property
    def sale(self) -> Mapping[str, Any] | None:
        """The terms that the curve was opened under."""
        return self.market.opening.sale

    @property
    def pool(self) -> pool_market.Pool:
        """The pool, whether or not it exists yet."""
        opening = self.market.opening
        return pool_market.Pool(self.chain, opening.mint, opening.token_program, opening.authority, canonical=True)

    @property
    def lp_mint(self) -> Pubkey:
        """The mint of the pool's shares."""
        return self.pool.lp_mint

    @property
    def curve_lp(self) -> Pubkey:
        """The curve's account of shares."""
        return ata(self.market.curve, self.lp_mint, TOKEN)

    @property
    def locked(self) -> bool:
        """Whether the shares are given out one day."""
        return bool(self.sale and self.sale["graduation"]["liquidity_lock_seconds"])

    @property
    def accounts(self) -> dict[str, Pubkey | None]:
        """The accounts of graduate, but the keeper."""
        pool = self.pool
        return {
            "config": CONFIG,
            "curve": self.market.curve,
            "terms": terms_of(self.sale) if self.sale else None,
            "mint": self.market.mint,
            "base_vault": self.market.vault,
            "quote_mint": WSOL,
            "amm_config": pool_market.CONFIG,
            "pool": pool.key,
            "lp_mint": pool.lp_mint,
            "pool_base_vault": pool.base_vault,
            "pool_quote_vault": pool.quote_vault,
            "curve_lp": self.curve_lp if self.locked else None,
            "token_program": self.market.opening.token_program,
            "amm_event_authority": AMM.event_authority,
        }

    def instruction(self, keeper: Pubkey, shown: Sequence[Pubkey] = (), **accounts: Pubkey | None) -> Instruction:
        """The graduation with some accounts replaced, and some shown behind them."""
        extra = [AccountMeta(key, is_signer=False, is_writable=False) for key in shown]
        return CURVE.instruction(self.name, {}, {"keeper": keeper, **self.accounts, **accounts}, extra=extra)

    def send(self, keeper: Keypair, shown: Sequence[Pubkey] = (), **accounts: Pubkey | None) -> Receipt:
        """Graduates."""
        return self.chain.send([self.instruction(keeper.pubkey(), shown, **accounts)], [keeper])

    def schedule(self, mint: Pubkey, beneficiary: Pubkey, index: int = 0) -> Pubkey:
        """A schedule's address."""
        return VESTING.pda(b"vesting", mint, beneficiary, index.to_bytes(2, "little"))

    def payout_accounts(self, caller: Pubkey, beneficiary: Pubkey, index: int = 0) -> dict[str, Pubkey | None]:
        """The accounts of release_payout."""
        schedule = self.schedule(WSOL, beneficiary, index)
        return {
            "caller": caller,
            "curve": self.market.curve,
            "terms": terms_of(self.sale or {}),
            "quote_mint": WSOL,
            "schedule": schedule,
            "escrow": ata(schedule, WSOL, TOKEN),
            "vesting_event_authority": VESTING.event_authority,
        }

    def release(self, caller: Keypair, kind: str, index: int = 0, **accounts: Pubkey | None) -> Receipt:
        """Releases one of the payouts."""
        beneficiary = {"Team": TEAM, "Treasury": TREASURY}[kind].pubkey()
        given = self.payout_accounts(caller.pubkey(), beneficiary, index) | accounts
        return self.chain.send([CURVE.instruction("release_payout", {"kind": kind, "index": index}, given)], [caller])

    def lock_accounts(self, caller: Pubkey, index: int = 0) -> dict[str, Pubkey | None]:
        """The accounts of lock_liquidity."""
        schedule = self.schedule(self.lp_mint, self.market.state["creator"], index)
        return {
            "caller": caller,
            "curve": self.market.curve,
            "terms": terms_of(self.sale or {}),
            "lp_mint": self.lp_mint,
            "curve_lp": self.curve_lp,
            "schedule": schedule,
            "escrow": ata(schedule, self.lp_mint, TOKEN),
            "vesting_event_authority": VESTING.event_authority,
        }

    def lock(self, caller: Keypair, index: int = 0, **accounts: Pubkey | None) -> Receipt:
        """Locks the shares."""
        given = self.lock_accounts(caller.pubkey(), index) | accounts
        return self.chain.send([CURVE.instruction("lock_liquidity", {"index": index}, given)], [caller])

    def expected_base(self, quote: int) -> int:
        """What belongs into the pool beside `quote` lamports."""
        opening = self.market.opening
        return min(base_at_end_price(opening.segments, quote), opening.liquidity)


def sold_out(chain: Chain, **changes: Any) -> Graduate:
    """A curve on which everything is sold."""
    market = open_market(chain, **changes)
    sell_out(market)
    return Graduate(market)


def sell_out(market: Market) -> None:
    """Buys all that is left, whatever it costs."""
    trader = market.trader()
    purse = 4 * market.state["raise_target"] + 10**9
    market.chain.set_account(trader.pubkey(), b"", SYSTEM, lamports=purse)
    market.buy_out(trader, market.state["sale_supply"])
    assert market.state["status"] == "Complete"
