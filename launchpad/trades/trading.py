"""Quotes and unsigned transactions, by the curve or the pool as it is on chain at the moment."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from launchpad.chain import completing, keys, pda
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.completing import Completion
from launchpad.chain.instructions.solana import TOKEN_ACCOUNT_BYTES
from launchpad.chain.markets import TokenMarket, fetch_market
from launchpad.chain.opening import Standing
from launchpad.chain.orders import build_pool_order
from launchpad.chain.swapping import Order
from launchpad.db import Database
from launchpad.tokens import queries as token_queries
from launchpad.tokens.errors import unknown_token
from launchpad.trades import opening, quoting
from launchpad.trades.errors import ReferrerUnknownError
from launchpad.trades.quoting import Costs, Terms
from launchpad.trades.schemas import BuildRequest, BuiltTrade, Quote, QuoteRequest

_SIGNATURE_LAMPORTS = 5000
# A Token-2022 account with the extension that associated accounts carry.
_EXTENDED_BYTES = 170


async def quote_trade(database: Database, chain: ChainClient, asked: QuoteRequest) -> Quote:
    """What the trade does now.

    Raises TokenNotFoundError, ReferrerUnknownError, ExecutorUnavailableError,
    TipRefusedError and what quoting.terms refuses.
    """
    market, symbol = await _market(database, chain, asked.mint)
    found = quoting.terms(market, asked)
    await _check_referrer(chain, market, asked)
    told = quoting.quote(market, symbol, asked, found, await _costs(chain, market, asked))
    standing = await opening.standing_of(database, chain, market, asked)
    completion = await _completion(chain, market, asked, found)
    if completion and not await _fits(chain, market, asked, completion, standing):
        completion = None
    return _settled(told, standing, found, completion)


async def build_trade(database: Database, chain: ChainClient, asked: BuildRequest) -> BuiltTrade:
    """An unsigned transaction that does what the quote says, or fails and changes nothing.

    Raises what `quote_trade` raises, and what a simulation of the transaction
    says, such as InsufficientFundsError.
    """
    market, symbol = await _market(database, chain, asked.mint)
    found = quoting.terms(market, asked)
    await _check_referrer(chain, market, asked)
    standing = await opening.standing_of(database, chain, market, asked)
    if standing:
        standing.check(found.amount_out, int(time.time()))
    costs = await _costs(chain, market, asked)
    deadline = int(time.time()) + asked.deadline_seconds
    limits = (deadline, costs.tip)
    completion = await _completion(chain, market, asked, found)
    if market.in_pool:
        order = Order(asked.side, asked.amount_is, found.worst_in, found.worst_out, deadline)
        built = await build_pool_order(chain, market, asked.wallet, order, costs.tip)
    elif asked.side == "sell":
        built = await _sell(chain, asked, found, limits)
    else:
        built, graduates = await completing.build(_buy(chain, asked, found, limits, standing), completion)
        completion = completion if graduates else None
    base_fee = built.network_fee_lamports - built.priority_fee_lamports
    settled = replace(costs, network=base_fee, priority=built.priority_fee_lamports, tip=built.tip_lamports)
    return BuiltTrade(
        transaction=built.transaction,
        blockhash=built.blockhash,
        last_valid_block_height=built.last_valid_block_height,
        signers=built.signers_needed,
        compute_unit_limit=built.compute_unit_limit,
        deadline=datetime.fromtimestamp(deadline, UTC),
        programs=keys.describe_transaction(built.transaction).programs,
        quote=_settled(quoting.quote(market, symbol, asked, found, settled), standing, found, completion),
    )


def _settled(told: Quote, standing: Standing | None, found: Terms, completion: Completion | None) -> Quote:
    """The quote with what the opening's rules say, and with the graduation that goes with it."""
    more: dict[str, object] = {}
    if standing:
        more["opening"] = opening.view(standing, found.amount_out)
    if completion:
        more |= {"graduates": True, "graduation_bounty": str(completion.bounty)}
    return told.model_copy(update=more) if more else told


async def _completion(chain: ChainClient, market: TokenMarket, asked: QuoteRequest, found: Terms) -> Completion | None:
    """The graduation that a buy of all that is left may carry; of nobody in particular, of the creator."""
    curve = market.curve
    if not asked.graduate or asked.side == "sell" or market.in_pool or found.trade.sold_after != curve.sale_supply:
        return None
    return await completing.completion_of(chain, curve, asked.wallet or curve.creator)


async def _fits(
    chain: ChainClient, market: TokenMarket, asked: QuoteRequest, completion: Completion, standing: Standing | None
) -> bool:
    buyer, before = asked.wallet or market.curve.creator, standing.preparations(int(time.time())) if standing else []
    given = (asked.referrer, standing.ruled if standing else None, before)
    return await completing.fits_beside_buy(chain, completion, market.curve, buyer, given)


async def _sell(chain: ChainClient, asked: BuildRequest, found: Terms, limits: tuple[int, int]) -> BuiltTransaction:
    deadline, tip = limits
    terms = (found.worst_in, found.worst_out, deadline, asked.referrer)
    return await chain.build_sell(asked.mint, asked.wallet, *terms, tip=tip)


def _buy(
    chain: ChainClient, asked: BuildRequest, found: Terms, limits: tuple[int, int], standing: Standing | None
) -> completing.Buy:
    """What builds the buy, still without what comes after it."""
    deadline, tip = limits
    proof = standing.proof if standing else None
    exact_in = asked.amount_is == "in"
    amounts = (found.worst_in, found.worst_out) if exact_in else (found.worst_out, found.worst_in)
    build = chain.build_buy_exact_in if exact_in else chain.build_buy_exact_out
    return partial(build, asked.mint, asked.wallet, *amounts, deadline, asked.referrer, tip=tip, proof=proof)


async def _market(database: Database, chain: ChainClient, mint: str) -> tuple[TokenMarket, str]:
    """Where the token trades, and its symbol; the chain knows a curve before the index does."""
    market = await fetch_market(chain.rpc, mint, int(time.time()))
    if market is None:
        raise unknown_token(mint)
    async with database.read() as session:
        found = await token_queries.token_and_curve(session, mint)
    return market, found[0].symbol if found else ""


async def _check_referrer(chain: ChainClient, market: TokenMarket, asked: QuoteRequest) -> None:
    # Pools pay nobody for referring, and links of referrers stay good.
    if asked.referrer is None or market.in_pool:
        return
    if asked.referrer == asked.wallet:
        raise ReferrerUnknownError("Nobody refers himself: leave the referrer out.", field="referrer")
    if await chain.rpc.get_account(pda.referrer_fees(asked.referrer)) is None:
        message = "This referrer has not registered, so he cannot be paid: leave him out."
        raise ReferrerUnknownError(message, field="referrer")


async def _costs(chain: ChainClient, market: TokenMarket, asked: QuoteRequest) -> Costs:
    """The network fee, the tip, and the deposits for token accounts: the wallet's own, and one that passes."""
    tip = chain.tip(asked.executor, None if asked.tip_lamports is None else int(asked.tip_lamports))
    passing = await chain.rpc.get_rent(TOKEN_ACCOUNT_BYTES) if market.in_pool else 0
    costs = Costs(_SIGNATURE_LAMPORTS, 0, tip=tip, passing_deposit=passing)
    if asked.wallet is None or asked.side == "sell":
        return costs
    account = pda.associated_token(asked.wallet, market.curve.mint, market.curve.token_program)
    if await chain.rpc.get_account(account) is not None:
        return costs
    return replace(costs, account_rent=await chain.rpc.get_rent(_EXTENDED_BYTES))
