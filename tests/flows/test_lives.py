"""Every shape in every mode, from launch to last claim, on the embedded cluster."""

import pytest

from tests.flows.conftest import Lives
from tests.flows.lives import MODES, SHAPES, Life

LIVES = [Life(shape, mode) for mode in MODES if mode != "raydium" for shape in SHAPES]


@pytest.fixture(scope="module")
async def lives(make_cluster):
    begun = Lives(make_cluster("--slot-ms", "150").rpc_url, LIVES)
    yield begun
    await begun.stop()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("life", LIVES, ids=str)
async def test_a_token_lives_its_whole_life(lives, life, ends):
    assert (await lives.end_of(life)).status == ends(life.mode)
