"""create_shape: segments at the address of their content, and curves opened from them."""

import json
from typing import Any

import pytest

from tests.programs.curve_market import CLASSIC, SALE, Market, create_shape, opening, shape_of
from tests.programs.harness import CURVE, NOW, ROOT, SOL, Chain, refused
from tests.programs.replay import Replay

VECTORS = json.loads((ROOT / "tests" / "vectors" / "curve.json").read_text())
LONGEST = next(curve for curve in VECTORS["curves"] if len(curve["segments"]) == 32)
OPENING_LIMIT = 120_000


def named(rows: list[list[int]]) -> list[dict[str, int]]:
    return [dict(zip(("base_reserve", "quote_reserve", "base_for_sale"), row, strict=True)) for row in rows]


def test_a_shape_says_what_its_segments_sell_and_raise(chain: Chain) -> None:
    receipt = create_shape(chain, chain.wallet(), CLASSIC)
    address = shape_of(CLASSIC)
    content = {"sale_supply": SALE, "raise_target": 85_005_359_057, "segments": CLASSIC}
    state = chain.read(CURVE, "Shape", address)
    assert {name: state[name] for name in content} == content
    assert receipt.event(CURVE, "ShapeCreated").data == {**content, "shape": address, "timestamp": NOW}
    account = chain.account(address)
    assert account.lamports == chain.rent(len(account.data))
    replay = Replay()
    replay.feed(receipt)
    replay.assert_same(chain)


def test_thirty_two_segments_open_a_curve_by_name(chain: Chain) -> None:
    segments = named(LONGEST["segments"])
    create_shape(chain, chain.wallet(), segments)
    ready = opening(chain, segments=segments)
    receipt = ready.send({"source": "Shape"}, shape=shape_of(segments))
    assert receipt.event(CURVE, "CurveOpened")["segments"] == segments
    assert receipt.compute_units < OPENING_LIMIT
    state = Market(ready).state
    assert (state["segments"], state["raise_target"]) == (segments, LONGEST["raise_target"])


def test_a_curve_from_a_shape_is_the_one_from_its_segments(chain: Chain) -> None:
    create_shape(chain, chain.wallet(), CLASSIC)
    shaped, inline = opening(chain), opening(chain)
    shaped.send({"source": "Shape"}, shape=shape_of(CLASSIC))
    inline.send()
    own = {"mint", "creator", "authority", "base_vault", "bump"}
    first, second = ({k: v for k, v in Market(each).state.items() if k not in own} for each in (shaped, inline))
    assert first == second
    assert Market(shaped).buy(Market(shaped).trader(), SOL)


def test_a_shape_is_made_once_and_never_changes(chain: Chain) -> None:
    create_shape(chain, chain.wallet(), CLASSIC)
    before = chain.account(shape_of(CLASSIC))
    again = create_shape(chain, chain.wallet(), CLASSIC)
    assert again.events(CURVE) == []
    assert chain.account(shape_of(CLASSIC)) == before


def test_lamports_sent_before_do_not_stop_a_shape(chain: Chain) -> None:
    chain.airdrop(shape_of(CLASSIC), 1)
    create_shape(chain, chain.wallet(), CLASSIC)
    assert chain.read(CURVE, "Shape", shape_of(CLASSIC))["sale_supply"] == SALE


@pytest.mark.parametrize(
    "case",
    [
        # Where only the declared supply is wrong, the segments by themselves are a curve.
        case
        for case in VECTORS["invalid"]
        if sum(row[2] for row in case["segments"]) == case["sale_supply"] or not case["segments"]
    ],
    ids=lambda case: case["name"],
)
def test_segments_that_are_no_curve_are_no_shape(chain: Chain, case: dict[str, Any]) -> None:
    with refused(CURVE, "InvalidSegments"):
        create_shape(chain, chain.wallet(), named(case["segments"]))


def test_a_shape_that_sells_another_amount_opens_nothing(chain: Chain) -> None:
    create_shape(chain, chain.wallet(), CLASSIC)
    other = [{**CLASSIC[0], "base_for_sale": SALE - 1}]
    create_shape(chain, chain.wallet(), other)
    ready = opening(chain)
    with refused(CURVE, "InvalidShape"):
        ready.send({"source": "Shape"}, shape=shape_of(other))
    with refused(CURVE, "InvalidShape"):
        ready.send({"source": "Shape"})
    ready.send({"source": "Shape"}, shape=shape_of(CLASSIC))
