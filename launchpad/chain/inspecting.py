"""Everything that the chain itself says of a token, read at once for a report. Nothing here judges."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from launchpad.chain import pda
from launchpad.chain.accounts import PROGRAM_OF, CurveState, LaunchState, decode_account
from launchpad.chain.errors import RpcError
from launchpad.chain.extensions import Extension, mint_extensions
from launchpad.chain.inspecting_graduates import GraduateFacts, fetch_graduate
from launchpad.chain.inspecting_locks import LockFacts, fetch_locks
from launchpad.chain.metaplex import ListedMetadata, metadata_account, parse_metadata
from launchpad.chain.rpc import COMMITMENT, RpcPool
from launchpad.chain.tokens import MintState, TokenAccount, data_of, parse_mint, parse_token_account


@dataclass(frozen=True, slots=True)
class CurveFacts:
    """A curve, the lamports in its account, and the base units in its vault."""

    address: str
    state: CurveState
    lamports: int
    vault: int


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """One of the largest token accounts."""

    account: str
    owner: str
    amount: int


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token. `listed` is metadata in Metaplex's program; `holders` None where no node can tell them."""

    slot: int
    mint: MintState
    extensions: list[Extension]
    listed: ListedMetadata | None
    launch: LaunchState | None
    curve: CurveFacts | None
    locks: list[LockFacts]
    holders: list[HolderFacts] | None
    graduate: GraduateFacts | None = None

    @property
    def launch_record(self) -> str:
        """Where the launcher would keep its record."""
        return pda.launch_record(self.mint.mint)


async def fetch_token(rpc: RpcPool, mint: str) -> TokenFacts:
    """The facts of a mint; raises NotATokenError for an address that is none."""
    addresses = [mint, pda.curve(mint), pda.launch_record(mint), metadata_account(mint)]
    slot, (account, curve, record, listed) = await _accounts(rpc, addresses)
    state = parse_mint(mint, account or {"owner": "", "data": ["", "base64"]})
    locks, holders, facts = await asyncio.gather(
        fetch_locks(rpc, mint, state.token_program), _holders(rpc, mint), _curve(rpc, pda.curve(mint), curve)
    )
    return TokenFacts(
        slot=slot,
        mint=state,
        extensions=mint_extensions(data_of(account)) if account else [],
        listed=parse_metadata(mint, listed),
        launch=_launch(record),
        curve=facts,
        locks=locks,
        holders=holders,
        graduate=await fetch_graduate(rpc, facts.state) if facts else None,
    )


async def _accounts(rpc: RpcPool, addresses: Sequence[str]) -> tuple[int, list[dict[str, Any] | None]]:
    """Accounts of one moment, and its slot."""
    config = {"encoding": "base64", "commitment": COMMITMENT}
    answer = await rpc.call("getMultipleAccounts", [list(addresses), config])
    return answer["context"]["slot"], answer["value"]


def _launch(account: dict[str, Any] | None) -> LaunchState | None:
    if account is None or account["owner"] != PROGRAM_OF[LaunchState]:
        return None
    return decode_account(LaunchState, data_of(account))


async def _curve(rpc: RpcPool, address: str, account: dict[str, Any] | None) -> CurveFacts | None:
    if account is None or account["owner"] != PROGRAM_OF[CurveState]:
        return None
    state = decode_account(CurveState, data_of(account))
    vault = _held(await rpc.get_account(state.base_vault))
    return CurveFacts(address, state, account["lamports"], vault)


async def _holders(rpc: RpcPool, mint: str) -> list[HolderFacts] | None:
    """The twenty largest token accounts; None where a node refuses, as many do for tokens with millions of them."""
    try:
        listed = (await rpc.call("getTokenLargestAccounts", [mint, {"commitment": COMMITMENT}]))["value"]
        addresses = [entry["address"] for entry in listed if entry["amount"] != "0"]
        accounts = await rpc.get_accounts(addresses) if addresses else []
    except RpcError:
        return None
    return [
        HolderFacts(address, held.owner, held.amount)
        for address, account in zip(addresses, accounts, strict=True)
        if (held := _token_account(account))
    ]


def _held(account: dict[str, Any] | None) -> int:
    held = _token_account(account)
    return held.amount if held else 0


def _token_account(account: dict[str, Any] | None) -> TokenAccount | None:
    return parse_token_account(data_of(account)) if account else None
