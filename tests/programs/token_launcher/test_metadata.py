"""update_metadata and set_update_authority: who changes what a token says of itself."""

from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import LAUNCHER, TOKEN, Chain, Receipt, refused
from tests.programs.token_launcher.launches import NOBODY, Launched, Pad, open_pad

Accounts = dict[str, Pubkey] | None
HASH = bytes(range(32, 64))


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


def update(
    token: Launched,
    field: str,
    value: str,
    by: Keypair | None = None,
    *,
    unsigned: bool = False,
    accounts: Accounts = None,
) -> Receipt:
    signer = by or token.pad.creator
    named = {"update_authority": signer.pubkey(), "launch_record": token.address, "mint": token.mint} | (accounts or {})
    args = {"args": {"field": field, "value": value, "metadata_hash": HASH}}
    without = ["update_authority"] if unsigned else []
    instruction = LAUNCHER.instruction("update_metadata", args, named, unsigned=without)
    return token.pad.chain.send([instruction], [signer if not unsigned else token.pad.chain.admin])


def hand_over(
    token: Launched, to: Any, new: Keypair | None, by: Keypair | None = None, *, accounts: Accounts = None
) -> Receipt:
    signer = by or token.pad.creator
    named: dict[str, Pubkey | None] = {
        "update_authority": signer.pubkey(),
        "new_authority": new.pubkey() if new else None,
        "launch_record": token.address,
        "mint": token.mint,
    }
    instruction = LAUNCHER.instruction("set_update_authority", {"to": to}, named | (accounts or {}))
    return token.pad.chain.send([instruction], [signer, new] if new else [signer])


def governance(authority: Pubkey) -> dict[str, Any]:
    return {"Governance": {"authority": authority}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Name", "A much longer name of 32 bytes."),
        ("Name", "x"),
        ("Symbol", "LONGER"),
        ("Uri", "https://example.com/" + "u" * 180),
        ("Uri", "u"),
    ],
)
def test_each_text_can_be_changed(pad: Pad, field: str, value: str) -> None:
    token = pad.launch()
    before = token.metadata
    event = update(token, field, value).event(LAUNCHER, "MetadataUpdated")
    after = token.metadata
    texts = {"name": before.name, "symbol": before.symbol, "uri": before.uri} | {field.lower(): value}
    assert {"name": after.name, "symbol": after.symbol, "uri": after.uri} == texts
    assert event.data == texts | {"mint": token.mint, "metadata_hash": HASH, "timestamp": pad.chain.now}
    assert token.record["metadata_hash"] == HASH
    account = pad.chain.account(token.mint)
    assert account.lamports >= pad.chain.rent(len(account.data))


def test_texts_may_grow_shrink_and_grow_again(pad: Pad) -> None:
    token = pad.launch(uri="u")
    for length in (200, 1, 26, 27, 28, 27, 100, 200):
        update(token, "Uri", "u" * length)
    account = pad.chain.account(token.mint)
    assert (token.metadata.uri, account.lamports) == ("u" * 200, pad.chain.rent(len(account.data)))


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("Name", "", "InvalidName"),
        ("Name", "x" * 33, "InvalidName"),
        ("Name", "a\u2066b", "InvalidName"),
        ("Symbol", "x" * 11, "InvalidSymbol"),
        ("Symbol", "a b", "InvalidSymbol"),
        ("Uri", "", "InvalidUri"),
        ("Uri", "u" * 201, "InvalidUri"),
        ("Uri", "a\tb", "InvalidUri"),
    ],
)
def test_the_limits_of_a_launch_hold_for_every_change(pad: Pad, field: str, value: str, error: str) -> None:
    token = pad.launch()
    with refused(LAUNCHER, error):
        update(token, field, value)
    assert token.record["metadata_hash"] == token.args["metadata_hash"]


