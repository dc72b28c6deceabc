"""Pools at Raydium: opened, filled and traded, as transactions for a wallet to sign."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from launchpad.amounts import decimal_text, fraction_text
from launchpad.chain import keys
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.curve_math import BPS
from launchpad.chain.swapping import passing_sol
from launchpad.chain.tokens import MintState
from launchpad.chain.venues.raydium import building, math
from launchpad.chain.venues.raydium.accounts import DEPOSIT_OFF, SWAP_OFF, AmmConfig
from launchpad.chain.venues.raydium.pools import RaydiumPool
from launchpad.chain.venues.raydium.reading import LivePool, NoFeeTierError, fetch_fee_tier, fetch_pool, find_pool
from launchpad.dex.building import fetch_token, require_extensions, require_funds, step
from launchpad.dex.errors import (
    MintNotAcceptedError,
    PoolExistsError,
    PriceMismatchError,
    PriceOffMarketError,
    SwapsWaitError,
)
from launchpad.dex.schemas import (
    BuildSwap,
    BuiltPool,
    BuiltSwap,
    CreatePool,
    PoolCost,
    PoolQuote,
    SwapAsked,
    SwapFees,
)
from launchpad.dex.venues import require_venue
from launchpad.errors import InvalidInputError

SOL = 10**9
# Transfer fee, interest, metadata pointer, metadata, scaled amounts: the program refuses all others.
_ACCEPTED = frozenset({1, 10, 18, 19, 25})
# What `initialize` makes: name and bytes of each account.
_ACCOUNTS = {
    "pool": 637,
    "observation": 4_075,
    "lp_mint": 82,
    "vault_0": 165,
    "vault_1": 165,
    "shares": 165,
}
_MOST_OFF = Fraction(1, 10)
_SAME_PRICE = Fraction(1, BPS)


@dataclass(frozen=True, slots=True)
class Opening:
    """A pool that can be opened: checked, and what it takes. Lamports and base units."""

    pool: RaydiumPool
    key: keys.Keypair | None
    token: MintState
    config: AmmConfig
    base: int
    lamports: int
    market_price: Fraction | None
    rents: dict[str, int]
    passing: int

    @property
    def total(self) -> int:
        """What the wallet pays before fees of the network."""
        return self.lamports + self.config.create_pool_fee + sum(self.rents.values())


async def create_pool(chain: ChainClient, asked: CreatePool) -> BuiltPool:
    """A pool of a token against SOL with its first liquidity, all or nothing.

    Raises NotOnThisNetworkError, NoFeeTierError, MintNotAcceptedError, PriceMismatchError,
    PriceOffMarketError, PoolExistsError, NoTokensError and InsufficientFundsError.
    """
    opening = await check_opening(chain, asked)
    built = await _open(chain, asked, opening)
    return BuiltPool(
        venue="raydium_cpmm",
        pool=opening.pool.key,
        lp_mint=opening.pool.lp_mint,
        mint=asked.mint,
        base_amount=str(opening.base),
        quote_amount=str(opening.lamports),
        price_sol=price_text(Fraction(opening.lamports, opening.base), opening.token.decimals),
        market_price_sol=opening.market_price and price_text(opening.market_price, opening.token.decimals),
        trade_fee_bps=decimal_text(Decimal(opening.config.trade_fee_rate) / 100),
        shares=str(math.first_shares((opening.base, opening.lamports)) - math.LOCKED_SHARES),
        cost=_cost(opening, built),
        steps=[step("Open the pool at Raydium", built)],
    )


async def check_opening(chain: ChainClient, asked: CreatePool) -> Opening:
    """What opening a pool comes to; raises what `create_pool` does."""
    await require_venue(chain, "raydium_cpmm")
    token, config = await asyncio.gather(fetch_token(chain, asked.mint), fetch_fee_tier(chain.rpc))
    require_extensions(token, _ACCEPTED, "Raydium")
    if config.disable_create_pool:
        raise NoFeeTierError("Raydium takes no new pools in this fee tier at the moment: choose another venue.")
    lamports = _lamports(asked, token.mint.decimals)
    base = int(asked.base_amount)
    math.first_shares((base, lamports))
    market_price = await _market_price(chain, asked.mint)
    _check_price(asked, Fraction(lamports, base), market_price)
    pool, key = await _address(chain, asked, token.mint)
    rents, passing = await _rents(chain)
    opening = Opening(pool, key, token.mint, config, base, lamports, market_price, rents, passing)
    await require_funds(chain, asked.wallet, token.mint, base, opening.total + passing)
    return opening


async def quote_swap(chain: ChainClient, asked: SwapAsked) -> PoolQuote:
    """What a swap in a pool does now.

    Raises NotOnThisNetworkError, NoPoolError, SwapsWaitError, and what the arithmetic refuses.
    """
    await require_venue(chain, "raydium_cpmm")
    live = await fetch_pool(chain.rpc, asked.pool)
    return _quoted(live, asked, _swap(live, asked))


async def build_swap(chain: ChainClient, asked: BuildSwap) -> BuiltSwap:
    """A swap in a pool that keeps to its quote; raises what `quote_swap` does, and what it would fail with."""
    await require_venue(chain, "raydium_cpmm")
    live = await fetch_pool(chain.rpc, asked.pool)
    quote = _quoted(live, asked, _swap(live, asked))
    order = building.Order(asked.side, asked.amount_is, int(quote.worst_in), int(quote.worst_out))
    sol = await passing_sol(chain, asked.wallet)
    built = await chain.build(asked.wallet, order.instructions(live.pool, sol))
    return BuiltSwap(quote=quote, step=step("Swap at Raydium", built))


async def build_deposit(
    chain: ChainClient, live: LivePool, wallet: str, most: tuple[int, int], slippage_bps: int
) -> tuple[BuiltTransaction, int, tuple[int, int]]:
    """Liquidity for a pool that is there: the transaction, the shares, and what they cost now (token 0, 1).

    `most` limits both sides; the shares leave room for a price that moves by the slippage.
    """
    if live.state.status & DEPOSIT_OFF:
        raise SwapsWaitError("This pool takes no deposits at the moment: choose another pool.")
    supply = live.state.lp_supply
    shares = math.shares_within(most, live.reserves, supply) * BPS // (BPS + slippage_bps)
    if shares == 0:
        raise InvalidInputError("This deposit is worth less than one share: deposit more.", field="base_amount")
    sol = await passing_sol(chain, wallet)
    built = await chain.build(wallet, building.deposit(live.pool, sol, shares, most))
    return built, shares, math.cost_of(shares, live.reserves, supply)


def price_text(price: Fraction, decimals: int) -> str:
    """SOL per whole token, from lamports per base unit."""
    return fraction_text(price * 10**decimals / SOL)


def _lamports(asked: CreatePool, decimals: int) -> int:
    """The SOL side: as named, or by the price; PriceMismatchError where both are named and differ by a basis point."""
    base = int(asked.base_amount)
    by_price = None
    if asked.initial_price_sol:
        by_price = Fraction(Decimal(asked.initial_price_sol)) * SOL * base / 10**decimals
    if asked.quote_amount is None:
        if by_price is None:
            raise PriceMismatchError("Name the amount of SOL, or the price to open at.", field="quote_amount")
        return int(by_price)
    lamports = int(asked.quote_amount)
    if by_price is not None and abs(by_price - lamports) > by_price * _SAME_PRICE:
        message = "The amounts make another price than the one that is named: leave one of them out."
        found = price_text(Fraction(lamports, base), decimals) if base else "0"
        raise PriceMismatchError(message, field="initial_price_sol", price_sol=found)
    return lamports


async def _market_price(chain: ChainClient, mint: str) -> Fraction | None:
    """Lamports per base unit on the token's curve while it trades there."""
    curve = await chain.fetch_curve(mint)
    if curve is None or curve.status != "trading":
        return None
    base, quote, _ = curve.spot
    return Fraction(quote, base)


