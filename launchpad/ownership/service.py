"""Changes of a launched token and of vesting schedules, as transactions for their owners to sign.

The programs decide who may; what can be known before is said in words, so that nobody signs in vain.
"""

import time
from dataclasses import replace

from launchpad.chain import keys, pda, routers
from launchpad.chain.accounts import LaunchState, ScheduleState
from launchpad.chain.client import BuiltTransaction, ChainClient, NoScheduleError
from launchpad.chain.instructions import launcher, metaplex, vesting
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.instructions.vesting import ScheduleTerms
from launchpad.chain.metaplex import ListedMetadata, fetch_metadata
from launchpad.chain.schedules import free_schedule
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import ConflictError, ForbiddenError, NotFoundError
from launchpad.media.texts import NAME_BYTES, SYMBOL_BYTES, short_text
from launchpad.ownership.schemas import (
    AcceptSchedule,
    AcceptToken,
    BuiltChange,
    ChangeMetadata,
    CreateSchedule,
    HandMetadata,
    MintMore,
    OfferSchedule,
    OfferToken,
    RevokeSchedule,
    RevokeTeam,
)
from launchpad.tokens.launching import metadata_uri, stored_hash
from launchpad.transactions.unsigned import unsigned


class NotLaunchedHereError(NotFoundError):
    """The launcher has no record of this token."""

    code = "NOT_LAUNCHED"


class NotYoursToChangeError(ForbiddenError):
    """Somebody else may change this; `authority` says who, null for nobody."""

    code = "NOT_YOURS"


class NothingToChangeError(ConflictError):
    """The token or the schedule is not as this change needs it."""

    code = "NOTHING_TO_CHANGE"


async def change_metadata(
    database: Database, chain: ChainClient, settings: Settings, mint: str, asked: ChangeMetadata
) -> BuiltChange:
    """A new name, symbol or address; raises MetadataRefusedError, InvalidLaunchError, NotYoursToChangeError.

    A classic token's stand in Metaplex's program, without a hash of the document: NothingToChangeError for one.
    """
    record = await _record(chain, mint)
    if record.update_policy == "metaplex":
        return await _change_listed(chain, mint, asked)
    _require(asked.authority, record.update_authority)
    known = bytes(record.metadata_hash)
    value = _new_text(asked)
    if asked.field == "uri":
        known = await stored_hash(database, settings, value) or bytes(32)
    digest = bytes.fromhex(asked.metadata_hash) if asked.metadata_hash else known
    change = launcher.update_metadata(asked.authority, mint, asked.field, value, digest)
    return _built(await chain.build(asked.authority, [change]))


async def hand_metadata(chain: ChainClient, mint: str, asked: HandMetadata) -> BuiltChange:
    """Who may change the metadata from now on; raises NotYoursToChangeError."""
    record = await _record(chain, mint)
    if record.update_policy == "metaplex":
        return await _hand_listed(chain, mint, asked, record.creator)
    _require(asked.authority, record.update_authority)
    change = launcher.set_update_authority(asked.authority, mint, asked.to, record.creator)
    return _built(await chain.build(asked.authority, [change]))


async def offer_token(chain: ChainClient, mint: str, asked: OfferToken) -> BuiltChange:
    """Offer the creator's role; raises NotYoursToChangeError."""
    _require(asked.creator, (await _record(chain, mint)).creator)
    return _built(await chain.build(asked.creator, [launcher.propose_creator(mint, asked.creator, asked.new_creator)]))


async def accept_token(chain: ChainClient, mint: str, asked: AcceptToken) -> BuiltChange:
    """Take the creator's role; raises NotYoursToChangeError without an offer."""
    _require(asked.new_creator, (await _record(chain, mint)).pending_creator)
    pool = await routers.graduates_pool_of(chain.rpc, mint)
    return _built(await chain.build(asked.new_creator, [launcher.accept_creator(mint, asked.new_creator, pool)]))


async def mint_more(chain: ChainClient, mint: str, asked: MintMore) -> BuiltChange:
    """More of a mintable supply; raises NotYoursToChangeError, and the program's MINT_CAP_EXCEEDED and the like."""
    _require(asked.authority, (await _record(chain, mint)).mint_authority)
    recipient = asked.recipient or asked.authority
    program = await _token_program(chain, mint)
    account = create_token_account(asked.authority, recipient, mint, program)
    minted = launcher.mint_tokens(mint, asked.authority, recipient, int(asked.amount), program)
    return _built(await chain.build(asked.authority, [account, minted]))


async def revoke_team(chain: ChainClient, mint: str, asked: RevokeTeam) -> BuiltChange:
    """End the team's vesting; raises NotYoursToChangeError, NothingToChangeError."""
    record = await _record(chain, mint)
    _require(asked.creator, record.creator)
    if record.team_schedule is None:
        raise NothingToChangeError("This token set nothing aside for a team.")
    schedule = await _schedule(chain, record.team_schedule)
    if not schedule.revocable or schedule.revoked_at:
        raise NothingToChangeError("The team's share cannot be revoked: it was launched so, or it is revoked already.")
    program = await _token_program(chain, mint)
    revoked = launcher.revoke_team(mint, asked.creator, schedule.original_beneficiary, program)
    return _built(await chain.build(asked.creator, [revoked]))


