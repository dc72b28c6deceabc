"""What trades cost in compute units, and how much room programs take."""

import json

import pytest

from tests.programs.curve_market import CLASSIC, Market, open_market, opening, register_referrer
from tests.programs.harness import CURVE, ROOT, SOL, TOKEN_2022, Chain, metadata_pointer, mint_data

VECTORS = json.loads((ROOT / "tests" / "vectors" / "curve.json").read_text())["curves"]
BUY_LIMIT = 30_000
# A buy that walks over all 32 segments and back through their inverse.
LONG_BUY_LIMIT = 40_000


def launched(chain: Chain) -> Market:
    """A curve of a mint with its metadata inside, as launches make them."""
    ready = opening(chain)
    metadata = bytes(32) + bytes(ready.mint) + bytes(120)
    data = mint_data(supply=chain.supply(ready.mint), extensions={**metadata_pointer(ready.mint), 19: metadata})
    chain.set_account(ready.mint, data, TOKEN_2022)
    ready.send()
    return Market(ready)


@pytest.mark.parametrize("referred", [False, True])
def test_a_trade_into_an_existing_token_2022_account_stays_within_its_budget(chain: Chain, *, referred: bool) -> None:
    market = launched(chain)
    trader = market.trader()
    account = register_referrer(chain, trader, market.creator.pubkey()) if referred else None
    for _ in range(2):
        receipts = [
            market.buy(trader, SOL, referrer_fees=account),
            market.buy_out(trader, 10**15, referrer_fees=account),
            market.sell(trader, 10**15, referrer_fees=account),
        ]
        assert max(receipt.compute_units for receipt in receipts) <= BUY_LIMIT


def test_the_longest_curve_can_be_bought_out_at_once(chain: Chain) -> None:
    names = ("base_reserve", "quote_reserve", "base_for_sale")
    rows = next(curve for curve in VECTORS if curve["name"] == "fixed price in steps")["segments"]
    market = open_market(chain, segments=[dict(zip(names, row, strict=True)) for row in rows])
    receipt = market.buy(market.trader(), 50 * SOL)
    assert market.state["status"] == "Complete"
    assert receipt.compute_units <= LONG_BUY_LIMIT


def test_opening_fits_the_default_limit_of_one_instruction(chain: Chain) -> None:
    ready = opening(chain, segments=CLASSIC)
    assert chain.send([ready.instruction()], [ready.authority], compute=None).compute_units < 100_000


def test_the_program_has_not_grown_by_accident() -> None:
    assert len(CURVE.code) < 2_200_000
