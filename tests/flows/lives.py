"""A token's whole life, from its launch to its last claim, driven as a user's program would.

    report = await Life("linear", "fair").live(url)

One life is a shape of the curve and a mode of the sale. Whatever the mode, nothing may be left
over or lost: a life ends by counting what the curve's account still holds.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

from launchpad.chain import batches, graduating, keys, pda
from launchpad.chain.accounts import CurveState
from launchpad.chain.dividing import fitted
from launchpad.chain.launching import FirstBuy, LaunchParams, Lock, Standard
from launchpad.chain.sale_terms import (
    MIN_LIQUIDITY_LOCK_SECONDS,
    BatchTerms,
    GraduationTerms,
    LaunchFee,
    OpeningRules,
    Payout,
    SaleTerms,
)
from launchpad.chain.shapes import CompiledCurve, CurveTerms, Supply, compile_points, compile_terms
from launchpad.client import Launch, LaunchpadClient, sol
from launchpad.errors import LaunchpadError

T = TypeVar("T")
Shape = Literal["classic", "linear", "exponential", "logarithmic", "fixed", "points"]
Mode = Literal["open", "fair", "team_raise", "batch", "failed_batch", "refund", "raydium"]
SHAPES: Sequence[Shape] = ("classic", "linear", "exponential", "logarithmic", "fixed", "points")
MODES: Sequence[Mode] = ("open", "fair", "team_raise", "batch", "failed_batch", "refund", "raydium")

SUPPLY, DECIMALS = 10**15, 6
RAISE = Decimal(4)
# Long enough for what has to happen before, on a machine that is busy with other lives.
WINDOW_SECONDS = 75


def curve_of(shape: Shape, sale: int) -> CompiledCurve:
    """A curve of the shape that raises about four SOL."""
    supply = Supply(SUPPLY, sale, DECIMALS)
    if shape == "points":
        return compile_points([(0, Decimal(2)), (2_500, Decimal(3)), (10_000, Decimal(9))], supply)
    if shape == "fixed":
        return compile_terms(CurveTerms("fixed", raise_amount=RAISE), supply)
    return compile_terms(CurveTerms(shape, raise_amount=RAISE, multiple=Decimal(12)), supply)


def sale_of(mode: Mode, team: str, treasury: str) -> SaleTerms:
    """What the mode promises."""
    if mode == "fair":
        rules = OpeningRules(window_seconds=3_600, wallet_cap_bps=6_000, one_buy_per_slot=True)
        return SaleTerms(launch_fee=LaunchFee(500, 60), opening=rules)
    if mode == "team_raise":
        payout = Payout(team, treasury, 6_000, 0, 2, 1)
        lock = MIN_LIQUIDITY_LOCK_SECONDS
        return SaleTerms(
            graduation=GraduationTerms("amm", liquidity_bps=7_000, liquidity_lock_seconds=lock, payout=payout)
        )
    if mode in ("batch", "failed_batch"):
        minimum = sol("0.2") if mode == "batch" else sol(100)
        return SaleTerms(batch=BatchTerms(WINDOW_SECONDS, WINDOW_SECONDS, minimum, 0))
    return SaleTerms(graduation=GraduationTerms("raydium")) if mode == "raydium" else SaleTerms()


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, and the token it is about."""

    creator: LaunchpadClient
    alice: LaunchpadClient
    bob: LaunchpadClient
    launch: Launch

    @property
    def mint(self) -> str:
        """The token."""
        return self.launch.mint

    async def curve(self) -> CurveState:
        """The curve as it is now."""
        return await self.creator.chain.require_curve(self.mint)


