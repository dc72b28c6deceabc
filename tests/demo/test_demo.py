"""The demo is for play money, draws its own pictures, and keeps its people."""

import io
from random import Random

import pytest
from PIL import Image

from launchpad.config import Settings
from launchpad.demo import guard, ideas, pictures
from launchpad.demo.habits import Habits, is_crowded
from launchpad.demo.people import SOL, gather_people


def _settings(**values):
    return Settings(_env_file=None, **values)


async def test_a_public_cluster_is_refused_by_its_setting():
    with pytest.raises(guard.ForbiddenClusterError, match="CLUSTER is devnet"):
        await guard.require_play_money(_settings(cluster="devnet"))


@pytest.mark.parametrize("chain", sorted(guard.PUBLIC_CHAINS))
async def test_a_public_cluster_is_refused_by_its_genesis(chain, monkeypatch):
    async def genesis(_url, _method):
        return chain + "xxxxxxxxxxxx"

    monkeypatch.setattr(guard, "call_rpc", genesis)
    with pytest.raises(guard.ForbiddenClusterError, match="is a public one"):
        await guard.require_play_money(_settings())


async def test_a_local_cluster_is_accepted(cluster):
    await guard.require_play_money(cluster.settings())


async def test_a_cluster_that_is_away_is_named():
    with pytest.raises(guard.ClusterAwayError, match="does not answer"):
        await guard.call_rpc("http://127.0.0.1:9", "getGenesisHash")


async def test_a_refused_call_says_why(cluster):
    with pytest.raises(guard.ClusterAwayError, match="nonsense"):
        await guard.call_rpc(cluster.rpc_url, "nonsense")


def test_people_keep_their_wallets(tmp_path):
    assert [p.address for p in gather_people(tmp_path)] == [p.address for p in gather_people(tmp_path)]


def test_everybody_says_that_he_is_simulated(tmp_path):
    names = [person.display_name for person in gather_people(tmp_path)]
    assert all("simulated" in name and len(name) <= 32 for name in names)
    assert all("simulated" in idea.description for idea in ideas.IDEAS)


def test_ideas_fit_the_program():
    assert all(len(idea.name.encode()) <= 32 and len(idea.symbol.encode()) <= 10 for idea in ideas.IDEAS)
    assert len({idea.symbol for idea in ideas.IDEAS}) == len(ideas.IDEAS)


def test_a_picture_is_a_square_png_and_always_the_same():
    first = pictures.draw("Orchard")
    assert first == pictures.draw("Orchard") != pictures.draw("Tidepool")
    image = Image.open(io.BytesIO(first))
    assert (image.format, image.size) == ("PNG", (512, 512))


def test_sizes_are_mostly_small_and_never_absurd(tmp_path):
    habits, people = Habits(Random(1)), gather_people(tmp_path)
    sizes = sorted(habits.spending(person) for person in people for _ in range(100))
    assert sizes[0] >= SOL // 50
    assert sizes[-1] <= 3 * SOL
    assert sizes[len(sizes) // 2] < SOL


def test_people_both_keep_and_sell(tmp_path):
    habits, people = Habits(Random(1)), gather_people(tmp_path)
    answers = [habits.sells(person, {"mint": "m", "progress_bps": 100}) for person in people for _ in range(30)]
    assert 0.1 < sum(answers) / len(answers) < 0.7


def test_a_sale_is_a_part_of_what_is_held():
    habits = Habits(Random(1))
    assert all(1 <= habits.part_of(1000) <= 1000 for _ in range(50))
    assert habits.part_of(1) == 1


def test_newer_tokens_are_liked_better():
    habits = Habits(Random(1))
    tokens = [{"mint": str(n)} for n in range(5)]
    liked = [habits.favourite(tokens)["mint"] for _ in range(500)]
    assert liked.count("0") > liked.count("4") > 0


def test_a_nearly_full_curve_is_crowded():
    assert is_crowded({"progress_bps": 9000})
    assert not is_crowded({"progress_bps": 2000})


def test_lines_name_what_was_traded():
    lines = {ideas.say(Random(n), "ORCH", "buy", 1_250_000_000) for n in range(40)}
    assert any("ORCH" in line for line in lines)
    assert any("1.25 SOL" in line for line in lines)
