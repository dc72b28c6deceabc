"""Transactions in the form in which nodes give them, put together by hand, byte by byte."""

import base64
import hashlib
import struct

from based58 import b58encode
from solders.keypair import Keypair
from solders.pubkey import Pubkey

TAG = bytes.fromhex("e445a52e51cb9a1d")


def address():
    return str(Keypair().pubkey())


def authority(program):
    """The address for which only this program can sign its events."""
    return str(Pubkey.find_program_address([b"__event_authority"], Pubkey.from_string(program))[0])


def tag(text):
    return hashlib.sha256(text.encode()).digest()[:8]


def packed(*values):
    """Addresses, text, flags, bytes as they are, and every other number as a u64."""
    out = b""
    for value in values:
        if isinstance(value, bytes):
            out += value
        elif isinstance(value, bool):
            out += bytes([value])
        elif isinstance(value, int):
            out += struct.pack("<q" if value < 0 else "<Q", value)
        elif len(value) in range(32, 45):
            out += bytes(Pubkey.from_string(value))
        else:
            out += len(value).to_bytes(4, "little") + value.encode()
    return out


def event(name, *values):
    return tag(f"event:{name}") + packed(*values)


class Answer:
    """A `getTransaction` answer in the making: `call`, then `inner` and `told` below it, in order."""

    def __init__(self, slot=100, block_time=1_700_000_000):
        self.signature = b58encode(bytes(Keypair().sign_message(b"x"))).decode()
        self.keys, self.instructions, self.groups, self.logs = [address()], [], [], []
        self.slot, self.block_time, self.err = slot, block_time, None

    def _key(self, key):
        if key not in self.keys:
            self.keys.append(key)
        return self.keys.index(key)

    def _instruction(self, program, accounts, data):
        plain = {"programIdIndex": self._key(program), "accounts": [self._key(one) for one in accounts]}
        return plain | {"data": b58encode(data).decode()}

    def call(self, program, accounts=(), data=b""):
        """A top-level instruction."""
        self.instructions.append(self._instruction(program, accounts, data))
        self.groups.append([])
        self.logs.append((1, program, []))
        return self

    def inner(self, program, accounts=(), data=b"", depth=2):
        """An instruction that the one above calls."""
        self.groups[-1].append(self._instruction(program, accounts, data) | {"stackHeight": depth})
        self.logs.append((depth, program, []))
        return self

    def emit_cpi(self, program, data, depth=2):
        """An event by a call of the program to itself."""
        return self.inner(program, [authority(program)], TAG + data, depth)

    def emit(self, data):
        """An event by a line of the log."""
        self.logs[-1][2].append("Program data: " + base64.b64encode(data).decode())
        return self

    def lines(self):
        """The log: every call opened, and ended before the next of its depth."""
        out, running = [], []
        for depth, program, lines in [*self.logs, (1, None, [])]:
            while len(running) >= depth:
                out.append(f"Program {running.pop()} success")
            if program:
                out += [f"Program {program} invoke [{depth}]", "Program log: Instruction: Any", *lines]
                running.append(program)
        return out

    def build(self):
        meta = {
            "err": self.err,
            "fee": 5000,
            "computeUnitsConsumed": 1,
            "innerInstructions": [{"index": n, "instructions": group} for n, group in enumerate(self.groups) if group],
            "logMessages": self.lines(),
            "preTokenBalances": [],
            "postTokenBalances": [],
            "loadedAddresses": {"writable": [], "readonly": []},
        }
        header = {"numRequiredSignatures": 1, "numReadonlySignedAccounts": 0, "numReadonlyUnsignedAccounts": 0}
        message = {"header": header, "accountKeys": self.keys, "instructions": self.instructions}
        transaction = {"signatures": [self.signature], "message": message}
        return {"slot": self.slot, "blockTime": self.block_time, "meta": meta, "transaction": transaction}
