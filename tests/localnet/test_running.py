"""Running a cluster: ports, slow clients, and the validator as a child process."""

import asyncio
import json
import socket
import stat
from dataclasses import replace

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from launchpad.localnet import LocalnetOptions, run
from launchpad.localnet.errors import PortInUseError, ValidatorFailedError, ValidatorMissingError
from launchpad.localnet.options import bundled_programs
from launchpad.localnet.validator import command_line
from launchpad.processes import free_ports


def test_the_websocket_is_one_port_above_unless_named(tmp_path):
    options = LocalnetOptions(ledger=tmp_path, rpc_port=5000)
    assert (options.rpc_url, options.ws_url) == ("http://127.0.0.1:5000", "ws://127.0.0.1:5001")
    assert replace(options, ws_port=6000).ws_url == "ws://127.0.0.1:6000"
    assert options.program_files() == bundled_programs()


async def test_a_taken_port_says_so_and_releases_the_ledger(options):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", options.rpc_port))
        taken.listen()
        with pytest.raises(PortInUseError, match="choose another port"):
            await run(options)
    task = asyncio.create_task(run(options))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_pipelined_and_broken_requests_are_answered_in_order(run_cluster, options):
    body = b'{"jsonrpc":"2.0","id":%d,"method":"getHealth"}'
    request = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
    with run_cluster(options) as node, socket.create_connection(("127.0.0.1", options.rpc_port)) as client:
        client.sendall(b"".join(request % (len(body % n), body % n) for n in range(5)) + b"NONSENSE\r\n\r\n")
        received = b""
        while piece := client.recv(65_536):
            received += piece
        positions = [received.index(b'"id":%d' % n) for n in range(5)]
        assert positions == sorted(positions)
        assert b"400 Bad Request" in received
        upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
        assert httpx.get(node.rpc_url, headers=upgrade).status_code == 405


def flood(client):
    """Ask without end, and read nothing."""
    request = {"jsonrpc": "2.0", "id": 1, "method": "slotsUpdatesSubscribe"}
    while True:
        client.send(json.dumps([request] * 50))


def test_a_client_that_does_not_read_is_cut_off_and_the_cluster_goes_on(run_cluster, options, monkeypatch):
    monkeypatch.setattr("launchpad.localnet.websocket.MAX_WAITING", 3)
    with run_cluster(replace(options, slot_ms=1)) as node:
        with connect(node.ws_url, max_queue=1) as lazy, pytest.raises(ConnectionClosed):
            flood(lazy)
        assert node.call("getHealth") == "ok"


def test_performance_samples_count_slots_and_transactions(run_cluster, options, monkeypatch):
    monkeypatch.setattr("launchpad.localnet.performance.SAMPLE_SECONDS", 0.2)
    with run_cluster(options) as node:
        while not (samples := node.call("getRecentPerformanceSamples")):
            pass
        assert samples[0]["numSlots"] >= 0
        assert node.call("getRecentPerformanceSamples", 0) == []


def test_a_failing_method_costs_one_answer(run_cluster, options, monkeypatch):
    with run_cluster(options) as node:
        monkeypatch.setattr("launchpad.localnet.node.Node.bank", lambda *_: 1 / 0)
        assert node.ask("getSlot")["error"] == {"code": -32603, "message": "Internal error"}
        monkeypatch.undo()
        assert node.call("getSlot") >= 0


def test_a_missing_validator_is_one_line(options, monkeypatch):
    monkeypatch.setenv("PATH", "")
    chosen = replace(options, engine="validator")
    with pytest.raises(ValidatorMissingError, match="TEST_VALIDATOR"):
        asyncio.run(run(chosen))
    with pytest.raises(ValidatorMissingError, match="no program that can be run"):
        asyncio.run(run(replace(chosen, validator_path=options.ledger / "nothing")))


def test_a_validator_that_ends_is_told_with_its_last_words(options, tmp_path):
    script = tmp_path / "solana-test-validator"
    script.write_text("#!/bin/sh\necho the ledger is full\nexit 3\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    chosen = replace(options, engine="validator", validator_path=script)
    with pytest.raises(ValidatorFailedError, match=r"status 3: the ledger is full"):
        asyncio.run(run(chosen))


def test_a_validator_that_never_answers_is_stopped(options, tmp_path, monkeypatch):
    monkeypatch.setattr("launchpad.localnet.validator.READY_SECONDS", 0.5)
    monkeypatch.setattr("launchpad.localnet.validator.STOP_SECONDS", 0.5)
    script = tmp_path / "solana-test-validator"
    script.write_text("#!/bin/sh\ntrap '' INT\nwhile true; do sleep 1; done\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    chosen = replace(options, engine="validator", validator_path=script)
    with pytest.raises(ValidatorFailedError, match="did not answer"):
        asyncio.run(run(chosen))


def test_the_validator_gets_our_programs_with_the_admin_key(tmp_path):
    options = LocalnetOptions(ledger=tmp_path, rpc_port=free_ports(60), reset=True, engine="validator")
    words = command_line(options, tmp_path / "validator", "ADMIN")
    assert words.count("--upgradeable-program") == len(bundled_programs())
    assert words[-1] == "ADMIN"
    assert "--reset" in words
