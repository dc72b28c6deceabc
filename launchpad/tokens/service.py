"""The verbs that write tokens, their allocations and their curves."""

from decimal import Decimal

import orjson

from launchpad import live
from launchpad.chain import pda
from launchpad.chain.curve_math import BPS
from launchpad.chain.events import (
    CreatorChanged,
    CurveCompleted,
    CurveOpened,
    Expired,
    LauncherCreatorChanged,
    MetadataUpdated,
    Refunded,
    TeamRevoked,
    TermsCreated,
    TokenLaunched,
    TokensMinted,
    Traded,
    UpdateAuthorityChanged,
)
from launchpad.folding import AllocationRow, Batch, CurveRow, Place, TokenRow, TradeRow, instant, price_of
from launchpad.moments import iso
from launchpad.sale_rows import TermsRow
from launchpad.tokens.rules import terms_json
from launchpad.tokens.texts import texts_of


def record_curve_opened(batch: Batch, opened: CurveOpened, place: Place) -> None:
    """A curve began to trade; for a mint from elsewhere it is also how we learn of the token."""
    first = opened.segments[0]
    batch.curves[opened.mint] = CurveRow(
        mint=opened.mint,
        address=opened.curve,
        creator=opened.creator,
        decimals=opened.decimals,
        sale_supply=opened.sale_supply,
        liquidity_supply=opened.liquidity_supply,
        raise_target=opened.raise_target,
        virtual_base=first.base_reserve,
        virtual_quote=first.quote_reserve,
        protocol_fee_bps=opened.protocol_fee_bps,
        creator_fee_bps=opened.creator_fee_bps,
        referrer_share_bps=opened.referrer_share_bps,
        segments=orjson.dumps(opened.segments).decode(),
        price=price_of(first.quote_reserve, first.base_reserve),
        opened_at=instant(opened.timestamp),
        deadline=instant(opened.deadline) if opened.deadline else None,
        terms=opened.terms,
        rules_end=instant(opened.rules_end) if opened.rules_end else None,
        position=place.position,
    )
    batch.tokens[opened.mint] = _foreign_token(opened, place)
    if opened.authority != pda.launch_record(opened.mint):
        _tell_launched(batch, batch.tokens[opened.mint])


def record_terms(batch: Batch, created: TermsCreated, place: Place) -> None:
    """Sales can name these terms from now on."""
    del place
    batch.terms[created.terms] = TermsRow(created.terms, terms_json(created.sale))


def record_launch(batch: Batch, launch: TokenLaunched, place: Place) -> None:
    """A token exists: its row and what each bucket of the supply received.

    The curve opened in the same transaction, just before, and named the token program.
    """
    token = TokenRow(
        mint=launch.mint,
        creator=launch.creator,
        curve=launch.curve,
        launch_record=launch.launch_record,
        token_program=batch.tokens[launch.mint].token_program,
        **texts_of(launch),
        metadata_hash=_hash(launch.metadata_hash),
        decimals=launch.decimals,
        supply=launch.supply,
        supply_mode=launch.supply_mode,
        update_authority=launch.update_authority,
        first_buy_lock=launch.first_buy_lock,
        creation_fee=launch.creation_fee,
        launched_at=instant(launch.timestamp),
        slot=place.slot,
        signature=place.signature,
    )
    batch.tokens[launch.mint] = token
    batch.allocations.extend(_allocations(batch, launch))
    _tell_launched(batch, token)


def record_curve_completed(batch: Batch, completed: CurveCompleted, place: Place) -> None:
    """The last unit for sale was bought."""
    change = batch.curve(completed.mint, place)
    change.status = "complete"
    change.completed_at = instant(completed.timestamp)
    event = live.CurveCompleted(
        mint=completed.mint,
        quote_reserve=str(completed.quote_reserve),
        completed_at=iso(change.completed_at),
    )
    batch.tell(event, change.completed_at)


def record_expired(batch: Batch, expired: Expired, place: Place) -> None:
    """The sale failed: tokens are returned for refunds."""
    change = batch.curve(expired.mint, place)
    change.status = "refunding"
    change.quote_reserve = expired.quote_reserve


def record_fee_recipient(batch: Batch, changed: CreatorChanged, place: Place) -> None:
    """The curve pays the creator's fees to another wallet from now on."""
    batch.curve(changed.mint, place).creator = changed.new_creator


def record_creator(batch: Batch, changed: LauncherCreatorChanged, place: Place) -> None:
    """The token changed hands."""
    del place
    batch.token(changed.mint).creator = changed.new_creator


