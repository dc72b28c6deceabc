"""Tokens of the classic standard in every mode, from launch to last claim, on the embedded cluster."""

import pytest

from tests import metaplex, raydium
from tests.flows.conftest import Lives
from tests.flows.lives import MODES, Life

LIVES = [Life("classic", mode, "spl") for mode in MODES]


@pytest.fixture(scope="module")
async def lives(make_cluster, tmp_path_factory):
    if not metaplex.PROGRAM.exists():
        pytest.skip(metaplex.MISSING)
    cluster = raydium.start_cluster(
        make_cluster, tmp_path_factory.mktemp("raydium"), "--slot-ms", "150", *metaplex.cluster_words()
    )
    with pytest.MonkeyPatch.context() as patch:
        metaplex.use_first_forms(patch)
        begun = Lives(cluster.rpc_url, LIVES)
        yield begun
        await begun.stop()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("life", LIVES, ids=str)
async def test_a_classic_token_lives_its_whole_life(lives, life, ends):
    assert (await lives.end_of(life)).status == ends(life.mode)
