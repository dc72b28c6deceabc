"""Transactions as their trades: by events, by IDLs, and by the lines that programs print."""

import copy
import json

import pytest
from typer.testing import CliRunner

from launchpad.chain import keys
from launchpad.chain.parsing import parse_transaction
from launchpad.cli import app
from launchpad.config import get_settings
from tests.chain.conftest import SOL, soon
from tests.chain.foreign import venues
from tests.chain.foreign.answers import address


@pytest.fixture(scope="module")
async def bought(chain, creator, plain, fund):
    """The node's answer about a buy on a curve, with its mint and its trader."""
    mint, (launch,) = await chain.build_launch(plain)
    await creator.send(launch)
    trader = await fund(5)
    built = await chain.build_buy_exact_in(mint, trader.address, SOL, 1, soon())
    signed = keys.sign_transaction(built.transaction, trader.key)
    signature = await chain.submit(signed, built.last_valid_block_height)
    await chain.confirm(signature, built.last_valid_block_height)
    return await chain.read_back(signature), mint, trader.address


def test_a_buy_is_told_with_amounts_balances_and_costs(bought):
    answer, mint, trader = bought
    found = parse_transaction(answer)
    [trade] = found.trades
    assert (trade.program, trade.programName, trade.tradeType, trade.source) == (
        *("bonding_curve", "bonding_curve"),
        *("buy", "event"),
    )
    assert (trade.mintAddress, trade.userAddress, found.signer) == (mint, trader, trader)
    got = next(one for one in found.balances if one.owner == trader)
    assert (got.before, got.after, got.mint, got.decimals) == ("0", trade.tokenAmount, mint, trade.decimals)
    assert 0 < int(trade.solAmount) < SOL
    assert int(trade.baseReserve) > 0 < int(trade.quoteReserve)
    assert found.computeUnits > 0 <= int(found.priorityFee)
    assert found.innerInstructions > 1


def test_without_inner_instructions_the_lines_say_the_same(bought):
    answer, mint, trader = bought
    bare = copy.deepcopy(answer)
    bare["meta"]["innerInstructions"] = None
    [told], [printed] = parse_transaction(answer).trades, parse_transaction(bare).trades
    assert printed.source == "log"
    names = ("mintAddress", "solAmount", "tokenAmount", "tradeType", "userAddress", "price", "decimals", "program")
    assert [getattr(printed, name) for name in names] == [getattr(told, name) for name in names]
    assert (printed.mintAddress, printed.userAddress, printed.baseReserve) == (mint, trader, None)


def test_a_stranger_who_prints_the_same_line_traded_nothing(bought):
    answer, *_ = bought
    forged = copy.deepcopy(answer)
    stranger = address()
    line = next(line for line in answer["meta"]["logMessages"] if "sol_amount" in line)
    forged["meta"] |= {
        "innerInstructions": None,
        "logMessages": [f"Program {stranger} invoke [1]", line, f"Program {stranger} success"],
    }
    assert parse_transaction(forged).trades == []


def test_trades_of_other_programs_are_found_by_their_idls():
    mint, user = address(), address()
    found = parse_transaction(venues.pump(mint, user))
    [trade] = found.trades
    assert (trade.programName, trade.source, trade.mintAddress, trade.userAddress) == ("pump", "idl", mint, user)
    assert (trade.program, trade.solAmount, trade.tokenAmount) == ("bonding_curve", "1000000", "34000000")


def test_what_failed_has_no_trades(bought):
    answer, *_ = bought
    failed = copy.deepcopy(answer)
    failed["meta"]["err"] = {"InstructionError": [0, "Custom"]}
    found = parse_transaction(failed)
    assert (found.failed, found.trades) == (True, [])


def test_the_command_prints_recorded_transactions(bought, tmp_path, monkeypatch):
    answer, mint, _ = bought
    file = tmp_path / "recorded.jsonl"
    file.write_text(json.dumps(answer) + "\n")
    get_settings.cache_clear()
    plain = CliRunner().invoke(app, ["indexer", "parse", str(file)])
    raw = CliRunner().invoke(app, ["indexer", "parse", str(file), "--raw"])
    get_settings.cache_clear()
    assert json.loads(plain.output)["trades"][0]["mintAddress"] == mint
    assert "rawData" not in json.loads(plain.output)
    assert json.loads(raw.output)["rawData"] == answer


def test_the_command_asks_the_cluster_for_a_signature(bought, cluster, monkeypatch):
    answer, mint, _ = bought
    monkeypatch.setenv("RPC_URL", cluster.settings().rpc_urls[0])
    get_settings.cache_clear()
    found = CliRunner().invoke(app, ["indexer", "parse", answer["transaction"]["signatures"][0]])
    missing = CliRunner().invoke(app, ["indexer", "parse", "1" * 64])
    get_settings.cache_clear()
    assert json.loads(found.output)["trades"][0]["mintAddress"] == mint
    assert missing.exit_code == 1
    assert "no transaction" in missing.output + missing.stderr