def record_metadata(batch: Batch, updated: MetadataUpdated, place: Place) -> None:
    """Name, symbol or document changed: the document is fetched again."""
    del place
    change = batch.token(updated.mint)
    texts = texts_of(updated)
    change.name, change.symbol, change.uri = texts["name"], texts["symbol"], texts["uri"]
    change.metadata_hash = _hash(updated.metadata_hash)


def record_update_authority(batch: Batch, changed: UpdateAuthorityChanged, place: Place) -> None:
    """Another wallet, or nobody, may change the metadata from now on."""
    del place
    change = batch.token(changed.mint)
    change.update_authority = changed.new_authority
    change.authority_changed = True


def record_minted(batch: Batch, minted: TokensMinted, place: Place) -> None:
    """The supply grew."""
    del place
    batch.token(minted.mint).supply_added += minted.amount


def record_team_revoked(batch: Batch, revoked: TeamRevoked, place: Place) -> None:
    """What the team had not earned was burned."""
    del place
    batch.token(revoked.mint).supply_added -= revoked.burned


def advance_curve(batch: Batch, trade: Traded, price: Decimal, place: Place) -> None:
    """Move the curve to its state after a trade; of several, the newest position counts."""
    change = batch.curve(trade.mint, place)
    change.sold = trade.sold
    change.quote_reserve = trade.quote_reserve
    change.virtual_base = trade.virtual_base
    change.virtual_quote = trade.virtual_quote
    batch.market(trade.mint, price, place)
    change.protocol_fees = trade.protocol_fees
    change.creator_fees = trade.creator_fees
    change.last_trade_at = instant(trade.timestamp)
    change.trades += 1
    change.volume += trade.quote_amount


def move_market(batch: Batch, trade: TradeRow, place: Place) -> None:
    """Count a trade in the pool of a graduate: price and volume are the token's, wherever it trades."""
    change = batch.market(trade.mint, trade.price, place)
    change.last_trade_at = trade.traded_at
    change.trades += 1
    change.volume += trade.quote_amount


def shrink_curve(batch: Batch, refunded: Refunded, place: Place) -> None:
    """Tokens came back and lamports left; price, volume and candles tell of trades alone."""
    change = batch.curve(refunded.mint, place)
    change.sold = refunded.sold
    change.quote_reserve = refunded.quote_reserve


def zero_claimed_fees(batch: Batch, mint: str, kind: str, place: Place) -> None:
    """A claim always pays out the whole counter."""
    change = batch.curve(mint, place)
    if kind == "creator":
        change.creator_fees = 0
    elif kind == "protocol":
        change.protocol_fees = 0


def _foreign_token(opened: CurveOpened, place: Place) -> TokenRow:
    """The token behind a curve as far as the curve knows it: the whole supply was deposited."""
    return TokenRow(
        mint=opened.mint,
        creator=opened.creator,
        curve=opened.curve,
        launch_record=None,
        token_program=opened.token_program,
        name=opened.mint[:8],
        symbol=opened.mint[:4],
        uri="",
        metadata_hash=None,
        decimals=opened.decimals,
        supply=opened.sale_supply + opened.liquidity_supply,
        supply_mode="fixed",
        update_authority=None,
        first_buy_lock=None,
        creation_fee=0,
        launched_at=instant(opened.timestamp),
        slot=place.slot,
        signature=place.signature,
    )


def _allocations(batch: Batch, launch: TokenLaunched) -> list[AllocationRow]:
    """What each bucket received: rounded down, and the rest to liquidity."""
    shares = launch.allocations
    team = batch.schedules.get(launch.team_schedule or "")
    buckets = [
        ("public", shares.public_bps, launch.curve),
        ("team", shares.team_bps, team.beneficiary if team else None),
        ("ecosystem", shares.ecosystem_bps, launch.ecosystem_owner),
        ("treasury", shares.treasury_bps, launch.treasury_owner),
    ]
    rows = [AllocationRow(launch.mint, name, bps, launch.supply * bps // BPS, owner) for name, bps, owner in buckets]
    rest = launch.supply - sum(row.amount for row in rows)
    rows.append(AllocationRow(launch.mint, "liquidity", shares.liquidity_bps, rest, launch.curve))
    return [row for row in rows if row.amount]


def _tell_launched(batch: Batch, token: TokenRow) -> None:
    curve = batch.curves[token.mint]
    event = live.TokenLaunched(
        mint=token.mint,
        name=token.name,
        symbol=token.symbol,
        uri=token.uri,
        image_uri=None,
        creator=token.creator,
        decimals=token.decimals,
        supply=str(token.supply),
        raise_target=str(curve.raise_target),
        price=f"{curve.price:f}",
        launched_at=iso(token.launched_at),
    )
    batch.tell(event, token.launched_at)


def _hash(value: bytes) -> str | None:
    """Hex, or None for the zero hash that stands for no hash."""
    return bytes(value).hex() if any(value) else None
