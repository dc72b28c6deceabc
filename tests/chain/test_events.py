"""The one decoder: layouts against the IDLs, and what must not count as an event."""

from dataclasses import fields, is_dataclass

import pytest
from based58 import b58encode
from hypothesis import given, settings
from hypothesis import strategies as st
from solders.pubkey import Pubkey

from launchpad.chain import pda
from launchpad.chain.addresses import BONDING_CURVE, PROGRAMS, TOKEN_LAUNCHER
from launchpad.chain.borsh import Layout, UndecodableError
from launchpad.chain.events import (
    EVENT_TAG,
    EVENT_TYPES,
    CurveCompleted,
    TokenBalance,
    TokenLaunched,
    Traded,
    decode_event,
    decode_transaction,
    discriminator,
)
from tests.chain.idls import PROGRAM_NAMES, codec, idl, values

ALL_EVENTS = sorted(EVENT_TYPES)
WALLET = str(Pubkey(bytes([7] * 32)))


def plain(value):
    """What our dataclasses hold for a value of the test codec."""
    if isinstance(value, Pubkey):
        return str(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return tuple(plain(each) for each in value) if isinstance(value, list) else value


def same(ours, theirs):
    """Whether a decoded field says what the codec was given."""
    if is_dataclass(ours):
        return all(same(getattr(ours, field.name), theirs[field.name]) for field in fields(ours))
    if isinstance(ours, tuple):
        return len(ours) == len(theirs) and all(same(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(theirs, Pubkey):
        return ours == str(theirs) or (ours is None and bytes(theirs) == bytes(32))
    if isinstance(theirs, dict):
        return ours == next(iter(theirs)).lower()
    return theirs.lower().startswith(ours.lower()) if isinstance(theirs, str) else ours == theirs


@pytest.mark.parametrize("program", PROGRAM_NAMES)
def test_every_event_of_the_idl_is_known_by_its_discriminator(program):
    listed = {event["name"]: bytes(event["discriminator"]) for event in idl(program)["events"]}
    assert {name for owner, name in EVENT_TYPES if owner == program} == set(listed)
    assert {name: discriminator(name) for name in listed} == listed


@pytest.mark.parametrize(("program", "name"), ALL_EVENTS)
@settings(deadline=None, max_examples=20)
@given(st.data())
def test_every_event_is_read_as_the_program_writes_it(program, name, data):
    kind = {"defined": {"name": name}}
    given_value = data.draw(values(program, kind))
    body = codec(program).encode(kind, given_value)
    read_name, event = decode_event(program, discriminator(name) + body)
    assert read_name == name
    mode = given_value.get("supply_mode")
    for field in fields(event):
        ours = getattr(event, field.name)
        if field.name in {"mint_authority", "mint_cap"} and isinstance(event, TokenLaunched):
            inner = mode["Mintable"] if isinstance(mode, dict) else {}
            theirs = inner.get(field.name.removeprefix("mint_"))
            assert (ours is None and theirs is None) or same(ours, theirs)
        else:
            assert same(ours, given_value[field.name]), field.name


@pytest.mark.parametrize(("program", "name"), ALL_EVENTS)
@settings(deadline=None, max_examples=10)
@given(st.data())
def test_longer_bodies_are_read_and_shorter_ones_refused(program, name, data):
    kind = {"defined": {"name": name}}
    body = codec(program).encode(kind, data.draw(values(program, kind)))
    event = decode_event(program, discriminator(name) + body)
    assert decode_event(program, discriminator(name) + body + b"tail") == event
    # Their last fields were added later.
    if name not in {"TokenLaunched", "CurveOpened"}:
        with pytest.raises(UndecodableError):
            decode_event(program, discriminator(name) + body[:-1])


def test_fields_that_were_added_later_may_be_missing():
    value = {
        **{name: Pubkey(bytes([3] * 32)) for name in ("mint", "creator", "launch_record", "curve", "update_authority")},
        "name": "N",
        "symbol": "S",
        "uri": "U",
        "metadata_hash": bytes(32),
        "decimals": 9,
        "supply": 5,
        "supply_mode": "Burnable",
        "creation_fee": 1,
        "first_buy_lock": None,
        "timestamp": 2,
        "first_buy": 3,
        "allocations": {f"{one}_bps": 2000 for one in ("public", "liquidity", "team", "ecosystem", "treasury")},
        **dict.fromkeys(("team_schedule", "ecosystem_owner", "treasury_owner")),
    }
    body = codec("token_launcher").encode({"defined": {"name": "TokenLaunched"}}, value)
    early = Layout(TokenLaunched).read(body[: -8 - 3])
    assert (early.first_buy, early.team_schedule, early.timestamp) == (0, None, 2)


def completed(mint=WALLET, sold=5):
    value = {
        "mint": Pubkey.from_string(mint),
        "curve": Pubkey(bytes(32)),
        "sold": sold,
        "quote_reserve": 6,
        "timestamp": 7,
    }
    body = codec("bonding_curve").encode({"defined": {"name": "CurveCompleted"}}, value)
    return EVENT_TAG + discriminator("CurveCompleted") + body


def answer(data, *, program=BONDING_CURVE, accounts=None, err=None, loaded=None, **meta):
    """A getTransaction answer with one inner instruction."""
    static = [WALLET, program]
    authority = pda.event_authority(BONDING_CURVE)
    keys = [*static, *(loaded or {"writable": [], "readonly": []})["writable"], authority, TOKEN_LAUNCHER]
    named = [authority] if accounts is None else accounts
    inner = {"programIdIndex": 1, "accounts": [keys.index(key) for key in named], "data": b58encode(data).decode()}
    loaded = loaded or {"writable": [], "readonly": []}
    return {
        "slot": 9,
        "blockTime": 10,
        "transaction": {"signatures": ["sig"], "message": {"accountKeys": static}},
        "meta": {
            "err": err,
            "innerInstructions": [{"index": 2, "instructions": [inner, inner]}],
            "loadedAddresses": {"writable": loaded["writable"], "readonly": [authority, TOKEN_LAUNCHER]},
            "computeUnitsConsumed": 11,
            **meta,
        },
    }


def test_events_come_in_order_with_their_place():
    found = decode_transaction(answer(completed()))
    assert [(e.key.signature, e.key.instruction, e.key.inner) for e in found.events] == [("sig", 2, 0), ("sig", 2, 1)]
    assert found.events[0].program == "bonding_curve"
    assert found.events[0].data == CurveCompleted(WALLET, "1" * 32, 5, 6, 7)
    assert (found.slot, found.block_time, found.compute_units, found.index) == (9, 10, 11, None)


@pytest.mark.parametrize(("fee", "priority"), [(5_000, 0), (5_123, 123), (0, 0), (None, None)])
def test_what_is_paid_beyond_the_signatures_is_the_priority_fee(fee, priority):
    assert decode_transaction(answer(completed(), fee=fee)).priority_fee == priority


def test_every_signature_has_a_base_fee():
    two = answer(completed(), fee=10_007)
    two["transaction"]["signatures"] = ["sig", "other"]
    assert decode_transaction(two).priority_fee == 7


def test_loaded_addresses_count_as_keys():
    loaded = {"writable": [str(Pubkey(bytes([9] * 32)))], "readonly": []}
    assert len(decode_transaction(answer(completed(), loaded=loaded)).events) == 2


@pytest.mark.parametrize(
    "forged",
    [
        answer(completed(), accounts=[WALLET]),
        answer(completed(), accounts=[]),
        answer(completed(), accounts=[pda.event_authority(BONDING_CURVE), WALLET]),
        answer(completed(), program=PROGRAMS["vesting"]),
        answer(completed(), program="11111111111111111111111111111111"),
        answer(completed(), err={"InstructionError": [0, {"Custom": 1}]}),
        answer(completed()[8:]),
        answer(EVENT_TAG),
        answer(EVENT_TAG + b"unknown!" + bytes(40)),
        answer(completed(), innerInstructions=None),
    ],
    ids=["signer", "nobody", "two", "program", "foreign", "failed", "tag", "short", "newer", "unrecorded"],
)
def test_what_the_event_authority_did_not_sign_is_no_event(forged):
    assert decode_transaction(forged).events == []


def test_a_known_event_with_impossible_bytes_is_an_error():
    with pytest.raises(UndecodableError):
        decode_transaction(answer(completed()[:-3]))


def test_balances_are_those_after_and_zero_for_closed_accounts():
    def entry(index, amount):
        return {"accountIndex": index, "mint": "M", "owner": "O", "uiTokenAmount": {"amount": str(amount)}}

    found = decode_transaction(
        answer(completed(), preTokenBalances=[entry(0, 4), entry(1, 8)], postTokenBalances=[entry(0, 5)])
    )
    assert found.balances == [TokenBalance("O", "M", WALLET, 5), TokenBalance("O", "M", BONDING_CURVE, 0)]


def test_a_trade_keeps_every_bit_of_its_amounts():
    value = {
        field.name: (2**64 - 1 if field.name != "segment" else 31)
        for field in fields(Traded)
        if field.name not in {"mint", "curve", "trader", "is_buy", "referrer", "timestamp"}
    }
    value |= {"mint": Pubkey(bytes([1] * 32)), "curve": Pubkey(bytes([2] * 32)), "trader": Pubkey(bytes([3] * 32))}
    value |= {"is_buy": True, "referrer": Pubkey(bytes([4] * 32)), "timestamp": 2**62}
    body = codec("bonding_curve").encode({"defined": {"name": "Traded"}}, value)
    _, trade = decode_event("bonding_curve", discriminator("Traded") + body)
    assert trade.base_amount == trade.virtual_quote == 2**64 - 1
    assert trade.referrer == str(Pubkey(bytes([4] * 32)))
