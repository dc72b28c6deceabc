"""A token of the classic standard on a stock validator, which checks what the test runtime leaves out."""

import pytest

from tests import metaplex
from tests.flows.lives import Life


@pytest.mark.timeout(600)
async def test_a_classic_token_lives_its_whole_life_on_a_validator(make_validator, monkeypatch):
    if not metaplex.PROGRAM.exists():
        pytest.skip(metaplex.MISSING)
    metaplex.use_first_forms(monkeypatch)
    validator = make_validator(*metaplex.cluster_words())
    assert (await Life("linear", "team_raise", "spl").live(validator.rpc_urls[0])).status == "graduated"
