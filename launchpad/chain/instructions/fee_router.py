"""Instructions of the fee router's program. Shares are basis points, times Unix seconds, amounts lamports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.addresses import AMM, BONDING_CURVE, TOKEN, TOKEN_LAUNCHER, WRAPPED_SOL, pubkey
from launchpad.chain.instructions.amm import Pool
from launchpad.chain.instructions.coding import instruction, key, struct
from launchpad.chain.instructions.launcher import graduates_accounts
from launchpad.chain.router_events import Portion

NAME: Final = "fee_router"
# As many as fit one transaction beside everything else that the first or last of several needs.
PIECE = 18


@dataclass(frozen=True, slots=True)
class RouterTerms:
    """A new router. `index` tells routers of one creator apart; `fixed` makes the first shares the last."""

    index: int
    delay_seconds: int
    fixed: bool = False


def ordered(portions: Sequence[Portion]) -> list[Portion]:
    """Recipients as the program asks for them: by the bytes of their addresses."""
    return sorted(portions, key=lambda portion: bytes(pubkey(portion.wallet)))


def pieces(portions: Sequence[Portion]) -> Iterator[list[Portion]]:
    """The recipients in order, in pieces that fit a transaction each."""
    every = ordered(portions)
    return (every[start : start + PIECE] for start in range(0, len(every), PIECE))


def create_router(payer: str, creator: str, terms: RouterTerms) -> Instruction:
    """A router without recipients, owned by its creator."""
    router = pda.fee_router(creator, terms.index)
    values = {"index": terms.index, "delay_seconds": terms.delay_seconds, "fixed": terms.fixed}
    accounts = {"payer": payer, "creator": creator, "router": router}
    return instruction(NAME, "create_router", accounts, struct(NAME, "RouterArgs", **values))


def write_proposal(router: str, owner: str, portions: Sequence[Portion]) -> Instruction:
    """Write the next recipients of a proposal, which have to be in order."""
    rows = [struct(NAME, "Portion", wallet=key(each.wallet), bps=each.bps) for each in portions]
    return instruction(NAME, "write_proposal", {"payer": owner, **_proposal(router, owner)}, rows)


def propose_shares(router: str, owner: str) -> Instruction:
    """Start the time lock of what was written."""
    return instruction(NAME, "propose_shares", _proposal(router, owner))


def apply_shares(router: str, payer: str, rent_payer: str) -> Instruction:
    """Make the proposed shares hold; anybody, after the time lock."""
    own = {"router": router, "proposal": pda.fee_proposal(router), "rent_payer": rent_payer}
    return instruction(NAME, "apply_shares", {"payer": payer, **own})


def cancel_proposal(router: str, owner: str, rent_payer: str) -> Instruction:
    """Throw the written or proposed shares away."""
    return instruction(NAME, "cancel_proposal", {**_proposal(router, owner), "rent_payer": rent_payer})


def fix_shares(router: str, owner: str) -> Instruction:
    """Fix shares and tokens for good."""
    return instruction(NAME, "fix_shares", {"owner": owner, "router": router})


def propose_owner(router: str, owner: str, new_owner: str | None) -> Instruction:
    """Offer a router to somebody, who has to accept; None withdraws the offer."""
    return instruction(NAME, "propose_owner", {"owner": owner, "router": router}, key(new_owner))


def accept_owner(router: str, pending_owner: str) -> Instruction:
    """Take over a router."""
    return instruction(NAME, "accept_owner", {"pending_owner": pending_owner, "router": router})


def claim(router: str, recipient: str) -> Instruction:
    """Pay a recipient; nobody need sign."""
    return instruction(NAME, "claim", {"router": router, "recipient": recipient})


def collect_curve(router: str, mint: str) -> Instruction:
    """Bring a curve's creator fees into the router; nobody need sign."""
    accounts = {"router": router, "mint": mint, "curve": pda.curve(mint), **_curve_program()}
    return instruction(NAME, "collect_curve", accounts)


def collect_pool(router: str, payer: str, pool: Pool) -> Instruction:
    """Bring a pool's creator fees into the router; `payer` lends the rent of an account for that moment."""
    accounts = {
        "payer": payer,
        "router": router,
        "pool": pool.key,
        "quote_mint": pool.quote_mint,
        "base_vault": pool.base_vault,
        "quote_vault": pool.quote_vault,
        "router_quote": pda.associated_token(router, WRAPPED_SOL, TOKEN),
        "token_program": TOKEN,
        "amm_program": AMM,
        "amm_event_authority": pda.event_authority(AMM),
    }
    return instruction(NAME, "collect_pool", accounts)


def unwrap(router: str, account: str | None = None) -> Instruction:
    """Turn wrapped SOL in a token account of the router's into income; its associated one unless named."""
    wrapped = account or pda.associated_token(router, WRAPPED_SOL, TOKEN)
    return instruction(NAME, "unwrap", {"router": router, "wrapped": wrapped, "token_program": TOKEN})


def adopt(router: str, mint: str, pool: Pool | None = None) -> Instruction:
    """Accept a token whose creator proposed the router as creator; a graduate's with its `pool`."""
    named = {"router": router, "mint": mint, "curve": pda.curve(mint), **graduates_accounts(pool)}
    accounts = {**named, **_launcher(mint), **_curve_program()}
    return instruction(NAME, "adopt", accounts)


def propose_release(router: str, owner: str, mint: str, new_creator: str | None) -> Instruction:
    """Start the time lock after which a token can be offered to another creator; None takes an offer back."""
    own = {"payer": owner, "owner": owner, "router": router, "mint": mint, "release": pda.fee_release(router, mint)}
    return instruction(NAME, "propose_release", own, key(new_creator))


def release(router: str, mint: str, rent_payer: str) -> Instruction:
    """Offer a token as its release says; anybody, after the time lock and with the curve's fees collected."""
    own = {"router": router, "release": pda.fee_release(router, mint), "rent_payer": rent_payer}
    return instruction(NAME, "release", {**own, "curve": pda.curve(mint), **_launcher(mint)})


def cancel_release(router: str, owner: str, mint: str, rent_payer: str) -> Instruction:
    """Keep a token that was to leave."""
    own = {"owner": owner, "router": router, "release": pda.fee_release(router, mint), "rent_payer": rent_payer}
    return instruction(NAME, "cancel_release", own)


def _proposal(router: str, owner: str) -> dict[str, str | None]:
    return {"owner": owner, "router": router, "proposal": pda.fee_proposal(router)}


def _launcher(mint: str) -> dict[str, str | None]:
    return {
        "launch_record": pda.launch_record(mint),
        "token_launcher_program": TOKEN_LAUNCHER,
        "token_launcher_event_authority": pda.event_authority(TOKEN_LAUNCHER),
    }


def _curve_program() -> dict[str, str | None]:
    return {
        "bonding_curve_program": BONDING_CURVE,
        "bonding_curve_event_authority": pda.event_authority(BONDING_CURVE),
    }