def _check_price(asked: CreatePool, price: Fraction, market: Fraction | None) -> None:
    if market is None or asked.accept_price or abs(price - market) <= market * _MOST_OFF:
        return
    message = (
        "The pool would open more than a tenth off the price on the token's curve, and whoever trades first "
        "would take the difference: change the amounts, or set accept_price."
    )
    raise PriceOffMarketError(message, field="initial_price_sol", off_bps=int((price - market) * BPS / market))


async def _address(chain: ChainClient, asked: CreatePool, token: MintState) -> tuple[RaydiumPool, keys.Keypair | None]:
    if asked.address == "fresh":
        key = keys.generate()
        return RaydiumPool.of(asked.mint, token.token_program, key=keys.address_of(key)), key
    pool = RaydiumPool.of(asked.mint, token.token_program)
    if await find_pool(chain.rpc, pool.key) is not None:
        message = "Raydium has a pool of this token against SOL: add liquidity to it, or ask for a fresh address."
        raise PoolExistsError(message, pool=pool.key)
    return pool, None


async def _rents(chain: ChainClient) -> tuple[dict[str, int], int]:
    """Deposits by account, and that of a token account which lives within the transaction."""
    rents = await asyncio.gather(*(chain.rpc.get_rent(size) for size in _ACCOUNTS.values()))
    named = dict(zip(_ACCOUNTS, rents, strict=True))
    return named, named["shares"]


