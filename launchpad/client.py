"""Launchpad as a library: launch, buy and sell in a few lines.

    from launchpad.client import LaunchpadClient, sol, units

    async with LaunchpadClient("http://127.0.0.1:8899", keypair) as pad:
        launch = await pad.launch("Example", "EXM", "https://example.org/exm.json", supply=units("1000000000", 9))
        trade = await pad.buy(launch.mint, quote_in=sol("0.5"))
        await pad.sell(launch.mint, base_in=trade.base_amount // 2)

Amounts are integers in base units, lamports and token units; `sol` and `units` make
them of what people write. Every call waits until the cluster has confirmed, or raises
a LaunchpadError that says what happened and what to do.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

from launchpad.chain import keys
from launchpad.chain.accounts import CurveState, LaunchState
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.bulk.items import Wanted
from launchpad.chain.bulk.running import Result, run
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.completing import Buy, build, completion_of
from launchpad.chain.curve_math import BPS, U64_MAX, LaunchFee, TradeQuote
from launchpad.chain.events import (
    ChainTransaction,
    Graduated,
    Refunded,
    Swapped,
    TokenLaunched,
    Traded,
    decode_transaction,
)
from launchpad.chain.executors import ExecutorName
from launchpad.chain.instructions import curve as curve_instructions
from launchpad.chain.keys import Keypair
from launchpad.chain.launching import CLASSIC_ALLOCATIONS, FirstBuy, LaunchParams, Lock, Mintable, TeamVesting
from launchpad.chain.markets import TokenMarket, fetch_market
from launchpad.chain.orders import build_pool_order
from launchpad.chain.swapping import Order, claim_creator_fees, passing_sol
from launchpad.chain.tokens import MintState
from launchpad.chain.venues.raydium.events import swaps_of
from launchpad.chain.venues.raydium.market import RaydiumMarket
from launchpad.config import split_list, websocket_of
from launchpad.errors import ConfigError, InvalidInputError, LaunchpadError, UnavailableError

__all__ = [
    "CLASSIC_ALLOCATIONS",
    "FirstBuy",
    "Launch",
    "LaunchFee",
    "LaunchpadClient",
    "Lock",
    "Mintable",
    "Refund",
    "TeamVesting",
    "Token",
    "Trade",
    "Wanted",
    "sol",
    "units",
    "whole",
]

SOL_DECIMALS = 9
# Wide enough that no amount is ever rounded.
_EXACT = Context(prec=80, traps=[InvalidOperation])

Report = Callable[[str], None]


class InvalidAmountError(InvalidInputError):
    """Text that is no amount, or finer than the token's decimals."""

    code = "INVALID_AMOUNT"


