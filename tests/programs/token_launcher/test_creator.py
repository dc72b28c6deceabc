"""propose_creator and accept_creator: a token changes hands in two steps, its fees with it."""

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs import pool_market
from tests.programs.curve_market import Market, Opening
from tests.programs.graduating import Graduate, sell_out
from tests.programs.harness import AMM, CURVE, LAUNCHER, VESTING, Chain, refused
from tests.programs.pool_market import Pool
from tests.programs.token_launcher.launches import NOBODY, Launched, Pad, first_buy, open_pad


@pytest.fixture
def pad(chain: Chain) -> Pad:
    return open_pad(chain)


def propose(token: Launched, new: Pubkey, *unsigned: str, **accounts: Pubkey) -> Instruction:
    named = {"creator": token.pad.creator.pubkey(), "launch_record": token.address} | accounts
    return LAUNCHER.instruction("propose_creator", {"new_creator": new}, named, unsigned=unsigned)


def accept(token: Launched, by: Pubkey, *unsigned: str, **accounts: Pubkey) -> Instruction:
    named = {
        "pending_creator": by,
        "launch_record": token.address,
        "curve": CURVE.pda(b"curve", token.mint),
        "bonding_curve_event_authority": CURVE.event_authority,
        "amm_program": None,
    }
    return LAUNCHER.instruction("accept_creator", {}, named | accounts, unsigned=unsigned)


def test_record_and_curve_change_hands_together(pad: Pad) -> None:
    token, heir = pad.launch(), pad.chain.wallet()
    proposed = pad.chain.send([propose(token, heir.pubkey())], [pad.creator])
    assert proposed.event(LAUNCHER, "CreatorProposed").data == {
        "mint": token.mint,
        "creator": pad.creator.pubkey(),
        "pending_creator": heir.pubkey(),
        "timestamp": pad.chain.now,
    }
    assert token.record["creator"] == token.curve["creator"] == pad.creator.pubkey()
    accepted = pad.chain.send([accept(token, heir.pubkey())], [heir])
    assert accepted.event(LAUNCHER, "CreatorChanged").data == {
        "mint": token.mint,
        "old_creator": pad.creator.pubkey(),
        "new_creator": heir.pubkey(),
        "timestamp": pad.chain.now,
    }
    assert accepted.event(CURVE, "CreatorChanged")["new_creator"] == heir.pubkey()
    assert token.record["creator"] == token.curve["creator"] == heir.pubkey()
    assert token.record["pending_creator"] == NOBODY


def test_the_creators_metadata_follows_and_governed_metadata_stays(pad: Pad) -> None:
    heir, council = pad.chain.wallet(), Keypair().pubkey()
    own, fixed = pad.launch(), pad.launch(update_authority="Immutable")
    governed = pad.launch(update_authority={"Governance": {"authority": council}})
    for token, expected in ((own, heir.pubkey()), (governed, council), (fixed, NOBODY)):
        pad.chain.send([propose(token, heir.pubkey()), accept(token, heir.pubkey())], [pad.creator, heir])
        assert token.record["update_authority"] == expected


def test_the_new_creator_claims_the_fees_and_the_old_one_cannot(pad: Pad) -> None:
    token, heir = pad.launch(first_buy()), pad.chain.wallet()
    pad.chain.send([propose(token, heir.pubkey()), accept(token, heir.pubkey())], [pad.creator, heir])

    def claim(by: Keypair) -> Instruction:
        named = {"creator": by.pubkey(), "curve": CURVE.pda(b"curve", token.mint)}
        return CURVE.instruction("claim_creator_fees", {}, named)

    with refused(CURVE, "NotCreator"):
        pad.chain.send([claim(pad.creator)], [pad.creator])
    pad.chain.send([claim(heir)], [heir])
    with refused(LAUNCHER, "InvalidAuthority"):
        pad.chain.send([propose(token, pad.creator.pubkey())], [pad.creator])


def graduated(pad: Pad, token: Launched) -> Pool:
    pad.chain.load(AMM, pad.chain.admin.pubkey())
    pool_market.create_config(pad.chain)
    market = Market(Opening(pad.chain, pad.creator, token.mint))
    sell_out(market)
    graduate = Graduate(market)
    graduate.send(pad.chain.wallet())
    return graduate.pool


def of_pool(pool: Pool) -> dict[str, Pubkey]:
    vaults = {"pool_base_vault": pool.base_vault, "pool_quote_vault": pool.quote_vault}
    return {"pool": pool.key, **vaults, "amm_program": AMM.id, "amm_event_authority": AMM.event_authority}