async def _open(chain: ChainClient, asked: CreatePool, opening: Opening) -> BuiltTransaction:
    sol = await passing_sol(chain, asked.wallet)
    wanted = building.open_pool(opening.pool, sol, opening.base, opening.lamports, asked.open_time)
    return await chain.build(asked.wallet, wanted, [opening.key] if opening.key else [])


def _cost(opening: Opening, built: BuiltTransaction) -> PoolCost:
    return PoolCost(
        pool_fee=str(opening.config.create_pool_fee),
        rents={name: str(rent) for name, rent in opening.rents.items()},
        quote_amount=str(opening.lamports),
        network=str(built.network_fee_lamports - built.priority_fee_lamports),
        priority=str(built.priority_fee_lamports),
        total=str(opening.total + built.network_fee_lamports),
        passing_deposit=str(opening.passing),
    )


def _swap(live: LivePool, asked: SwapAsked) -> math.SwapQuote:
    if live.sol_side is None:
        raise MintNotAcceptedError("This pool is not against SOL: swap at Raydium itself.", field="pool")
    if live.taxed:
        message = "This token takes a fee of every transfer, which is not worked out here: swap at Raydium itself."
        raise MintNotAcceptedError(message, field="pool")
    if live.state.status & SWAP_OFF:
        raise SwapsWaitError("Raydium has stopped swaps in this pool: choose another one.")
    if live.state.open_time > datetime.now(UTC).timestamp():
        message = "Swaps in this pool have not begun: wait until it opens."
        raise SwapsWaitError(message, opens_at=live.state.open_time)
    side_in = live.sol_side if asked.side == "buy" else 1 - live.sol_side
    quote = math.quote_exact_in if asked.amount_is == "in" else math.quote_exact_out
    return quote(live.facing(side_in), live.rates(side_in), int(asked.amount))


def _quoted(live: LivePool, asked: SwapAsked, swap: math.SwapQuote) -> PoolQuote:
    exact_in, sol_side = asked.amount_is == "in", live.sol_side or 0
    base, quote = live.reserves[1 - sol_side], live.reserves[sol_side]
    decimals = (live.state.mint_0_decimals, live.state.mint_1_decimals)[1 - sol_side]
    worst_out = swap.amount_out * (BPS - asked.slippage_bps) // BPS if exact_in else swap.amount_out
    worst_in = swap.amount_in if exact_in else -(-swap.amount_in * (BPS + asked.slippage_bps) // BPS)
    fees = swap.fees
    return PoolQuote(
        venue="raydium_cpmm",
        pool=live.pool.key,
        mint=live.pool.mints[1 - sol_side],
        side=asked.side,
        amount_in=str(swap.amount_in),
        amount_out=str(swap.amount_out),
        worst_in=str(worst_in),
        worst_out=str(worst_out),
        fees=SwapFees(
            trade=str(fees.trade), protocol=str(fees.protocol), fund=str(fees.fund), creator=str(fees.creator)
        ),
        price_impact_bps=swap.price_impact_bps,
        price_sol=price_text(Fraction(quote, base), decimals),
        as_of=datetime.now(UTC),
    )