async def create_schedule(chain: ChainClient, asked: CreateSchedule) -> BuiltChange:
    """Lock tokens for somebody; raises what a simulation says, such as INSUFFICIENT_TOKENS."""
    start = int(time.time()) if asked.start is None else asked.start
    terms = ScheduleTerms(
        beneficiary=asked.beneficiary,
        amount=int(asked.amount),
        start=start,
        cliff=start + asked.cliff_seconds,
        end=start + asked.duration_seconds,
        period=asked.period_seconds,
        revocable=asked.revocable,
        index=await free_schedule(chain, asked.mint, asked.beneficiary),
    )
    built = await chain.build_create_schedule(asked.mint, asked.grantor, terms)
    schedule = pda.vesting_schedule(asked.mint, asked.beneficiary, terms.index)
    return _built(built).model_copy(update={"schedule": schedule})


async def revoke_schedule(chain: ChainClient, schedule: str, asked: RevokeSchedule) -> BuiltChange:
    """Take back what has not vested; raises NoScheduleError, NotYoursToChangeError, NothingToChangeError."""
    state = await _schedule(chain, schedule)
    _require(asked.grantor, state.grantor)
    if not state.revocable or state.revoked_at:
        raise NothingToChangeError("This schedule cannot be revoked: it was made so, or it is revoked already.")
    return _built(await chain.build_revoke_vesting(schedule, asked.grantor))


async def offer_schedule(chain: ChainClient, schedule: str, asked: OfferSchedule) -> BuiltChange:
    """Offer a schedule; raises NoScheduleError, NotYoursToChangeError."""
    _require(asked.beneficiary, (await _schedule(chain, schedule)).beneficiary)
    offer = vesting.propose_beneficiary(schedule, asked.beneficiary, asked.new_beneficiary)
    return _built(await chain.build(asked.beneficiary, [offer]))


async def accept_schedule(chain: ChainClient, schedule: str, asked: AcceptSchedule) -> BuiltChange:
    """Take a schedule over; raises NoScheduleError, NotYoursToChangeError without an offer."""
    _require(asked.new_beneficiary, (await _schedule(chain, schedule)).pending_beneficiary)
    return _built(
        await chain.build(asked.new_beneficiary, [vesting.accept_beneficiary(schedule, asked.new_beneficiary)])
    )


async def _change_listed(chain: ChainClient, mint: str, asked: ChangeMetadata) -> BuiltChange:
    """Another text of a classic token, in Metaplex's program."""
    listed = await _listed(chain, mint, asked.authority)
    if asked.metadata_hash:
        message = "A classic token's record keeps the hash of the launch for good: leave the hash out."
        raise NothingToChangeError(message, field="metadata_hash")
    changed = replace(listed, **{asked.field: _new_text(asked)})
    return _built(await chain.build(asked.authority, [metaplex.update_texts(mint, asked.authority, changed)]))


async def _hand_listed(chain: ChainClient, mint: str, asked: HandMetadata, creator: str) -> BuiltChange:
    """Another authority over a classic token's texts, or none."""
    await _listed(chain, mint, asked.authority)
    if asked.to == "immutable":
        change = metaplex.freeze_texts(mint, asked.authority)
    else:
        change = metaplex.hand_over(mint, asked.authority, creator if asked.to == "creator" else asked.to)
    return _built(await chain.build(asked.authority, [change]))


async def _listed(chain: ChainClient, mint: str, authority: str) -> ListedMetadata:
    """What Metaplex's program keeps now; NotYoursToChangeError where somebody else may change it, or nobody."""
    listed = await fetch_metadata(chain.rpc, mint)
    _require(authority, listed.update_authority if listed else None)
    assert listed  # noqa: S101 - nobody may change what is not there
    return listed


def _new_text(asked: ChangeMetadata) -> str:
    """The text as it may stand on chain; raises MetadataRefusedError, InvalidLaunchError."""
    if asked.field == "uri":
        return metadata_uri(asked.value)
    return short_text(asked.value, asked.field, NAME_BYTES if asked.field == "name" else SYMBOL_BYTES)


async def _token_program(chain: ChainClient, mint: str) -> str:
    state = await chain.fetch_mint(mint)
    if state is None:
        raise NotLaunchedHereError("This token was not launched here: check the address.")
    return state.token_program


async def _record(chain: ChainClient, mint: str) -> LaunchState:
    record = await chain.fetch_launch(mint)
    if record is None:
        raise NotLaunchedHereError("This token was not launched here: check the address.")
    return record


async def _schedule(chain: ChainClient, address: str) -> ScheduleState:
    state = await chain.fetch_schedule(address)
    if state is None:
        raise NoScheduleError(f"There is no vesting schedule at {address}: check the address.")
    return state


def _require(wallet: str, authority: str | None) -> None:
    if wallet != authority:
        who = f"only {authority} can" if authority else "nobody can"
        raise NotYoursToChangeError(f"This wallet cannot change it: {who}.", authority=authority)


def _built(built: BuiltTransaction) -> BuiltChange:
    return BuiltChange(
        programs=keys.describe_transaction(built.transaction).programs,
        **unsigned(built),
    )
