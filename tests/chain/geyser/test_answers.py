"""Geyser's form of a transaction and JSON-RPC's: the same events, balances and fees come out of both."""

import sys
import time
from dataclasses import replace
from subprocess import run

import pytest

from launchpad.bench._market import Market
from launchpad.chain.events import decode_transaction
from launchpad.chain.foreign.decoder import ForeignDecoder, known_programs
from launchpad.chain.geyser.answers import answer_of, update_of
from launchpad.chain.geyser.client import GeyserClient
from launchpad.chain.geyser.generated import geyser_pb2 as wire
from launchpad.errors import ConfigError
from tests.chain.foreign import venues
from tests.chain.foreign.answers import address
from tests.conftest import REPOSITORY
from tests.indexer.geyser import completed

FOREIGN = ForeignDecoder.of(known_programs())


@pytest.fixture(scope="module")
def answers():
    market = Market(tokens=2, traders=3, per_second=20, start=int(time.time()) - 600)
    return [completed(one) for one in (*market.launches(), *market.trades(20))]


def over_the_wire(answer, place=0):
    raw = update_of(completed(answer), place).SerializeToString()
    return answer_of(wire.SubscribeUpdateTransaction.FromString(raw), answer["blockTime"])


def test_what_comes_over_the_wire_decodes_as_what_a_node_answers(answers):
    for answer in answers:
        assert decode_transaction(over_the_wire(answer)) == decode_transaction(answer)


def test_foreign_trades_come_over_the_wire(answers):
    mint, user, pool = address(), address(), address()
    made = venues.raydium_cp(pool, user, mint, address()).build()
    assert FOREIGN.decode(over_the_wire(made)) == FOREIGN.decode(made) != []
    assert FOREIGN.decode(over_the_wire(venues.pump(mint, user)))[0].mint == mint


def test_a_failed_transaction_is_a_failed_one(answers):
    failed = answers[0] | {"meta": answers[0]["meta"] | {"err": {"InstructionError": [0, {"Custom": 1}]}}}
    decoded = decode_transaction(over_the_wire(failed))
    assert decoded.err is not None
    assert decoded.events == decoded.balances == []


def test_logs_and_inner_instructions_that_a_node_left_out_stay_out(answers):
    meta = answers[0]["meta"] | {"innerInstructions": None, "logMessages": None}
    bare = over_the_wire(answers[0] | {"meta": meta})["meta"]
    assert (bare["innerInstructions"], bare["logMessages"]) == (None, None)


async def test_a_real_transaction_of_a_cluster_goes_both_ways(cluster):
    from launchpad.chain.client import ChainClient  # noqa: PLC0415 - the other tests need no cluster
    from tests.indexer.trading import SOL, Trader  # noqa: PLC0415 - (the same)

    async with ChainClient(cluster.settings()) as chain:
        trader = await Trader.funded(chain)
        mint = await trader.launch()
        answer = await chain.rpc.get_transaction(await trader.buy(mint, SOL))
    there = over_the_wire(answer, 7)
    assert decode_transaction(there) == replace(decode_transaction(answer), index=None)
    assert there["transaction"]["message"]["accountKeys"] == answer["transaction"]["message"]["accountKeys"]
    assert there["meta"]["innerInstructions"] == answer["meta"]["innerInstructions"]
    assert there["meta"]["logMessages"] == answer["meta"]["logMessages"]


def test_the_generated_messages_are_those_of_the_proto_file():
    pytest.importorskip("grpc_tools", reason="grpcio-tools makes them; it is a dependency of development")
    command = [sys.executable, "scripts/generate_geyser.py", "--check"]
    done = run(command, cwd=REPOSITORY, check=False, capture_output=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("url", ["geyser.example.org:443", "ftp://x", "http://"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(ConfigError, match="GEYSER_URLS"):
        GeyserClient(url, "", [])


def test_a_geyser_has_the_port_of_its_scheme():
    assert GeyserClient("https://geyser.example.org", "", []).name == "geyser.example.org:443"
