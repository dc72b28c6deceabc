"""What takes several instructions at venues of mainnet, each list for one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from solders.instruction import Instruction
from solders.system_program import CreateAccountParams, create_account

from launchpad.chain import pda
from launchpad.chain.addresses import TOKEN, TOKEN_2022, pubkey
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.instructions import amm
from launchpad.chain.instructions.solana import create_token_account, wrap_sol
from launchpad.chain.keys import Keypair
from launchpad.chain.swapping import PassingSol
from launchpad.chain.transactions import Draft
from launchpad.chain.venues import openbook, orca, pump
from launchpad.chain.venues.orca import Whirlpool
from launchpad.chain.venues.pump import Coin, Global


def pump_create(coin: Coin, *, classic: bool = False) -> list[Instruction]:
    """A new coin on Pump.fun."""
    return [pump.create(coin) if classic else pump.create_v2(coin)]


def pump_buy(coin: Coin, parameters: Global, lamports: int, least: int, *, classic: bool = False) -> list[Instruction]:
    """The first buy of a coin; the buyer's account is made where it is missing."""
    program = TOKEN if classic else TOKEN_2022
    account = create_token_account(coin.user, coin.user, coin.mint, program)
    return [account, pump.buy_exact_quote_in_v2(coin, parameters, lamports, least, program)]


@dataclass(frozen=True, slots=True)
class SplashPool:
    """A splash pool that is about to be opened, and the full-range position in it."""

    pool: Whirlpool
    owner: str
    position_mint: str
    base: int
    lamports: int

    def opening(self) -> list[Instruction]:
        """The pool at the price of both amounts, and the two arrays that a full range needs."""
        low, high = (orca.array_start(tick, self.pool.spacing) for tick in orca.full_range(self.pool.spacing))
        price = orca.sqrt_price(*self.pool.in_order(self.base, self.lamports))
        return [
            orca.initialize_pool_v2(self.pool, self.owner, price),
            orca.initialize_tick_array(self.pool, self.owner, low),
            orca.initialize_tick_array(self.pool, self.owner, high),
        ]

    def filling(self, sol: PassingSol) -> list[Instruction]:
        """The position, and nearly all of both amounts in it; what is left over comes back."""
        most = self.pool.in_order(self.base, self.lamports)
        liquidity = orca.liquidity_of(*most, self.pool.spacing)
        fill = orca.increase_liquidity_v2(self.pool, self.owner, self.position_mint, liquidity, most, sol.account)
        return [orca.open_position(self.pool, self.owner, self.position_mint), *sol.around(self.lamports, fill)]


def own_pool(key: str, opener: str, token: tuple[str, str], amounts: tuple[int, int], index: int) -> list[Instruction]:
    """A pool of our own program at `key`, of a (mint, token program) against SOL, with base units and lamports."""
    pool = amm.Pool(key, token[0], base_token_program=token[1])
    return [*wrap_sol(opener, amounts[1]), amm.create_pool(opener, pool, amounts, index)]


def openbook_market(market: openbook.Market, payer: str, name: str, rents: tuple[int, int]) -> list[Instruction]:
    """A market with its accounts, at once so that nobody can come between; `rents` are of a side and of the heap."""
    sides = [
        _account(payer, key, openbook.BOOK_SIDE_BYTES, rents[0], openbook.OPENBOOK)
        for key in (market.bids, market.asks)
    ]
    heap = _account(payer, market.event_heap, openbook.EVENT_HEAP_BYTES, rents[1], openbook.OPENBOOK)
    return [*sides, heap, openbook.create_market(market, payer, name)]


@dataclass(frozen=True, slots=True)
class BookOrder:
    """An order of a wallet, with the accounts that it still lacks. `number` is that of the account for open orders."""

    market: openbook.Market
    owner: str
    number: int
    order: openbook.Order
    needs_indexer: bool
    needs_account: bool

    def instructions(self, sol: PassingSol, lamports: int) -> list[Instruction]:
        """What places it; a bid is paid from SOL that is wrapped for it, an ask from the wallet's own account."""
        made = []
        if self.needs_indexer:
            made.append(openbook.create_orders_indexer(self.owner, self.owner))
        if self.needs_account:
            made.append(openbook.create_orders_account(self.owner, self.owner, self.market.key, self.number))
        orders = openbook.orders_account(self.owner, self.number)
        if self.order.side == "bid":
            placed = openbook.place_order(self.market, self.owner, orders, sol.account, self.order)
            return [*made, *sol.around(lamports, placed)]
        source = pda.associated_token(self.owner, self.market.base_mint, TOKEN)
        return [*made, openbook.place_order(self.market, self.owner, orders, source, self.order)]


def _account(payer: str, key: str, space: int, lamports: int, owner: str) -> Instruction:
    params = CreateAccountParams(
        from_pubkey=pubkey(payer), to_pubkey=pubkey(key), lamports=lamports, space=space, owner=pubkey(owner)
    )
    return create_account(params)


async def build_after(
    chain: ChainClient,
    payer: str,
    instructions: Sequence[Instruction],
    rehearsal: Sequence[Instruction],
    extra_units: int,
    signers: Sequence[Keypair] = (),
) -> BuiltTransaction:
    """A transaction that needs another one to land first; `rehearsal` is simulated in its place.

    It may use `extra_units` more compute units than that.
    """
    table = await chain.lookup_table()
    draft = Draft(payer, instructions, signers, [table] if table else [], None, rehearsal, extra_units)
    return await chain.build_draft(draft)
