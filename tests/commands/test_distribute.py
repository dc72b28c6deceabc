"""`launchpad token distribute` on a cluster: what it shows, what it sends, and that it does nothing twice."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from launchpad.chain import keys
from launchpad.chain.bulk.items import Wanted
from launchpad.chain.bulk.running import estimate
from launchpad.cli import app
from launchpad.client import LaunchpadClient, sol
from launchpad.config import get_settings


class Owner:
    """A wallet with a token, and the command line in its hands."""

    def __init__(self, cluster, folder):
        self.cluster, self.folder = cluster, folder
        self.path, self.mint = folder / "owner.json", ""
        keys.save(keys.generate(), self.path)
        self.ask(self._begin)

    async def _begin(self, pad):
        await pad.airdrop(sol(5))
        launch = await pad.launch("Many Hands", "HAND", "ipfs://hands", supply=10**18)
        await pad.buy(launch.mint, quote_in=sol("0.5"))
        self.mint = launch.mint

    def ask(self, work, **options):
        """Something of a client of this wallet."""

        async def run():
            async with LaunchpadClient(self.cluster.rpc_url, self.path, **options) as pad:
                return await work(pad)

        return asyncio.run(run())

    def held_by(self, people):
        async def ask(pad):
            return [await pad.token_balance(self.mint, each) for each in people]

        return self.ask(ask)

    def distribute(self, lines, *words):
        file = self.folder / "list.csv"
        file.write_text("\n".join(lines))
        given = ("--mint", self.mint, "--keypair", self.path, *words)
        return CliRunner().invoke(app, ["token", "distribute", str(file), *map(str, given)])


@pytest.fixture
def owner(cluster, tmp_path, monkeypatch):
    monkeypatch.setenv("RPC_URL", cluster.rpc_url)
    monkeypatch.setenv("LAUNCHPAD_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield Owner(cluster, tmp_path)
    get_settings.cache_clear()


def somebody():
    return keys.address_of(keys.generate())


def test_a_list_is_sent_once_however_often_it_is_asked_for(owner):
    people = [somebody() for _ in range(9)]
    lines = ["wallet,amount", *(f"{each},2.5" for each in people), "burn,1"]
    tried = owner.distribute(lines, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "23.5" in tried.output
    assert owner.held_by(people) == [0] * 9
    for confirmed, before in ((10, 0), (0, 10)):
        done = owner.distribute(lines, "--json")
        assert done.exit_code == 0, done.output
        told = json.loads(done.stdout)
        assert (told["confirmed"], told["done_before"], told["failed"]) == (confirmed, before, 0)
        assert [item["line"] for item in told["items"]] == list(range(2, 12))
        assert owner.held_by(people) == [2_500_000_000] * 9
    again = owner.distribute(lines, "--yes", "--label", "second month")
    assert again.exit_code == 0, again.output
    assert owner.held_by(people[:1]) == [5_000_000_000]


def test_lines_at_fault_are_named_and_nothing_is_sent(owner):
    refused = owner.distribute([f"{somebody()},1", f"{owner.mint},1"], "--yes")
    assert refused.exit_code == 1
    assert "line 2: This is a token or a token account" in refused.stderr
    refused = owner.distribute(["", "nobody,1"], "--yes")
    assert "line 2: 'nobody' is no Solana address" in refused.stderr
    missing = CliRunner().invoke(app, ["token", "distribute", str(owner.folder / "none.csv")])
    assert "cannot be read as text" in missing.stderr


def test_an_interrupted_run_is_waited_for(owner):
    wanted, notes, heard = [Wanted("transfer", owner.mint, somebody(), 5)], owner.folder / "bulk", []

    async def run(pad):
        first = await estimate(pad.chain, pad.address, wanted, "")
        height = await pad.chain.rpc.get_block_height("finalized") + 3
        notes.mkdir()
        (notes / f"{first.mark}.json").write_text(str(height))
        [result] = await pad.bulk(wanted, notes=notes)
        return result.status, await pad.chain.rpc.get_block_height("finalized") - height

    status, later = owner.ask(run, report=heard.append)
    assert (status, heard[0]) == ("confirmed", "Waiting until nothing of an earlier run can land any more")
    assert later > 0
    assert list(notes.iterdir()) == []
