"""What wallets laid down to buy while the rules of an opening held, and how it comes back."""

from launchpad.chain import pda
from launchpad.chain.accounts import PROGRAM_OF, CurveState, decode_account
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.instructions import opening
from launchpad.chain.instructions.opening import Community
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.opening import NoTermsError, fetch_rules
from launchpad.chain.sale_accounts import PositionState
from launchpad.chain.tokens import data_of
from launchpad.errors import NotFoundError


class NoPositionError(NotFoundError):
    """The wallet has nothing to take back from a sale's opening."""

    code = "NO_POSITION"


async def fetch_position(chain: ChainClient, mint: str, wallet: str) -> PositionState | None:
    """A wallet's position in a sale, None where it has none."""
    account = await chain.rpc.get_account(pda.position(mint, wallet))
    if account is None or account["owner"] != PROGRAM_OF[PositionState]:
        return None
    return decode_account(PositionState, data_of(account))


async def build_close_position(chain: ChainClient, mint: str, wallet: str) -> BuiltTransaction:
    """Return a wallet's rent and pledge once the rules of an opening are over; NoPositionError without any."""
    state = await chain.require_curve(mint)
    position = await fetch_position(chain, mint, wallet)
    if position is None:
        raise NoPositionError("This wallet has no position in the sale: there is nothing to take back.")
    if not position.pledged:
        return await chain.build(wallet, [opening.close_position(mint, wallet)])
    community = await _pledged(chain, state)
    account = create_token_account(wallet, wallet, community.mint, community.token_program)
    return await chain.build(wallet, [account, opening.close_position(mint, wallet, str(state.terms), community)])


async def _pledged(chain: ChainClient, curve: CurveState) -> Community:
    """The token that a sale's holders pledged."""
    holders = (await fetch_rules(chain.rpc, curve)).holders
    account = await chain.rpc.get_account(holders.mint) if holders else None
    if holders is None or account is None:
        raise NoTermsError(f"What the holders of the sale of {curve.mint} pledged cannot be read: try again.")
    return Community(holders.mint, str(account["owner"]))
