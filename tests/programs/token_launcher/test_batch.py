"""launch_token under terms with a batch: one transaction, and no first buy before the others."""

import pytest

from tests.programs.batch_market import CLOSES_AT, Batch, batch_terms
from tests.programs.curve_market import Market, Opening, create_terms, sale_terms
from tests.programs.harness import CURVE, NOW, SOL, Chain, refused
from tests.programs.token_launcher.launches import Launched, Pad, first_buy, open_pad


@pytest.fixture
def pad(chain: Chain) -> Pad:
    pad = open_pad(chain)
    pad.sale = sale_terms(batch=batch_terms())
    create_terms(pad.chain, pad.creator, pad.sale)
    return pad


def batch_of(pad: Pad, token: Launched) -> Batch:
    """The batch of a launched token."""
    return Batch(Market(Opening(pad.chain, pad.creator, token.mint)))


def test_a_launch_opens_its_batch_in_one_transaction_and_sells_by_it(pad: Pad) -> None:
    token = pad.launch()
    opened = token.receipt.event(CURVE, "BatchOpened")
    assert (opened["closes_at"], opened["minimum"]) == (CLOSES_AT, 5 * SOL)
    assert token.receipt.event(CURVE, "CurveOpened")["batch"] == opened["batch"]
    batch = batch_of(pad, token)
    wallet = pad.chain.wallet(10)
    batch.deposit(wallet, 6 * SOL)
    batch.close_window()
    batch.settle(wallet)
    batch.claim(wallet.pubkey(), wallet)
    assert token.held(wallet.pubkey()) == token.curve["sold"] > 0


def test_a_launch_with_a_first_buy_and_a_batch_is_refused(pad: Pad) -> None:
    with refused(CURVE, "BatchOpen"):
        pad.launch(first_buy())


def test_a_deadline_inside_the_window_is_refused(pad: Pad) -> None:
    with refused(CURVE, "InvalidDeadline"):
        pad.launch(deadline=NOW + 60)
    pad.launch(deadline=CLOSES_AT + 1)
