"""Launches: checked, previewed, and built as transactions for the creator to sign."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from functools import partial

from launchpad.chain import dividing, keys, pda
from launchpad.chain.client import ChainClient
from launchpad.chain.launcher_events import Allocations
from launchpad.chain.launching import FirstBuy, InvalidLaunchError, LaunchParams, Lock, Mintable, TeamVesting
from launchpad.chain.opening import require_pledgeable
from launchpad.chain.sale_terms import BatchTerms, SaleTerms
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import ConflictError
from launchpad.media import queries as media_queries
from launchpad.media.links import cid_in, cid_of, digest_of
from launchpad.media.texts import NAME_BYTES, SYMBOL_BYTES, short_text
from launchpad.tokens import allowlists, costing, previewing, rules, shaping
from launchpad.tokens.catalog import explorer_links
from launchpad.tokens.launch_schemas import (
    AllocationsIn,
    BatchIn,
    BuiltLaunch,
    CurveIn,
    CurvePreview,
    CurvePreviewRequest,
    FirstBuyIn,
    LaunchRequest,
    SaleRequest,
    TeamIn,
)
from launchpad.tokens.rules_schemas import RulesIn

_USUAL_NAME, _USUAL_SYMBOL = 12, 5
_SCHEMES = ("https://", "ipfs://", "ar://", "http://")


class MintTakenError(ConflictError):
    """The mint that the caller brought exists already."""

    code = "MINT_TAKEN"


async def build_launch(database: Database, chain: ChainClient, settings: Settings, asked: LaunchRequest) -> BuiltLaunch:
    """The launch as transactions that lack only the creator's signature (and the mint's, if the caller brought one).

    Nearly always one; a curve too long for it is put on chain by a transaction before, which
    anybody's later launch of the same shape does without.

    Raises InvalidLaunchError, InvalidShapeError and MetadataRefusedError, each
    naming its field, MintTakenError, and what a simulation says, such as InsufficientFundsError.
    """
    params, error = _shaped(
        await _params(database, settings, asked), asked.curve, divided="allocations" in asked.model_fields_set
    )
    if asked.mint and await chain.rpc.get_account(asked.mint) is not None:
        raise MintTakenError("This mint exists already: bring a new key, or let the server make one.", field="mint")
    if asked.rules and asked.rules.allowlist:
        await allowlists.store(database, asked.rules.allowlist)
    if asked.rules and asked.rules.holders:
        await require_pledgeable(chain.rpc, asked.rules.holders.mint)
    preview = await previewing.preview(chain, params, error, _listed(asked.rules))
    mint, transactions = await chain.build_launch(params)
    built = transactions[-1]
    return BuiltLaunch(
        mint=mint,
        curve=pda.curve(mint),
        launch_record=pda.launch_record(mint),
        metadata_uri=params.uri,
        metadata_hash=params.metadata_hash.hex(),
        transactions=[each.transaction for each in transactions],
        blockhash=built.blockhash,
        last_valid_block_height=built.last_valid_block_height,
        signers=built.signers_needed,
        compute_unit_limit=built.compute_unit_limit,
        programs=keys.describe_transaction(built.transaction).programs,
        cost=await costing.of_built(
            chain, params, transactions, int(preview.creation_fee), int(preview.cost.first_buy)
        ),
        preview=preview,
        links=explorer_links(settings, mint=mint, signature="SIGNATURE"),
    )


async def preview_curve(chain: ChainClient, settings: Settings, asked: CurvePreviewRequest) -> CurvePreview:
    """What a curve would be and its launch would cost; raises InvalidLaunchError and InvalidShapeError."""
    shares, creator = allocations(asked.allocations), asked.creator or costing.SOMEBODY
    lock = Lock(0, 1) if asked.first_buy_locked else None
    # What is not said yet is as long as it usually is, and belongs to the creator.
    params = LaunchParams(
        creator=creator,
        name=asked.name or "-" * _USUAL_NAME,
        symbol=asked.symbol or "-" * _USUAL_SYMBOL,
        uri=asked.uri or _usual_uri(settings),
        supply=int(asked.supply),
        standard=asked.standard,
        decimals=asked.decimals,
        allocations=shares,
        team=TeamVesting(creator, 0, 1) if shares.team_bps else None,
        ecosystem_owner=(asked.ecosystem_owner or creator) if shares.ecosystem_bps else None,
        treasury_owner=(asked.treasury_owner or creator) if shares.treasury_bps else None,
        first_buy=FirstBuy(int(asked.first_buy), lock=lock) if asked.first_buy else None,
        deadline=asked.deadline,
        sale=_promised(asked, creator),
    )
    shaped, error = _shaped(params, asked.curve, divided="allocations" in asked.model_fields_set)
    return await previewing.preview(chain, shaped, error, _listed(asked.rules))


def _shaped(params: LaunchParams, curve: CurveIn, *, divided: bool) -> tuple[LaunchParams, Decimal | None]:
    """Checked params with the segments of a curve, and their price error in basis points.

    Unless the caller `divided` the supply himself, the curve says how much of it is sold.
    """
    # The curve sells a share of the supply, so everything else has to be sound before it.
    params.check_all_but_curve()
    # Segments that the caller brought say themselves what they sell.
    if divided or curve.kind == "segments":
        shaped = shaping.shaped(curve, params)
    else:
        params, shaped = dividing.fitted(params, partial(shaping.shaped, curve))
    return replace(params, segments=shaped.segments).checked(), shaped.error_bps


def _usual_uri(settings: Settings) -> str:
    """An address as long as those that metadata gets when it is stored here."""
    cid = cid_of(b"")
    return f"ipfs://{cid}" if settings.pinata_jwt or settings.is_local else f"{settings.origin}/ipfs/{cid}"


async def _params(database: Database, settings: Settings, asked: LaunchRequest) -> LaunchParams:
    buy = asked.first_buy
    return LaunchParams(
        creator=asked.creator,
        name=short_text(asked.name, "name", NAME_BYTES),
        symbol=short_text(asked.symbol, "symbol", SYMBOL_BYTES),
        uri=metadata_uri(asked.uri),
        metadata_hash=await _metadata_hash(database, settings, asked),
        standard=asked.standard,
        decimals=asked.decimals,
        supply=int(asked.supply),
        supply_mode=_supply_mode(asked),
        allocations=allocations(asked.allocations),
        update_authority=asked.update_authority,
        team=_team(asked.team) if asked.team else None,
        ecosystem_owner=asked.ecosystem_owner,
        treasury_owner=asked.treasury_owner,
        first_buy=_first_buy(buy) if buy else None,
        deadline=asked.deadline,
        sale=sale_of(asked, asked.creator),
        mint=asked.mint,
    )


def sale_of(asked: LaunchRequest | SaleRequest, creator: str) -> SaleTerms:
    """The terms of a creator's sale."""
    return replace(_promised(asked, creator), batch=_batch(asked.batch) if asked.batch else None)


