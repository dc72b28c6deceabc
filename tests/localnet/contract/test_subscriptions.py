"""Subscriptions over WebSocket, compared with the golden notices."""

import json
from contextlib import suppress
from typing import Any

import pytest
from solders.keypair import Keypair
from websockets.sync.client import ClientConnection, connect

FRIEND, TOKENS, CLOSED, PROGRAM, LOGS, MENTIONS, SIGNATURE, FAILED = range(115, 123)
SLOT, ROOT, UPDATES = 123, 124, 125
CONFIRMED = {"commitment": "confirmed"}


class Socket:
    """A WebSocket client that sorts replies from notices."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.notices: dict[int, list[Any]] = {}
        self._id = 0

    def call(self, method: str, *params: Any) -> Any:
        self._id += 1
        request = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": list(params)}
        self.connection.send(json.dumps(request))
        while True:
            message = self._receive()
            if message is not None and message.get("id") == self._id:
                return message.get("result", message.get("error"))

    def notice(self, subscription: int) -> Any:
        """The next notice of a subscription."""
        while not self.notices.get(subscription):
            self._receive()
        return self.notices[subscription].pop(0)

    def _receive(self) -> Any:
        message = json.loads(self.connection.recv(timeout=30))
        if "params" not in message:
            return message
        self.notices.setdefault(message["params"]["subscription"], []).append(message)
        return None


@pytest.fixture
def socket(world):
    with connect(world.node.ws_url) as connection:
        yield Socket(connection)


def test_notices_have_the_shape_of_the_golden_ones(world, build, socket, golden, differences):
    friend, tokens = str(world.friend.pubkey()), str(world.accounts["tokens"])
    closing = Keypair()
    world.run(*build.open_wrapped(world, closing, 5_000), signers=(closing,))
    move, too_much = (
        build.token_instruction(
            build.amount(3, amount),
            build.writable(world.accounts["tokens"]),
            build.writable(world.accounts["friend_tokens"]),
            authority=world.owner,
        )
        for amount in (1, 10**15)
    )
    close = build.token_instruction(
        b"\x09", build.writable(closing.pubkey()), build.writable(world.owner), authority=world.owner
    )
    works = world.sign(world.transfer(world.friend.pubkey(), 14), move, close)
    fails = world.sign(too_much)
    encoded = CONFIRMED | {"encoding": "base64"}
    subscriptions = {
        FRIEND: socket.call("accountSubscribe", friend, encoded),
        TOKENS: socket.call("accountSubscribe", tokens, CONFIRMED | {"encoding": "jsonParsed"}),
        CLOSED: socket.call("accountSubscribe", str(closing.pubkey()), encoded),
        PROGRAM: socket.call("programSubscribe", str(build.TOKEN), encoded | {"filters": [{"dataSize": 165}]}),
        LOGS: socket.call("logsSubscribe", "all", CONFIRMED),
        MENTIONS: socket.call("logsSubscribe", {"mentions": [tokens]}, CONFIRMED),
        SIGNATURE: socket.call("signatureSubscribe", str(works.signatures[0]), CONFIRMED),
        FAILED: socket.call("signatureSubscribe", str(fails.signatures[0]), CONFIRMED),
        SLOT: socket.call("slotSubscribe"),
        ROOT: socket.call("rootSubscribe"),
        UPDATES: socket.call("slotsUpdatesSubscribe"),
    }
    world.send(works)
    world.send(fails, skipPreflight=True)
    for position, subscription in subscriptions.items():
        notice = socket.notice(subscription)
        if position == UPDATES:
            while notice["params"]["result"]["type"] != "root":
                notice = socket.notice(subscription)
        assert not differences(golden[position]["notification"], notice), notice


def test_a_closed_account_is_told_as_empty(world, build, socket):
    closing = Keypair()
    world.run(*build.open_wrapped(world, closing, 5_000), signers=(closing,))
    config = CONFIRMED | {"encoding": "jsonParsed"}
    subscription = socket.call("accountSubscribe", str(closing.pubkey()), config)
    close = build.token_instruction(
        b"\x09", build.writable(closing.pubkey()), build.writable(world.owner), authority=world.owner
    )
    world.send(world.sign(close))
    assert socket.notice(subscription)["params"]["result"]["value"] == {
        "lamports": 0,
        "data": ["", "base64"],
        "owner": str(build.SYSTEM),
        "executable": False,
        "rentEpoch": 0,
        "space": 0,
    }


def test_a_signature_that_has_landed_is_told_at_once_and_once(world, socket):
    subscription = socket.call("signatureSubscribe", world.signatures["memo"], CONFIRMED)
    assert socket.notice(subscription)["params"]["result"]["value"] == {"err": None}
    ended = socket.call("signatureUnsubscribe", subscription)
    assert ended == {"code": -32602, "message": "Invalid subscription id."}


def test_the_same_subscription_has_the_same_id(world, socket):
    key = str(world.owner)
    first = socket.call("accountSubscribe", key, {"encoding": "base64"})
    assert socket.call("accountSubscribe", key, {"encoding": "base64"}) == first
    assert socket.call("accountSubscribe", key, {"encoding": "base58"}) != first
    assert socket.call("logsUnsubscribe", first) is True


def test_refusals_are_worded_as_recorded(socket, golden):
    for sample in golden[126:130]:
        assert socket.call(sample["method"], *sample["params"]) == sample["error"]
    assert socket.call("getSlot") == {"code": -32601, "message": "Method not found"}
    assert socket.call("getVersion")["solana-core"]
    assert socket.call("signatureSubscribe", "x")["message"] == "Invalid Request: Invalid signature provided"


def test_slots_come_in_order(socket):
    subscription = socket.call("slotSubscribe")
    slots = [socket.notice(subscription)["params"]["result"]["slot"] for _ in range(4)]
    assert slots == sorted(slots)
    assert socket.call("slotUnsubscribe", subscription) is True


def test_pings_and_nonsense_leave_the_connection_open(socket):
    socket.connection.send('{"jsonrpc":"2.0","method":"ping"}')
    for nonsense in ("{", "5", "[]", "null"):
        with suppress(TimeoutError):
            socket.connection.send(nonsense)
    assert socket.call("getVersion")["feature-set"]


def test_long_data_in_the_default_encoding_becomes_a_text(world, build, socket):
    subscription = socket.call("accountSubscribe", str(world.accounts["friend_tokens"]), CONFIRMED)
    mint = build.token_instruction(
        build.amount(7, 1),
        build.writable(world.accounts["mint"]),
        build.writable(world.accounts["friend_tokens"]),
        authority=world.owner,
    )
    world.send(world.sign(mint))
    value = socket.notice(subscription)["params"]["result"]["value"]
    assert value["data"] == "error: data too large for bs58 encoding"
