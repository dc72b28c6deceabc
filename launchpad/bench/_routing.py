"""A router of fees with as many recipients as there can be, in the benches' one life of the programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from launchpad.chain import keys, pda
from launchpad.chain.instructions import amm, fee_router, launcher
from launchpad.chain.instructions.amm import Pool
from launchpad.chain.instructions.fee_router import RouterTerms
from launchpad.chain.instructions.solana import transfer_lamports
from launchpad.chain.router_events import Portion

SOL = 10**9
LATER = 2**62
_HOUR = 3_600
_RECIPIENTS = 100

# Name, who signs, what is sent, and whether it only prepares the next.
Line = tuple[str, Sequence[Any], Sequence[Any], bool]


def steps(creator: Any, mint: str, trade: tuple[Any, Pool]) -> Iterator[Line]:
    """A token of `creator` whose curve owes fees, and a pool whose opener trades in it."""
    owner, heir = keys.address_of(creator), keys.generate()
    router, by = pda.fee_router(owner, 0), [creator]
    portions = [Portion(keys.address_of(keys.generate()), 10_000 // _RECIPIENTS) for _ in range(_RECIPIENTS)]
    yield "create_router", by, [fee_router.create_router(owner, owner, RouterTerms(0, _HOUR))], False
    for piece in fee_router.pieces(portions):
        yield "write_proposal", by, [fee_router.write_proposal(router, owner, piece)], False
    yield "propose_shares, 100 recipients", by, [fee_router.propose_shares(router, owner)], False
    yield "apply_shares, 100 recipients", by, [fee_router.apply_shares(router, owner, owner)], False
    yield "propose_creator", by, [launcher.propose_creator(mint, owner, router)], True
    yield "adopt", by, [fee_router.adopt(router, mint)], False
    yield "collect_curve", by, [fee_router.collect_curve(router, mint)], False
    yield from _pool(router, *trade)
    yield "propose_release", by, [fee_router.propose_release(router, owner, mint, owner)], False
    yield "cancel_release", by, [fee_router.cancel_release(router, owner, mint, owner)], False
    first = fee_router.ordered(portions)[0].wallet
    # An empty wallet can be paid no less than an account must hold.
    gift = transfer_lamports(owner, router, SOL)
    yield "claim among 100", by, [gift, fee_router.claim(router, first)], False
    yield "fix_shares", by, [fee_router.fix_shares(router, owner)], False
    yield "propose_owner", by, [fee_router.propose_owner(router, owner, keys.address_of(heir))], False
    yield "accept_owner", [heir], [fee_router.accept_owner(router, keys.address_of(heir))], False


def _pool(router: str, opener: Any, pool: Pool) -> Iterator[Line]:
    trader, by = keys.address_of(opener), [opener]
    yield "set_creator", by, [amm.set_creator(pool, trader, router)], True
    buy = amm.swap_exact_in(pool, trader, is_buy=True, amount_in=2 * SOL, min_amount_out=1, deadline=LATER)
    yield "swap_exact_in", by, [buy], True
    yield "collect_pool", by, [fee_router.collect_pool(router, trader, pool)], False