@dataclass(frozen=True, slots=True)
class Launch:
    """A token that was launched. `first_buy` in base units."""

    mint: str
    curve: str
    signature: str
    slot: int
    first_buy: int
    first_buy_lock: str | None


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade that was confirmed, on the curve or in the pool.

    Lamports: `total` is what the buyer paid or the seller got, without the tip. `pool` is the pool that
    a buy of the last of a sale opened in its own transaction, None where it opened none.
    """

    signature: str
    slot: int
    mint: str
    side: Literal["buy", "sell"]
    base_amount: int
    quote_amount: int
    fees: int
    total: int
    tip: int = 0
    pool: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Tokens of an expired sale that were returned, and the lamports that came back."""

    signature: str
    slot: int
    mint: str
    base_amount: int
    quote_amount: int


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is on chain now."""

    mint: MintState
    curve: CurveState
    launch: LaunchState | None


@dataclass(frozen=True)
class _Endpoint:
    rpc_urls: list[str]
    ws_urls: list[str]
    priority_fee_microlamports: int
    jito_url: str
    jito_auth_uuid: str
    jito_max_tip_lamports: int


@dataclass
class LaunchpadClient:
    """One wallet on one cluster.

    `url` is a JSON-RPC address, or several separated by commas, best first. `keypair` is
    a Keypair or the path of a keypair file; without one it can read and quote.
    `priority_fee` is micro-lamports per compute unit, -1 asks the cluster. `report`
    hears one line per step of long work. `jito_url` is the block engine of executor jito,
    where the cluster has one, `jito_auth` an allowance there, `jito_max_tip` the largest tip.
    `ws_url` is a WebSocket address, or several, to hear confirmations by, derived from `url`
    where it is empty; while none answers, confirmations are asked for again and again.
    """

    url: str
    keypair: Keypair | Path | str | None = None
    priority_fee: int = -1
    report: Report = lambda _: None
    jito_url: str = ""
    jito_auth: str = ""
    jito_max_tip: int = 10_000_000
    ws_url: str = ""
    chain: ChainClient = field(init=False, repr=False)

    def __post_init__(self) -> None:
        urls = split_list(self.url)
        sockets = split_list(self.ws_url) or [websocket_of(url) for url in urls]
        jito = (self.jito_url, self.jito_auth, self.jito_max_tip)
        self.chain = ChainClient(_Endpoint(urls, sockets, self.priority_fee, *jito))
        if isinstance(self.keypair, Path | str):
            self.keypair = keys.load(Path(self.keypair))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.chain.close()

    @property
    def address(self) -> str:
        """The wallet's address; ConfigError when there is no wallet."""
        return keys.address_of(self._wallet)

    # Reading

    async def balance(self, address: str | None = None) -> int:
        """Lamports of a wallet, this one's by default."""
        return await self.chain.rpc.get_balance(address or self.address)

    async def token_balance(self, mint: str, owner: str | None = None) -> int:
        """Base units of a token that a wallet holds, this one by default."""
        return (await self.chain.rpc.get_token_balances(owner or self.address)).get(mint, 0)

    async def token(self, mint: str) -> Token:
        """A token, its curve and how it was launched; NoCurveError where there is no curve."""
        curve = await self.chain.require_curve(mint)
        state = await self.chain.fetch_mint(mint)
        if state is None:
            raise InvalidInputError(f"There is no token {mint} on this cluster: check the address.")
        return Token(state, curve, await self.chain.fetch_launch(mint))

    async def market(self, mint: str) -> TokenMarket:
        """Where a token trades now: its curve, or once it graduated its pool. NoCurveError where there is neither."""
        market = await fetch_market(self.chain.rpc, mint, int(time.time()))
        return market or TokenMarket(await self.chain.require_curve(mint), None)

    async def quote_buy(self, mint: str, *, quote_in: int | None = None, base_out: int | None = None) -> TradeQuote:
        """What lamports would buy, or what base units would cost, now."""
        return _quote_buy(await self.market(mint), quote_in, base_out)

    async def quote_sell(self, mint: str, base_in: int) -> TradeQuote:
        """What base units would bring now."""
        return (await self.market(mint)).quote_sell(base_in)

    # Doing

    async def launch(self, name: str, symbol: str, uri: str, *, supply: int, **more: Any) -> Launch:
        """Launch a token: `supply` base units, `more` as in LaunchParams (decimals, allocations, first_buy, ...).

        The classic curve and allocations unless told otherwise. Raises InvalidLaunchError
        and what the launcher says, such as InsufficientFundsError.
        """
        params = LaunchParams(creator=self.address, name=name, symbol=symbol, uri=uri, supply=supply, **more)
        self.report("Building the launch")
        mint, (*before, last) = await self.chain.build_launch(params)
        for built in before:
            await self._settle(built)
        done = await self._settle(last)
        event = next(e.data for e in done.events if isinstance(e.data, TokenLaunched))
        return Launch(mint, event.curve, done.signature, done.slot, event.first_buy, event.first_buy_lock)

    async def launch_many(self, launches: Sequence[dict[str, Any]]) -> list[Launch | LaunchpadError]:
        """Launch several tokens one after the other, each with the arguments of `launch`.

        In the place of one that failed stands its error; it does not stop the others.
        """
        done: list[Launch | LaunchpadError] = []
        for given in launches:
            try:
                done.append(await self.launch(**given))
            except LaunchpadError as error:
                done.append(error)
        return done

    async def buy(
        self,
        mint: str,
        *,
        quote_in: int | None = None,
        base_out: int | None = None,
        slippage_bps: int = 100,
        referrer: str | None = None,
        seconds: int = 60,
        executor: ExecutorName = "legacy",
        tip: int | None = None,
        graduate: bool = True,
    ) -> Trade:
        """Spend exactly `quote_in` lamports, fees included, or get exactly `base_out` base units.

        Fails rather than taking a price worse than `slippage_bps` from now, or later than
        in `seconds`. A buy of all that is left opens the token's pool too, where both fit one transaction and
        `graduate` allows it.
        Executor jito bids for a bundle with `tip` lamports, and turns to plain sending where that
        fails; ExecutorUnavailableError where the cluster has no block engine.
        """
        paid = self.chain.tip(executor, tip)
        self.report("Quoting")
        market = await self.market(mint)
        quote = _quote_buy(market, quote_in, base_out)
        deadline = int(time.time()) + seconds
        exact_in = quote_in is not None
        most = quote_in if quote_in is not None else -(-quote.total * (BPS + slippage_bps) // BPS)
        least = quote.base_amount * (BPS - slippage_bps) // BPS if exact_in else quote.base_amount
        if market.in_pool:
            order = Order("buy", "in" if exact_in else "out", most, least, deadline)
            built = await build_pool_order(self.chain, market, self.address, order, paid)
        else:
            amounts = (most, least) if exact_in else (least, most)
            kind = self.chain.build_buy_exact_in if exact_in else self.chain.build_buy_exact_out
            buy = partial(kind, mint, self.address, *amounts, deadline, referrer, tip=paid)
            built = await self._build_buy(buy, market, quote, graduate=graduate)
        return await self._trade(built, executor, market)

    async def sell(
        self,
        mint: str,
        *,
        base_in: int,
        slippage_bps: int = 100,
        referrer: str | None = None,
        seconds: int = 60,
        executor: ExecutorName = "legacy",
        tip: int | None = None,
    ) -> Trade:
        """Sell `base_in` base units, at no worse than `slippage_bps` from the price now; `executor` as in `buy`."""
        paid = self.chain.tip(executor, tip)
        self.report("Quoting")
        market = await self.market(mint)
        least = market.quote_sell(base_in).total * (BPS - slippage_bps) // BPS
        deadline = int(time.time()) + seconds
        if market.in_pool:
            order = Order("sell", "in", base_in, least, deadline)
            built = await build_pool_order(self.chain, market, self.address, order, paid)
        else:
            built = await self.chain.build_sell(mint, self.address, base_in, least, deadline, referrer, tip=paid)
        return await self._trade(built, executor, market)

    async def expire(self, mint: str) -> str:
        """End a sale whose deadline has passed, so that everybody can have refunds; the signature."""
        return (await self._settle(await self.chain.build_expire(mint, self.address))).signature

    async def refund(self, mint: str, *, base_in: int | None = None) -> Refund:
        """Return base units of an expired sale, all that the wallet holds unless told otherwise.

        Tokens in a vesting schedule can be returned once they are claimed.
        """
        amount = await self.token_balance(mint) if base_in is None else base_in
        done = await self._settle(await self.chain.build_refund(mint, self.address, amount))
        event = next(e.data for e in done.events if isinstance(e.data, Refunded))
        return Refund(done.signature, done.slot, mint, event.base_amount, event.quote_amount)

    async def bulk(self, items: Sequence[Wanted], *, label: str = "", notes: Path | None = None) -> list[Result]:
        """Many transfers and burns, in as few transactions as hold them; a result per item, in order.

        Nothing is done twice: the same items under the same `label` are looked for on chain first.
        Raises BulkRefusedError, which names every item at fault, before anything is sent.
        """
        return await run(self.chain, self._wallet, items, label=label, notes=notes, report=self.report)

    async def claim_creator_fees(self, mint: str) -> str:
        """Collect the creator fees of one's own token, of its curve and of its pool; the signature."""
        market, claims = await self.market(mint), []
        if market.curve.creator_fees or not market.pool:
            claims.append(curve_instructions.claim_creator_fees(mint, self.address))
        if market.pool and (market.pool.state.creator_fees or not claims):
            claims += claim_creator_fees(market.pool.accounts, await passing_sol(self.chain, self.address))
        return (await self._settle(await self.chain.build(self.address, claims))).signature

    async def claim_vesting(self, schedule: str) -> str:
        """Collect what has vested; the signature."""
        return (await self._settle(await self.chain.build_claim_vesting(schedule, self.address))).signature

    async def register_referrer(self) -> str:
        """Become able to earn as a referrer; the signature."""
        return (await self._settle(await self.chain.build_register_referrer(self.address))).signature

    async def claim_referrer_fees(self) -> str:
        """Collect what one earned as a referrer; the signature."""
        return (await self._settle(await self.chain.build_claim_referrer_fees(self.address))).signature

    async def airdrop(self, lamports: int) -> str:
        """Play money, on local and test clusters; the signature."""
        blockhash = await self.chain.rpc.latest_blockhash()
        signature = await self.chain.rpc.request_airdrop(self.address, lamports)
        await self.chain.confirm(signature, blockhash.last_valid_block_height)
        return signature

    @property
    def _wallet(self) -> Keypair:
        if not isinstance(self.keypair, Keypair):
            raise ConfigError("This needs a wallet: give LaunchpadClient a keypair.")
        return self.keypair

    async def _build_buy(self, buy: Buy, market: TokenMarket, quote: TradeQuote, *, graduate: bool) -> BuiltTransaction:
        """A buy on the curve; with the graduation after it where it takes the last of the sale."""
        curve = market.curve
        is_last = graduate and quote.sold_after == curve.sale_supply
        completion = await completion_of(self.chain, curve, self.address) if is_last else None
        return (await build(buy, completion))[0]

    async def _trade(self, built: BuiltTransaction, executor: ExecutorName, market: TokenMarket) -> Trade:
        done = await self._settle(built, executor)
        if market.raydium:
            return await self._swapped_at_raydium(done, built.tip_lamports, market.raydium)
        event = next(e.data for e in done.events if isinstance(e.data, Traded | Swapped))
        fees = event.protocol_fee + event.creator_fee
        if isinstance(event, Swapped):
            fees += event.lp_fee
        else:
            fees += event.referrer_fee + event.launch_fee
        return Trade(
            signature=done.signature,
            slot=done.slot,
            mint=event.base_mint if isinstance(event, Swapped) else event.mint,
            side="buy" if event.is_buy else "sell",
            base_amount=event.base_amount,
            quote_amount=event.quote_amount,
            fees=fees,
            total=event.quote_amount + fees if event.is_buy else event.quote_amount - fees,
            tip=built.tip_lamports,
            pool=next((e.data.pool for e in done.events if isinstance(e.data, Graduated)), None),
        )

    async def _swapped_at_raydium(self, done: ChainTransaction, tip: int, market: RaydiumMarket) -> Trade:
        """Raydium tells of swaps in the log alone. A sale pays its fees in tokens: in lamports they are none."""
        answer = await self.chain.read_back(done.signature)
        swap = next(one for one in swaps_of((answer or {})["meta"]["logMessages"]) if one.pool == market.key)
        is_buy = swap.input_mint == WRAPPED_SOL
        base, total = (swap.output_amount, swap.input_amount) if is_buy else (swap.input_amount, swap.output_amount)
        fees = swap.trade_fee + (swap.creator_fee if swap.creator_fee_on_input else 0) if is_buy else 0
        return Trade(
            signature=done.signature,
            slot=done.slot,
            mint=swap.output_mint if is_buy else swap.input_mint,
            side="buy" if is_buy else "sell",
            base_amount=base,
            quote_amount=total - fees,
            fees=fees,
            total=total,
            tip=tip,
        )

    async def _settle(self, built: BuiltTransaction, executor: ExecutorName = "legacy") -> ChainTransaction:
        """Sign, send, and wait until it is confirmed and can be read back."""
        self.report("Sending")
        signed = keys.sign_transaction(built.transaction, self._wallet)
        signature = await self.chain.submit(signed, built.last_valid_block_height, executor)
        self.report("Waiting for confirmation")
        await self.chain.confirm(signature, built.last_valid_block_height)
        answer = await self.chain.read_back(signature)
        if answer is None:
            message = f"The transaction {signature} is confirmed, but no node can show it yet: look it up later."
            raise UnavailableError(message, signature=signature)
        return decode_transaction(answer)


def _quote_buy(market: TokenMarket, quote_in: int | None, base_out: int | None) -> TradeQuote:
    if (quote_in is None) == (base_out is None):
        raise InvalidAmountError("Say either what to spend (quote_in) or what to get (base_out).")
    return market.quote_buy_exact_in(quote_in) if quote_in is not None else market.quote_buy_exact_out(base_out or 0)


def sol(amount: str | int | Decimal) -> int:
    """Lamports of an amount in SOL: 500 000 000 for "0.5"."""
    return units(amount, SOL_DECIMALS)


def units(amount: str | int | Decimal, decimals: int) -> int:
    """Base units of an amount in whole tokens; InvalidAmountError when it is none or too fine."""
    try:
        value = _EXACT.scaleb(Decimal(amount), decimals)
    except InvalidOperation as error:
        raise InvalidAmountError(f"{amount!r} is no amount: write a number such as 0.5.") from error
    if not value.is_finite() or not 0 <= value <= U64_MAX or value != int(value):
        message = f"{amount} must be positive, have at most {decimals} decimals, and fit 64 bits of base units."
        raise InvalidAmountError(message)
    return int(value)


def whole(amount: int, decimals: int) -> Decimal:
    """Whole tokens of base units, exactly."""
    return _EXACT.scaleb(Decimal(amount), -decimals)
