"""set_creator: who may hand the creator's fees on."""

import pytest
from solders.keypair import Keypair

from tests.programs.curve_market import Market
from tests.programs.harness import CURVE, NOW, SOL, SYSTEM, Receipt, refused


def set_creator(market: Market, signer: Keypair, new: Keypair | None) -> Receipt:
    args = {"new_creator": new.pubkey() if new else SYSTEM}
    accounts = {"authority": signer.pubkey(), "curve": market.curve}
    return market.chain.send([CURVE.instruction("set_creator", args, accounts)], [signer])


def test_the_opener_hands_the_fees_on_with_those_not_yet_claimed(market: Market) -> None:
    heir = market.chain.wallet()
    market.buy(market.trader(), SOL)
    receipt = set_creator(market, market.creator, heir)
    assert market.state["creator"] == heir.pubkey()
    assert receipt.event(CURVE, "CreatorChanged").data == {
        "mint": market.mint,
        "curve": market.curve,
        "old_creator": market.creator.pubkey(),
        "new_creator": heir.pubkey(),
        "timestamp": NOW,
    }
    with refused(CURVE, "NotCreator"):
        market.claim_creator_fees()
    market.claim_creator_fees(heir)


def test_the_opener_keeps_the_right_to_name_the_creator(market: Market) -> None:
    heir, other = market.chain.wallet(), market.chain.wallet()
    set_creator(market, market.creator, heir)
    with refused(CURVE, "InvalidAuthority"):
        set_creator(market, heir, other)
    set_creator(market, market.creator, other)


@pytest.mark.parametrize("who", ["stranger", "config authority"])
def test_nobody_else_names_a_creator(market: Market, who: str) -> None:
    signer = market.chain.admin if who == "config authority" else market.chain.wallet()
    with refused(CURVE, "InvalidAuthority"):
        set_creator(market, signer, signer)


def test_the_default_key_is_no_creator(market: Market) -> None:
    with refused(CURVE, "InvalidCreator"):
        set_creator(market, market.creator, None)