@dataclass(frozen=True, slots=True)
class Life:
    """One shape sold in one mode."""

    shape: Shape
    mode: Mode
    standard: Standard = "token-2022"

    def __str__(self) -> str:
        return f"{self.shape}-{self.mode}"

    async def live(self, url: str) -> CurveState:
        """From launch to last claim; the curve's state at the end."""
        async with _funded(url, 3) as (creator, alice, bob):
            cast = Cast(creator, alice, bob, await self._launch(creator, alice.address, bob.address))
            await _STORIES[self.mode](cast)
            return await _settled(cast)

    async def _launch(self, creator: LaunchpadClient, team: str, treasury: str) -> Launch:
        sale = sale_of(self.mode, team, treasury)
        named = (f"{self.shape} {self.mode}"[:32], "LIFE", "ipfs://life")
        wanted = LaunchParams(creator.address, *named, SUPPLY, decimals=DECIMALS, sale=sale)
        params, curve = fitted(wanted, self._curve)
        # A deposit window opens for all at once, so a batch has no first buy.
        first = None if sale.batch else FirstBuy(sol("0.1"), lock=Lock(0, 1))
        deadline = int(time.time()) + WINDOW_SECONDS if self.mode == "refund" else None
        return await creator.launch(
            *named,
            supply=SUPPLY,
            decimals=DECIMALS,
            allocations=params.allocations,
            segments=curve.segments,
            sale=sale,
            first_buy=first,
            deadline=deadline,
            standard=self.standard,
        )

    def _curve(self, params: LaunchParams) -> CompiledCurve:
        return curve_of(self.shape, params.amounts.public)


@asynccontextmanager
async def _funded(url: str, count: int) -> AsyncIterator[list[LaunchpadClient]]:
    async with AsyncExitStack() as stack:
        pads = [await stack.enter_async_context(LaunchpadClient(url, keys.generate())) for _ in range(count)]
        await asyncio.gather(*(pad.airdrop(sol(20)) for pad in pads))
        yield pads


# What happens


async def sold_out_and_traded_on(cast: Cast) -> None:
    """People trade on the curve, sell it out, and go on in the pool."""
    await _trade(cast)
    await _sell_out(cast)
    await _graduate(cast)
    await _trade(cast)


async def batch_and_traded_on(cast: Cast) -> None:
    """People deposit, one thinks again, all get one price, and the curve goes on from there."""
    await _deposit(cast)
    await _send(cast.bob, await batches.build_withdrawal(cast.bob.chain, cast.mint, cast.bob.address, sol("0.2")))
    await _settle(cast)
    for pad in (cast.alice, cast.bob):
        live = await batches.fetch_batch(pad.chain, cast.mint, pad.address)
        await _send(pad, await batches.build_claim(pad.chain, live, pad.address))
        assert await pad.token_balance(cast.mint) > 0
    await sold_out_and_traded_on(cast)


async def batch_that_fails(cast: Cast) -> None:
    """Too little is deposited, and everybody takes all of it back."""
    await _deposit(cast)
    await _settle(cast)
    for pad, amount in ((cast.alice, sol(1)), (cast.bob, sol("0.5"))):
        await _send(pad, await batches.build_withdrawal(pad.chain, cast.mint, pad.address, amount))
    assert (await batches.fetch_batch(cast.creator.chain, cast.mint)).state.deposits == 0


async def refunded(cast: Cast) -> None:
    """The deadline passes before everything is sold, and buyers return their tokens until the reserve is empty."""
    await _trade(cast)
    await _claim_first_buy(cast)
    await _until_it_works(lambda: cast.bob.expire(cast.mint))
    for pad in (cast.alice, cast.bob, cast.creator):
        if await pad.token_balance(cast.mint):
            await pad.refund(cast.mint)
    curve = await cast.curve()
    assert (curve.status, curve.sold, curve.quote_reserve) == ("refunding", 0, 0)


_STORIES: dict[Mode, Callable[[Cast], Awaitable[None]]] = {
    "open": sold_out_and_traded_on,
    "fair": sold_out_and_traded_on,
    "team_raise": sold_out_and_traded_on,
    "raydium": sold_out_and_traded_on,
    "batch": batch_and_traded_on,
    "failed_batch": batch_that_fails,
    "refund": refunded,
}


# Steps


