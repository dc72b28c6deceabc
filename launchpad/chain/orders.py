"""Orders in a graduate's pool, wherever that is."""

from launchpad.chain.client import BuiltTransaction, ChainClient, NoTokensError
from launchpad.chain.markets import TokenMarket
from launchpad.chain.swapping import Order, build_order, passing_sol
from launchpad.chain.venues.raydium import building
from launchpad.chain.venues.raydium.market import RaydiumMarket


async def build_pool_order(
    chain: ChainClient, market: TokenMarket, trader: str, order: Order, tip: int = 0
) -> BuiltTransaction:
    """The transaction of an order in the pool of a market that has one.

    Raises NoTokensError for the sale of a token that the trader never held. Raydium's pools know
    no deadline: there a transaction's blockhash is the only one.
    """
    if market.raydium:
        return await _at_raydium(chain, market.raydium, trader, order, tip)
    if market.pool is None:
        raise ValueError("This market has no pool.")
    return await build_order(chain, market.pool.accounts, trader, order, tip)


async def _at_raydium(
    chain: ChainClient, market: RaydiumMarket, trader: str, order: Order, tip: int
) -> BuiltTransaction:
    pool = market.pool
    account = pool.account_of(trader, 1 - market.sol_side)
    if order.side == "sell" and await chain.rpc.get_account(account) is None:
        raise NoTokensError("The wallet holds none of this token.", field="amount")
    wanted = building.Order(order.side, order.exact, order.amount_in, order.amount_out)
    return await chain.build(trader, wanted.instructions(pool, await passing_sol(chain, trader)), tip=tip)
