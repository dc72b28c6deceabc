"""What each kind of event does to the rows, one by one."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from launchpad.chain import allowlist, events, pda
from launchpad.chain.events import ChainEvent, ChainTransaction, EventKey
from launchpad.chain.sale_terms import Allowlist, OpeningRules, SaleTerms
from launchpad.db import Database
from launchpad.indexer import payload
from launchpad.indexer.handlers import HANDLERS
from launchpad.tokens import allowlists

NOW = int(time.time())
PROGRAM_OF = {kind: key for key, kind in events.EVENT_TYPES.items()}


@pytest.fixture
def tell(store):
    """`await tell(event, ...)`: store one transaction with these events, each call in a later slot."""
    slots = count(5000)

    async def tell(*happened, slot=None):
        slot = slot or next(slots)
        signature = f"told in {slot}"
        told = [
            ChainEvent(EventKey(signature, 0, inner), *PROGRAM_OF[type(event)], event)
            for inner, event in enumerate(happened)
        ]
        return await store([ChainTransaction(signature, slot, NOW, 0, None, told, [], 1)])

    return tell


@pytest.fixture
async def token(store, history):
    """A launched token with its trades; its launch event."""
    await store(history)
    return next(event.data for event in history[0].events if isinstance(event.data, events.TokenLaunched))


@pytest.fixture
def row(connection):
    async def row(table, mint):
        return await connection.fetchrow(f"SELECT * FROM {table} WHERE mint = $1", mint)  # noqa: S608 - our own names

    return row


async def test_new_metadata_replaces_the_old_and_is_fetched_again(tell, token, row, connection):
    await connection.execute("UPDATE tokens SET metadata_fetched_at = now(), metadata_attempts = 3")
    updated = events.MetadataUpdated(token.mint, "New\x00 name", "NEW", "ipfs://new", b"\x01" * 32, NOW)
    await tell(updated)
    found = await row("tokens", token.mint)
    assert (found["name"], found["symbol"], found["uri"]) == ("New name", "NEW", "ipfs://new")
    assert found["metadata_hash"] == "01" * 32
    assert (found["metadata_fetched_at"], found["metadata_attempts"]) == (None, 0)


async def test_other_changes_leave_the_document_alone(tell, token, row, connection):
    await connection.execute("UPDATE tokens SET metadata_fetched_at = now(), metadata_hash = 'aa'")
    await tell(events.LauncherCreatorChanged(token.mint, token.creator, "heir", NOW))
    found = await row("tokens", token.mint)
    assert (found["creator"], found["metadata_hash"]) == ("heir", "aa")
    assert found["metadata_fetched_at"] is not None


@pytest.mark.parametrize("heir", ["governance", None])
async def test_the_update_authority_changes_hands_or_goes(tell, token, row, heir):
    await tell(events.UpdateAuthorityChanged(token.mint, token.creator, "first", NOW))
    await tell(events.UpdateAuthorityChanged(token.mint, "first", heir, NOW))
    assert (await row("tokens", token.mint))["update_authority"] == heir


async def test_minting_and_burning_change_the_supply(tell, token, row):
    await tell(events.TokensMinted(token.mint, "authority", 500, 500, NOW))
    await tell(events.TeamRevoked(token.mint, "schedule", 200, NOW))
    assert (await row("tokens", token.mint))["supply"] == token.supply + 300


async def test_a_curve_pays_its_new_creator(tell, token, row):
    await tell(events.CreatorChanged(token.mint, token.curve, token.creator, "heir", NOW))
    assert (await row("curves", token.mint))["creator"] == "heir"
    assert (await row("tokens", token.mint))["creator"] == token.creator


@pytest.mark.parametrize("kind", ["creator", "protocol"])
async def test_claimed_fees_leave_the_counter_at_zero(tell, token, row, kind):
    before = await row("curves", token.mint)
    await tell(events.FeesClaimed(token.mint, kind, "recipient", before[f"{kind}_fees"], NOW))
    after = await row("curves", token.mint)
    other = {"creator": "protocol_fees", "protocol": "creator_fees"}[kind]
    assert (after[f"{kind}_fees"], after[other]) == (0, before[other])


async def test_a_referrers_claim_belongs_to_no_curve(tell, rows):
    await tell(events.FeesClaimed(None, "referrer", "referrer", 7, NOW))
    [claim] = await rows("fee_events")
    assert (claim["mint"], claim["kind"], claim["amount"]) == (None, "referrer", 7)


async def test_a_completed_curve_is_complete(tell, token, row, told):
    await tell(events.CurveCompleted(token.mint, token.curve, 1, 2, NOW))
    found = await row("curves", token.mint)
    assert (found["status"], found["completed_at"]) == ("complete", datetime.fromtimestamp(NOW, UTC))
    assert ("market", "curve.completed") in await told()


async def test_a_sale_that_failed_is_refunded_without_a_trade(tell, token, row, rows):
    before = await row("curves", token.mint)
    trades, candles = len(await rows("trades")), len(await rows("candles"))
    await tell(events.Expired(token.mint, token.curve, 100, 50, NOW))
    assert (await row("curves", token.mint))["status"] == "refunding"
    await tell(events.Refunded(token.mint, token.curve, "holder", 60, 30, 40, 20, NOW))
    found = await row("curves", token.mint)
    assert (found["status"], found["sold"], found["quote_reserve"]) == ("refunding", 40, 20)
    kept = ("price", "trade_count", "volume_quote", "creator_fees", "protocol_fees")
    assert [found[name] for name in kept] == [before[name] for name in kept]
    assert (len(await rows("trades")), len(await rows("candles"))) == (trades, candles)
    holder = next(each for each in await rows("holders") if each["owner"] == "holder")
    assert (holder["base_sold"], holder["quote_received"]) == (60, 30)


async def test_a_curve_for_a_mint_from_elsewhere_makes_its_token(tell, token, rows, history, told):
    opened = next(event.data for event in history[0].events if isinstance(event.data, events.CurveOpened))
    foreign = replace(opened, mint="F" * 44, curve="C" * 44, authority="depositor")
    before = len(await told())
    await tell(foreign)
    [found] = [row for row in await rows("tokens") if row["mint"] == "F" * 44]
    assert (found["launch_record"], found["uri"]) == (None, "")
    assert found["supply"] == opened.sale_supply + opened.liquidity_supply
    assert (await told())[before:] == [(f"token:{'F' * 44}", "token.launched"), ("market", "token.launched")]


@pytest.fixture
def schedule(token):
    return events.ScheduleCreated(
        *("schedule", token.mint, "grantor", "beneficiary", 1000, NOW, NOW + 10, NOW + 100, 1, True, 3, NOW)
    )


async def test_a_schedule_lives_through_claims_revocation_and_a_new_beneficiary(tell, schedule, row, told):
    await tell(schedule)
    await tell(events.Claimed("schedule", schedule.mint, "beneficiary", 100, 100, NOW))
    await tell(events.Revoked("schedule", schedule.mint, "grantor", 600, 400, NOW + 50))
    await tell(events.BeneficiaryChanged("schedule", schedule.mint, "beneficiary", "heir", NOW))
    found = await row("vesting_schedules", schedule.mint)
    assert (found["amount"], found["claimed"], found["beneficiary"], found["index"]) == (400, 100, "heir", 3)
    assert found["revoked_at"] == datetime.fromtimestamp(NOW + 50, UTC)
    assert [kind for _, kind in await told()].count("vesting.changed") == 4


async def test_events_that_come_late_do_not_win(tell, schedule, token, row):
    """A gap is filled after what came behind it: the rows are folded anew, in the order of the chain."""
    await tell(schedule, slot=6000)
    await tell(events.BeneficiaryChanged("schedule", token.mint, "second", "third", NOW), slot=6020)
    await tell(events.LauncherCreatorChanged(token.mint, "second", "third", NOW), slot=6021)
    late = (
        events.BeneficiaryChanged("schedule", token.mint, "beneficiary", "second", NOW),
        events.LauncherCreatorChanged(token.mint, token.creator, "second", NOW),
    )
    folded = await tell(*late, slot=6010)
    assert folded.rebuilt == [token.mint]
    assert (await row("vesting_schedules", token.mint))["beneficiary"] == "third"
    assert (await row("tokens", token.mint))["creator"] == "third"


async def test_events_without_a_verb_are_kept(tell, rows):
    await tell(events.ReferrerRegistered("referrer", NOW), events.LauncherAuthorityProposed("now", None, NOW))
    assert [(row["program"], row["name"]) for row in await rows("chain_events")] == [
        ("bonding_curve", "ReferrerRegistered"),
        ("token_launcher", "AuthorityProposed"),
    ]


async def test_every_stored_event_can_be_read_back(history, rows, store):
    await store(history[:20])
    told = {event.key: event for tx in history[:20] for event in tx.events}
    for row in await rows("chain_events"):
        event = payload.event_of(row)
        assert event == told[event.key]


def test_every_event_that_changes_rows_has_a_verb():
    silent = {
        "ConfigChanged",
        "AuthorityProposed",
        "AuthorityTransferred",
        "ReferrerRegistered",
        "ShapeCreated",
    }
    proposals = {"CreatorProposed", "BeneficiaryProposed"}
    # What routers did is read from the stored events themselves.
    folded = {key: kind for key, kind in events.EVENT_TYPES.items() if key[0] != "fee_router"}
    without = {name for (_, name), kind in folded.items() if kind not in HANDLERS}
    assert without == silent | proposals


def test_an_event_holds_nothing_that_json_cannot():
    with pytest.raises(TypeError):
        payload.dumps({"a": object()})


async def test_terms_are_kept_once_and_curves_name_them(tell, token, store, history, connection, database_url):
    wallets = [pda.curve(token.mint), pda.launch_record(token.mint)]
    root = allowlist.tree(wallets).root
    rules = OpeningRules(60, 200, one_buy_per_slot=True, allowlist=Allowlist(root, 30))
    created = events.TermsCreated("terms", SaleTerms(opening=rules), NOW)
    opened = next(event.data for event in history[0].events if isinstance(event.data, events.CurveOpened))
    mint = "11111111111111111111111111111112"
    ruled = replace(opened, mint=mint, curve="its curve", authority="somebody", terms="terms", rules_end=NOW + 60)
    await tell(created)
    await tell(created, ruled)
    found = await connection.fetchrow(
        "SELECT c.rules_end, s.sale -> 'opening' ->> 'wallet_cap_bps' AS cap, "
        "s.sale -> 'opening' -> 'allowlist' ->> 'root' AS root "
        "FROM curves c JOIN sale_terms s ON s.address = c.terms WHERE c.mint = $1",
        mint,
    )
    assert dict(found) == {"rules_end": datetime.fromtimestamp(NOW + 60, UTC), "cap": "200", "root": root.hex()}
    plain = await connection.fetchrow("SELECT terms, rules_end FROM curves WHERE mint = $1", token.mint)
    assert dict(plain) == {"terms": None, "rules_end": None}
    database = Database(database_url)
    await allowlists.store(database, wallets)
    shown = await allowlists.show(database, mint, wallets[1])
    stranger = await allowlists.show(database, mint, mint)
    await database.close()
    assert (shown.root, shown.listed, stranger.listed, stranger.proof) == (root.hex(), True, False, [])
    assert allowlist.is_listed(root, wallets[1], [bytes.fromhex(node) for node in shown.proof])