async def _trade(cast: Cast) -> None:
    """Two people buy, one of them sells; each trade is what its quote said."""
    quoted = await cast.alice.quote_buy(cast.mint, quote_in=sol("0.3"))
    bought = await cast.alice.buy(cast.mint, quote_in=sol("0.3"), slippage_bps=500)
    assert abs(bought.base_amount - quoted.base_amount) <= quoted.base_amount // 20
    await cast.bob.buy(cast.mint, base_out=bought.base_amount // 3, slippage_bps=500)
    asked = await cast.alice.quote_sell(cast.mint, bought.base_amount // 2)
    sold = await cast.alice.sell(cast.mint, base_in=bought.base_amount // 2, slippage_bps=500)
    assert (sold.base_amount, sold.total) == (bought.base_amount // 2, asked.total)


async def _sell_out(cast: Cast) -> None:
    curve = await cast.curve()
    left = curve.sale_supply - curve.sold
    await cast.bob.buy(cast.mint, base_out=left // 2, slippage_bps=1_000)
    curve = await cast.curve()
    await cast.alice.buy(cast.mint, base_out=curve.sale_supply - curve.sold, slippage_bps=1_000)


async def _graduate(cast: Cast) -> None:
    """Anybody opens the pool, unless the last buy did, and does what follows."""
    chain, bob = cast.bob.chain, cast.bob
    if (await cast.curve()).status == "complete":
        await _send(bob, await graduating.build_graduate(chain, cast.mint, bob.address))
    for built in await graduating.build_follow_ups(chain, cast.mint, bob.address):
        await _send(bob, built)
    assert await graduating.build_follow_ups(chain, cast.mint, bob.address) == []
    assert (await cast.curve()).status == "graduated"
    # Raydium's pools trade from the second after they were opened.
    await _until_it_works(lambda: bob.quote_buy(cast.mint, quote_in=sol("0.1")))


async def _deposit(cast: Cast) -> None:
    for pad, amount in ((cast.alice, sol(1)), (cast.bob, sol("0.5"))):
        await _send(pad, await batches.build_deposit(pad.chain, cast.mint, pad.address, amount))


async def _settle(cast: Cast) -> None:
    chain, payer = cast.creator.chain, cast.creator.address

    async def settle() -> None:
        await _send(cast.creator, await batches.build_settlement(chain, cast.mint, payer))

    await _until_it_works(settle)


async def _claim_first_buy(cast: Cast) -> None:
    schedule = cast.launch.first_buy_lock
    if schedule is None:
        return
    await _until_it_works(lambda: cast.creator.claim_vesting(schedule))
    while (await cast.creator.token_balance(cast.mint)) < cast.launch.first_buy:
        await _until_it_works(lambda: cast.creator.claim_vesting(schedule))


async def _settled(cast: Cast) -> CurveState:
    """Everybody claims; what the curve's account holds beyond its rent is what it owes, to the lamport."""
    curve = await cast.curve()
    if curve.creator_fees or curve.status == "graduated":
        await cast.creator.claim_creator_fees(cast.mint)
    curve = await cast.curve()
    account = await cast.creator.chain.rpc.get_account(pda.curve(cast.mint))
    assert account is not None
    rent = await cast.creator.chain.rpc.call("getMinimumBalanceForRentExemption", [account["space"]])
    assert account["lamports"] - rent == curve.owed
    mint = await cast.creator.chain.fetch_mint(cast.mint)
    holders = await cast.creator.chain.rpc.get_token_accounts_by_mint(cast.mint)
    assert mint is not None
    assert sum(amount for _, _, amount in holders) == mint.supply
    return curve


async def _send(pad: LaunchpadClient, built: batches.BuiltTransaction) -> None:
    key = pad.keypair
    assert isinstance(key, keys.Keypair)
    signature = await pad.chain.submit(keys.sign_transaction(built.transaction, key), built.last_valid_block_height)
    await pad.chain.confirm(signature, built.last_valid_block_height)


async def _until_it_works(work: Callable[[], Awaitable[T]], seconds: float = 150) -> T:
    """Try what only the cluster's clock allows until it does."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await work()
        except LaunchpadError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)
