"""Every shape and every mode once on a stock validator."""

from itertools import cycle

import pytest

from tests.flows.conftest import Lives
from tests.flows.lives import MODES, SHAPES, Life

LIVES = [Life(shape, mode) for shape, mode in zip(cycle(SHAPES), MODES, strict=False) if mode != "raydium"]


@pytest.fixture(scope="module")
async def lives(make_validator):
    begun = Lives(make_validator().rpc_urls[0], LIVES)
    yield begun
    await begun.stop()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("life", LIVES, ids=str)
async def test_a_token_lives_its_whole_life_on_a_validator(lives, life, ends):
    assert (await lives.end_of(life)).status == ends(life.mode)
