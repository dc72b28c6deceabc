"""What was acknowledged survives the hardest end."""

import base64
import random
import subprocess
import sys
import threading
import time

import httpx
import pytest
from solders.hash import Hash
from solders.keypair import Keypair
from solders.message import Message
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

ROUNDS = 2
CLUSTER = """
import asyncio, sys
from pathlib import Path
from launchpad.localnet import LocalnetOptions, run
options = LocalnetOptions(ledger=Path(sys.argv[1]), rpc_port=int(sys.argv[2]), slot_ms=50, programs={})
asyncio.run(run(options, lambda: print("ready", flush=True)))
"""


@pytest.fixture
def start(options):
    """Starts the cluster as a process of its own; killed at the end."""
    children = []

    def launch():
        words = [sys.executable, "-c", CLUSTER, str(options.ledger), str(options.rpc_port)]
        child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        children.append(child)
        assert child.stdout.readline().strip() == "ready"
        return child

    yield launch
    for child in children:
        child.kill()
        child.wait()
        child.stdout.close()


class Sender:
    """Sends different payments as fast as it can, and remembers those that were acknowledged."""

    def __init__(self, url):
        self.http = httpx.Client(timeout=10)
        self.url = url
        self.acknowledged = {}
        self.amount = 1_000_000

    def call(self, method, *params):
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        return self.http.post(self.url, json=request).json()["result"]

    def run(self, payer, stopped):
        while not stopped.is_set():
            try:
                self._pay(payer)
            except (httpx.HTTPError, KeyError):
                return

    def _pay(self, payer):
        latest = self.call("getLatestBlockhash", {"commitment": "processed"})["value"]["blockhash"]
        to = Keypair().pubkey()
        self.amount += 1
        instruction = transfer(TransferParams(from_pubkey=payer.pubkey(), to_pubkey=to, lamports=self.amount))
        message = Message.new_with_blockhash([instruction], payer.pubkey(), Hash.from_string(latest))
        transaction = VersionedTransaction(message, [payer])
        text = base64.b64encode(bytes(transaction)).decode()
        config = {"encoding": "base64", "preflightCommitment": "processed"}
        signature = self.call("sendTransaction", text, config)
        self.acknowledged[signature] = (str(to), self.amount)


def test_every_acknowledged_transaction_is_there_after_kill_9(start, options):
    payers = [Keypair() for _ in range(4)]
    acknowledged = {}
    child = start()
    funder = Sender(options.rpc_url)
    for payer in payers:
        signature = funder.call("requestAirdrop", str(payer.pubkey()), 10**12)
        acknowledged[signature] = (str(payer.pubkey()), None)
    for _ in range(ROUNDS):
        senders = [Sender(options.rpc_url) for _ in payers]
        stopped = threading.Event()
        threads = [
            threading.Thread(target=sender.run, args=(payer, stopped))
            for sender, payer in zip(senders, payers, strict=True)
        ]
        for thread in threads:
            thread.start()
        enough = 40 + random.randrange(40)
        deadline = time.monotonic() + 30
        while sum(len(each.acknowledged) for each in senders) < enough and time.monotonic() < deadline:
            time.sleep(0.005)
        child.kill()
        child.wait()
        stopped.set()
        for thread in threads:
            thread.join()
        for sender in senders:
            acknowledged |= sender.acknowledged
        child = start()
        check(Sender(options.rpc_url), acknowledged)
    assert len(acknowledged) > ROUNDS * 40


def check(reader, acknowledged):
    signatures = list(acknowledged)
    for start_at in range(0, len(signatures), 200):
        some = signatures[start_at : start_at + 200]
        statuses = reader.call("getSignatureStatuses", some, {"searchTransactionHistory": True})["value"]
        assert None not in statuses
        assert all(status["err"] is None for status in statuses)
    owed = list(acknowledged.values())
    for start_at in range(0, len(owed), 100):
        some = owed[start_at : start_at + 100]
        config = {"commitment": "processed", "encoding": "base64"}
        accounts = reader.call("getMultipleAccounts", [to for to, _ in some], config)["value"]
        for account, (_, amount) in zip(accounts, some, strict=True):
            assert account["lamports"] == amount if amount else account["lamports"] > 0
