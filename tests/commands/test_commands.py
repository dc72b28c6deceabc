"""`launchpad token`, `buy`, `sell`, `quote` and `programs`, as people type them."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from launchpad.chain import keys
from launchpad.cli import app
from launchpad.client import LaunchpadClient, sol
from launchpad.commands import session
from launchpad.config import get_settings


@pytest.fixture
def wallet(cluster, tmp_path):
    """A funded keypair file."""
    path = tmp_path / "id.json"
    keys.save(keys.generate(), path)

    async def fund():
        async with LaunchpadClient(cluster.rpc_url, path) as pad:
            await pad.airdrop(sol(20))

    asyncio.run(fund())
    return path


@pytest.fixture
def launchpad(cluster, monkeypatch):
    """Call it with the words after `launchpad`; the result of the run."""
    monkeypatch.setenv("RPC_URL", cluster.rpc_url)
    monkeypatch.setenv("LAUNCHPAD_HOME", str(cluster.home))
    get_settings.cache_clear()
    runner = CliRunner()
    yield lambda *words: runner.invoke(app, [str(word) for word in words])
    get_settings.cache_clear()


def answer(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_token_is_launched_shown_quoted_bought_and_sold(launchpad, wallet):
    signed = ("--keypair", wallet, "--json")
    words = ("Typed", "TYP", "ipfs://typed", "--supply", "1000000", "--first-buy", "0.5", "--lock-days", "2")
    launched = answer(launchpad("token", "launch", *words, *signed))
    assert launched["first_buy_lock"]

    mint = launched["mint"]
    shown = answer(launchpad("token", "show", mint, "--json"))
    assert (shown["name"], shown["supply"], shown["status"]) == ("Typed", "1000000.000000000", "trading")

    quoted = answer(launchpad("quote", "buy", mint, "1", "--json"))
    bought = answer(launchpad("buy", mint, "1", *signed))
    assert (bought["tokens"], bought["paid_sol"]) == (quoted["tokens"], quoted["pay_sol"])
    assert answer(launchpad("quote", "buy", mint, "--tokens", "10", "--json"))["tokens"] == "10.000000000"
    assert answer(launchpad("buy", mint, "--tokens", "10", *signed))["tokens"] == "10.000000000"
    assert answer(launchpad("quote", "sell", mint, "10", "--json"))["tokens"] == "10.000000000"
    assert answer(launchpad("sell", mint, "10", *signed))["tokens"] == "10.000000000"
    sold = answer(launchpad("sell", mint, "all", *signed))
    assert sold["tokens"] == bought["tokens"]


def test_all_buckets_can_be_launched_for_people_to_read(launchpad, wallet):
    friend = keys.address_of(keys.generate())
    result = launchpad(
        *("token", "launch", "Full", "FUL", "ipfs://full", "--supply", "1000000", "--immutable", "--keypair", wallet),
        *("--allocations", "5000,2000,1000,1000,1000", "--team", friend),
        *("--ecosystem-owner", friend, "--treasury-owner", friend),
    )
    assert result.exit_code == 0, result.output
    assert "Launched FUL" in result.stdout


def test_a_curve_is_chosen_by_goal_by_shape_or_by_points(launchpad, wallet):
    words = ("token", "launch", "Curved", "CRV", "ipfs://x", "--supply", "1000000", "--keypair", wallet, "--json")

    def shown(*options):
        return answer(launchpad("token", "show", answer(launchpad(*words, *options))["mint"], "--json"))

    assert shown("--goal", "12")["target_sol"] == "12.000000000"
    linear = shown("--shape", "linear", "--prices", "0.0001,0.0002")
    assert linear["price_sol"].startswith("0.0001")
    # A curve that only doubles sells 57.23 %: the rest is what its pool needs.
    assert linear["target_sol"] == "85.845000000"
    assert shown("--shape", "exponential", "--goal", "30", "--multiple", "4")["target_sol"] == "30.000000000"
    assert (
        shown("--shape", "linear", "--caps", "2000,", "--multiple", "2", "--usd", "20")["target_sol"]
        == linear["target_sol"]
    )
    assert shown("--points", "0:100,100:200")["target_sol"] == linear["target_sol"]


def test_a_sale_is_told_by_a_file(launchpad, wallet, tmp_path):
    told = tmp_path / "sale.json"
    told.write_text(
        json.dumps(
            {
                "rules": {"launch_fee": {"start_bps": 2_000, "seconds": 60}, "wallet_cap_bps": 500},
                "graduation": {"liquidity_bps": 7_000, "lock_days": 180},
            }
        )
    )
    words = ("token", "launch", "Told", "TLD", "ipfs://x", "--supply", "1000000", "--keypair", wallet, "--json")
    assert answer(launchpad(*words, "--sale", told))["mint"]
    told.write_text('{"batch": {"seconds": 0, "minimum_lamports": "1"}}')
    refused = launchpad(*words, "--sale", told)
    assert refused.exit_code == 1
    assert "batch.seconds: Input should be greater than or equal to 1" in " ".join(refused.output.split())
    assert "cannot be read" in launchpad(*words, "--sale", tmp_path / "none.json").output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--goal", "1", "--shape", "linear"), "two of"),
        (("--shape", "linear"), "two of"),
        (("--shape", "x", "--prices", "1,2"), "no shape x"),
        (("--goal", "much"), "takes a number"),
        (("--goal", "nan"), "takes a number"),
        (("--shape", "linear", "--caps", ""), "such as 28,280"),
        (("--points", "0:28,100"), "--points takes"),
        (("--points", "0:28,100:30", "--goal", "4"), "leave the other options out"),
    ],
)
def test_a_curve_that_cannot_be_is_explained(launchpad, wallet, options, said):
    words = ("token", "launch", "Curved", "CRV", "ipfs://x", "--supply", "1000000", "--keypair", wallet)
    result = launchpad(*words, *options)
    assert result.exit_code == 1
    assert said in " ".join((result.stdout + result.stderr).split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("token", "show", "nonsense"), "no Solana address"),
        (("token", "launch", "A", "B", "C", "--supply", "1", "--allocations", "1,2"), "five numbers"),
        (("token", "launch", "A", "B", "C", "--supply", "x"), "no amount"),
        (("buy", "nonsense", "1"), "no Solana address"),
        (("buy", "11111111111111111111111111111112", "1"), "no curve"),
        (("quote", "hold", "nonsense", "1"), "buy or sell"),
    ],
)
def test_mistakes_are_answered_in_one_line(launchpad, wallet, words, said):
    signs = words[0] == "buy" or words[1] == "launch"
    result = launchpad(*words, *(("--keypair", wallet) if signs else ()))
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output


def test_neither_or_both_amounts_are_refused(launchpad, wallet):
    mint = answer(launchpad("token", "launch", "A", "B", "C", "--supply", "1000000", "--keypair", wallet, "--json"))[
        "mint"
    ]
    for words in ((), ("1", "--tokens", "1")):
        result = launchpad("buy", mint, *words, "--keypair", wallet)
        assert "Say either" in result.output


def test_a_missing_wallet_says_how_to_get_one(launchpad, tmp_path):
    result = launchpad("sell", "nonsense", "1", "--keypair", tmp_path / "none.json")
    assert result.exit_code == 1
    assert "KEYPAIR" in result.output


def test_programs_are_set_up_again_without_harm_and_shown(launchpad):
    result = launchpad("programs", "init")
    assert result.exit_code == 0, result.output
    assert "lookup table" in launchpad("programs", "show").stdout


def test_a_treasury_must_be_an_address(launchpad):
    assert "no address" in launchpad("programs", "init", "--treasury", "nonsense").output


def test_facts_are_printed_for_people_and_for_programs(capsys):
    session.show("Title", {"a_fact": None, "other": 5}, as_json=False)
    assert "a fact" in capsys.readouterr().out
    session.show("Title", {"a_fact": None, "other": 5}, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"a_fact": None, "other": 5}


def test_a_bundle_cannot_be_had_on_a_local_cluster(launchpad, wallet):
    launched = answer(
        launchpad("token", "launch", "Bid", "BID", "ipfs://x", "--supply", "1000", "--keypair", wallet, "--json")
    )
    words = ("buy", launched["mint"], "0.1", "--keypair", wallet, "--executor", "jito", "--tip", "0.00001")
    refused = launchpad(*words)
    assert refused.exit_code != 0
    assert "mainnet and testnet only" in " ".join(refused.output.split())


def test_programs_are_verified_against_what_was_built(launchpad, monkeypatch):
    told = answer(launchpad("programs", "verify", "--json"))
    assert {one["matches"] for one in told["programs"].values()} == {True}
    assert "the deployed bytes are the built ones" in " ".join(launchpad("programs", "verify").output.split())
    monkeypatch.setattr("launchpad.chain.deployments.built_hash", lambda _: "00" * 32)
    refused = launchpad("programs", "verify")
    assert refused.exit_code == 1
    assert "Not what was built here: bonding_curve" in " ".join(refused.output.split())
    monkeypatch.setattr("launchpad.chain.deployments.PROGRAMS", {})
    monkeypatch.setattr("launchpad.commands.programs.PROGRAMS", {"nothing": keys.address_of(keys.generate())})
    assert "not on this cluster" in launchpad("programs", "verify").output