def _promised(asked: LaunchRequest | SaleRequest | CurvePreviewRequest, creator: str) -> SaleTerms:
    """Rules of the opening and graduation."""
    fee = rules.launch_fee(asked.rules.launch_fee if asked.rules else None)
    return SaleTerms(fee, rules.opening(asked.rules), rules.graduation(asked.graduation, creator))


def _listed(asked: RulesIn | None) -> int:
    return len(set(asked.allowlist)) if asked else 0


def _batch(asked: BatchIn) -> BatchTerms:
    withdraw = asked.seconds if asked.withdraw_seconds is None else asked.withdraw_seconds
    return BatchTerms(asked.seconds, withdraw, int(asked.minimum_lamports), int(asked.max_deposit_lamports or 0))


def metadata_uri(uri: str) -> str:
    """The address of a metadata document as it may stand on chain; raises InvalidLaunchError."""
    if not uri.startswith(_SCHEMES) or not uri.isascii() or not uri.isprintable() or " " in uri:
        message = "The metadata address must begin with https://, ipfs:// or ar:// and contain no spaces."
        raise InvalidLaunchError(message, field="uri")
    return uri


async def _metadata_hash(database: Database, settings: Settings, asked: LaunchRequest) -> bytes:
    """The declared hash, or that of the document if it is stored here, or zeros: not declared."""
    known = await stored_hash(database, settings, asked.uri)
    declared = bytes.fromhex(asked.metadata_hash) if asked.metadata_hash else None
    if known and declared and known != declared:
        message = "This is not the hash of the document behind the address: leave it out, or store the document again."
        raise InvalidLaunchError(message, field="metadata_hash")
    return declared or known or bytes(32)


async def stored_hash(database: Database, settings: Settings, uri: str) -> bytes | None:
    """The SHA-256 of the document behind an address, where it is kept here or its address says it."""
    cid = cid_in(uri, settings.origin)
    if cid is None:
        return None
    digest = digest_of(cid)
    if digest is not None:
        return digest
    async with database.read() as session:
        found = await media_queries.find(session, cid)
    return hashlib.sha256(found.body).digest() if found else None


def _supply_mode(asked: LaunchRequest) -> str | Mintable:
    if asked.supply_mode != "mintable":
        if asked.mint_authority or asked.mint_cap:
            field = "mint_authority" if asked.mint_authority else "mint_cap"
            raise InvalidLaunchError("Only a mintable supply has a mint authority and a cap.", field=field)
        return asked.supply_mode
    if asked.mint_cap is None:
        raise InvalidLaunchError("Say how many tokens can exist in all.", field="mint_cap")
    return Mintable(asked.mint_authority or asked.creator, int(asked.mint_cap))


def allocations(shares: AllocationsIn) -> Allocations:
    """The shares for the program."""
    return Allocations(
        shares.public_bps, shares.liquidity_bps, shares.team_bps, shares.ecosystem_bps, shares.treasury_bps
    )


def _team(team: TeamIn) -> TeamVesting:
    return TeamVesting(team.beneficiary, team.cliff_seconds, team.duration_seconds, team.period_seconds, team.revocable)


def _first_buy(buy: FirstBuyIn) -> FirstBuy:
    lock = Lock(buy.lock.cliff_seconds, buy.lock.duration_seconds, buy.lock.period_seconds) if buy.lock else None
    return FirstBuy(quote_in=int(buy.amount), lock=lock)