def test_a_graduates_pool_changes_hands_too(pad: Pad) -> None:
    token, heir = pad.launch(), pad.chain.wallet()
    pool = graduated(pad, token)
    assert pool.state["creator"] == pad.creator.pubkey()
    pad.chain.send([propose(token, heir.pubkey())], [pad.creator])
    with refused(LAUNCHER, "MissingAccount"):
        pad.chain.send([accept(token, heir.pubkey())], [heir])
    accepted = pad.chain.send([accept(token, heir.pubkey(), **of_pool(pool))], [heir])
    assert accepted.event(AMM, "CreatorChanged")["new_creator"] == heir.pubkey()
    assert token.record["creator"] == token.curve["creator"] == pool.state["creator"] == heir.pubkey()


def test_another_tokens_pool_cannot_stand_in(pad: Pad) -> None:
    token, heir = pad.launch(), pad.chain.wallet()
    pool = graduated(pad, token)
    pad.chain.send([propose(token, heir.pubkey())], [pad.creator])
    for name in of_pool(pool):
        with refused(None):
            pad.chain.send([accept(token, heir.pubkey(), **{**of_pool(pool), name: pool.lp_mint})], [heir])


def test_an_offer_can_be_withdrawn(pad: Pad) -> None:
    token, heir = pad.launch(), pad.chain.wallet()
    pad.chain.send([propose(token, heir.pubkey()), propose(token, NOBODY)], [pad.creator])
    with refused(LAUNCHER, "InvalidCreator"):
        pad.chain.send([accept(token, heir.pubkey())], [heir])


def test_only_the_creator_proposes_and_never_himself(pad: Pad) -> None:
    token, thief = pad.launch(), pad.chain.wallet()
    with refused(LAUNCHER, "InvalidAuthority"):
        pad.chain.send([propose(token, thief.pubkey(), creator=thief.pubkey())], [thief])
    with refused(None, 3010):
        pad.chain.send([propose(token, thief.pubkey(), "creator")], [thief])
    with refused(LAUNCHER, "InvalidCreator"):
        pad.chain.send([propose(token, pad.creator.pubkey())], [pad.creator])


def test_only_the_proposed_one_accepts(pad: Pad) -> None:
    token, heir, thief = pad.launch(), pad.chain.wallet(), pad.chain.wallet()
    pad.chain.send([propose(token, heir.pubkey())], [pad.creator])
    with refused(LAUNCHER, "InvalidCreator"):
        pad.chain.send([accept(token, thief.pubkey())], [thief])
    with refused(None, 3010):
        pad.chain.send([accept(token, heir.pubkey(), "pending_creator")], [thief])
    assert token.record["creator"] == pad.creator.pubkey()


def test_the_curve_obeys_the_record_alone(pad: Pad) -> None:
    token = pad.launch()
    named = {"authority": pad.creator.pubkey(), "curve": CURVE.pda(b"curve", token.mint)}
    direct = CURVE.instruction("set_creator", {"new_creator": Keypair().pubkey()}, named)
    with refused(CURVE, "InvalidAuthority"):
        pad.chain.send([direct], [pad.creator])


def test_accounts_that_do_not_belong_are_refused(pad: Pad) -> None:
    token, other, thief = pad.launch(), pad.launch(), pad.chain.wallet()
    forged, copied = Keypair().pubkey(), Keypair().pubkey()
    taken = {"creator": thief.pubkey(), "pending_creator": thief.pubkey()}
    data = LAUNCHER.encode_account("LaunchRecord", token.record | taken)
    pad.chain.set_account(forged, data, thief.pubkey())
    pad.chain.set_account(copied, data, LAUNCHER.id)
    for wrong, code in ((copied, 2006), (forged, 3007), (pad.config, 3002), (Keypair().pubkey(), 3012)):
        with refused(None, code):
            stolen = propose(token, Keypair().pubkey(), creator=thief.pubkey(), launch_record=wrong)
            pad.chain.send([stolen], [thief])
        with refused(None, code):
            pad.chain.send([accept(token, thief.pubkey(), launch_record=wrong)], [thief])
    pad.chain.send([propose(token, thief.pubkey())], [pad.creator])
    cases = [
        ({"curve": CURVE.pda(b"curve", other.mint)}, 2001),
        ({"launch_record": other.address}, LAUNCHER.error("InvalidCreator")),
        ({"bonding_curve_program": VESTING.id}, 3008),
        ({"bonding_curve_event_authority": thief.pubkey()}, 2012),
        ({"event_authority": thief.pubkey()}, 2012),
    ]
    for accounts, code in cases:
        with refused(None, code):
            pad.chain.send([accept(token, thief.pubkey(), **accounts)], [thief])
    assert other.curve["creator"] == pad.creator.pubkey()