def test_only_the_update_authority_changes_metadata(pad: Pad) -> None:
    token, thief = pad.launch(), pad.chain.wallet()
    with refused(LAUNCHER, "InvalidAuthority"):
        update(token, "Name", "Stolen", thief)
    with refused(None, 3010):
        update(token, "Name", "Stolen", unsigned=True)
    council = pad.chain.wallet()
    governed = pad.launch(update_authority=governance(council.pubkey()))
    with refused(LAUNCHER, "InvalidAuthority"):
        update(governed, "Name", "Creator's")
    update(governed, "Name", "Council's", council)
    assert governed.metadata.name == "Council's"


def test_immutable_metadata_stays(pad: Pad) -> None:
    token = pad.launch(update_authority="Immutable")
    with refused(LAUNCHER, "MetadataImmutable"):
        update(token, "Name", "Changed")
    with refused(LAUNCHER, "MetadataImmutable"):
        hand_over(token, "Creator", pad.creator)


def test_metadata_can_be_made_immutable_for_good(pad: Pad) -> None:
    token = pad.launch()
    event = hand_over(token, "Immutable", None).event(LAUNCHER, "UpdateAuthorityChanged")
    assert event.data == {
        "mint": token.mint,
        "old_authority": pad.creator.pubkey(),
        "new_authority": NOBODY,
        "timestamp": pad.chain.now,
    }
    assert token.metadata.update_authority == token.record["update_authority"] == NOBODY
    with refused(LAUNCHER, "MetadataImmutable"):
        update(token, "Name", "Changed")


def test_governance_takes_over_with_its_own_signature(pad: Pad) -> None:
    token, council = pad.launch(), pad.chain.wallet()
    with refused(LAUNCHER, "InvalidAuthority"):
        hand_over(token, governance(council.pubkey()), None)
    with refused(LAUNCHER, "InvalidAuthority"):
        hand_over(token, governance(council.pubkey()), pad.chain.wallet())
    hand_over(token, governance(council.pubkey()), council)
    assert (token.record["update_policy"], token.record["update_authority"]) == ("Governance", council.pubkey())
    with refused(LAUNCHER, "InvalidAuthority"):
        update(token, "Name", "Creator's")
    hand_over(token, "Creator", pad.creator, council)
    update(token, "Name", "Creator's")


def test_an_authority_cannot_be_handed_to_nobody(pad: Pad) -> None:
    token = pad.launch()
    with refused(None):
        hand_over(token, governance(NOBODY), None)
    assert token.record["update_authority"] == pad.creator.pubkey()


def test_only_the_update_authority_hands_over(pad: Pad) -> None:
    token, thief = pad.launch(), pad.chain.wallet()
    with refused(LAUNCHER, "InvalidAuthority"):
        hand_over(token, governance(thief.pubkey()), thief, thief)


def test_accounts_that_do_not_belong_are_refused(pad: Pad) -> None:
    token, other, thief = pad.launch(), pad.launch(), pad.chain.wallet()
    forged, copied = Keypair().pubkey(), Keypair().pubkey()
    data = LAUNCHER.encode_account("LaunchRecord", token.record | {"update_authority": thief.pubkey()})
    pad.chain.set_account(forged, data, thief.pubkey())
    pad.chain.set_account(copied, data, LAUNCHER.id)
    cases = [
        ({"launch_record": other.address}, 2006),
        ({"launch_record": copied}, 2006),
        ({"launch_record": forged}, 3007),
        ({"launch_record": pad.config}, 3002),
        ({"launch_record": Keypair().pubkey()}, 3012),
        ({"mint": other.mint}, 2006),
        ({"token_program": TOKEN}, 3008),
        ({"event_authority": thief.pubkey()}, 2012),
    ]
    for accounts, code in cases:
        with refused(None, code):
            update(token, "Name", "Stolen", accounts=accounts)
        with refused(None, code):
            hand_over(token, "Immutable", None, accounts=accounts)
    assert (token.metadata.name, other.metadata.name) == ("Example", "Example")
