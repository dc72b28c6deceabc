"""What the chain says of a graduate's pool, of its shares, and of what the raise left beside it. Nothing here judges.

The pool is the one that the curve's own account names: pools that others opened are not looked at.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal

from launchpad.chain import pda
from launchpad.chain.accounts import PROGRAM_OF, CurveState, decode_account
from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.inspecting_locks import LockFacts, fetch_locks
from launchpad.chain.markets import fetch_open_pool
from launchpad.chain.rpc import RpcPool
from launchpad.chain.sale_accounts import TermsState
from launchpad.chain.sale_terms import USUAL_TERMS, GraduationTerms
from launchpad.chain.tokens import data_of, parse_mint, parse_token_account
from launchpad.chain.venues.raydium.reading import find_pool


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """A pool: whose program, what its liquidity consists of, and the account that holds the tokens."""

    address: str
    venue: Literal["amm", "raydium"]
    base: int
    quote: int
    base_vault: str
    lp_mint: str
    shares: int  # all that the pool counts, those included that nobody holds


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """Where a pool's shares are: as tokens at all, on the curve's own account, in schedules that the curve made."""

    tokens: int
    waiting: int
    locks: list[LockFacts]


@dataclass(frozen=True, slots=True)
class GraduateFacts:
    """A graduate. `pool` is None where the account that the curve names is no pool of its token."""

    named: str
    pool: PoolFacts | None
    shares: ShareFacts | None
    payouts: list[LockFacts]
    terms: GraduationTerms


async def fetch_graduate(rpc: RpcPool, curve: CurveState) -> GraduateFacts | None:
    """The facts behind a curve that graduated; None before that."""
    if curve.status != "graduated" or curve.pool is None:
        return None
    pool = await _pool(rpc, curve.pool, curve.mint)
    payouts = await fetch_locks(rpc, WRAPPED_SOL, TOKEN, grantor=pda.curve(curve.mint))
    shares = await _shares(rpc, pool, curve) if pool else None
    return GraduateFacts(curve.pool, pool, shares, payouts, await _terms(rpc, curve.terms))


async def _terms(rpc: RpcPool, address: str | None) -> GraduationTerms:
    account = await rpc.get_account(address) if address else None
    if account is None or account["owner"] != PROGRAM_OF[TermsState]:
        return USUAL_TERMS.graduation
    return decode_account(TermsState, data_of(account)).sale.graduation


async def _pool(rpc: RpcPool, key: str, mint: str) -> PoolFacts | None:
    if key == pda.canonical_pool(mint):
        return await _ours(rpc, key, mint)
    live = await find_pool(rpc, key)
    if live is None or live.sol_side is None or mint not in live.pool.mints:
        return None
    side = live.sol_side
    base, quote = live.reserves[1 - side], live.reserves[side]
    return PoolFacts(key, "raydium", base, quote, live.pool.vaults[1 - side], live.state.lp_mint, live.state.lp_supply)


async def _ours(rpc: RpcPool, key: str, mint: str) -> PoolFacts | None:
    found = await fetch_open_pool(rpc, key, mint, int(time.time()))
    if found is None:
        return None
    state, reserves = found.state, found.reserves
    return PoolFacts(key, "amm", reserves.base, reserves.quote, state.base_vault, state.lp_mint, state.lp_supply)


async def _shares(rpc: RpcPool, pool: PoolFacts, curve: CurveState) -> ShareFacts:
    owner = pda.curve(curve.mint)
    mint, account = await rpc.get_accounts([pool.lp_mint, pda.associated_token(owner, pool.lp_mint, TOKEN)])
    waiting = _held(account)
    if mint is None:
        return ShareFacts(0, waiting, [])
    state = parse_mint(pool.lp_mint, mint)
    locks = await fetch_locks(rpc, pool.lp_mint, state.token_program, grantor=owner)
    return ShareFacts(state.supply, waiting, locks)


def _held(account: dict[str, Any] | None) -> int:
    return parse_token_account(data_of(account)).amount if account and data_of(account) else 0
