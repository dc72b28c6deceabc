"""Allowlists as Merkle trees, as the program reads them.

A leaf is the SHA-256 of a zero byte and the wallet's 32 bytes, a node that of a one byte and
its two children, the smaller first: no node passes for a leaf, and a proof needs no directions.
Leaves are sorted and every wallet counts once, so a set of wallets has one root whatever order
it came in. A node without a sister goes up as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from launchpad.chain.addresses import pubkey
from launchpad.errors import InvalidInputError

MAX_WALLETS = 10_000


class InvalidAllowlistError(InvalidInputError):
    """No allowlist can be made of these wallets."""

    code = "INVALID_ALLOWLIST"


@dataclass(frozen=True, slots=True)
class Tree:
    """The levels of a tree from the leaves up; the last one is the root alone."""

    levels: tuple[tuple[bytes, ...], ...]

    @property
    def root(self) -> bytes:
        """What the terms of a sale name, 32 bytes."""
        return self.levels[-1][0]

    def proof(self, wallet: str) -> list[bytes] | None:
        """The nodes beside the way from a wallet's leaf up to the root; None for a wallet that is not named."""
        own = leaf(wallet)
        if own not in self.levels[0]:
            return None
        place, nodes = self.levels[0].index(own), list[bytes]()
        for level in self.levels[:-1]:
            nodes += level[place ^ 1 : (place ^ 1) + 1]
            place //= 2
        return nodes


def leaf(wallet: str) -> bytes:
    """A wallet's leaf."""
    return sha256(b"\0" + bytes(pubkey(wallet))).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return sha256(b"\1" + min(left, right) + max(left, right)).digest()


def tree(wallets: Iterable[str]) -> Tree:
    """The tree over a set of wallets; InvalidAllowlistError for none or too many."""
    leaves = sorted({leaf(wallet) for wallet in wallets})
    if not 1 <= len(leaves) <= MAX_WALLETS:
        message = f"An allowlist names 1 to {MAX_WALLETS:,} wallets, not {len(leaves):,}."
        raise InvalidAllowlistError(message, field="allowlist")
    levels = [tuple(leaves)]
    while len(levels[-1]) > 1:
        levels.append(tuple(_above(levels[-1])))
    return Tree(tuple(levels))


def is_listed(root: bytes, wallet: str, proof: Sequence[bytes]) -> bool:
    """Whether a proof leads from a wallet to a root."""
    found = leaf(wallet)
    for other in proof:
        found = node(found, other)
    return found == root


def _above(level: tuple[bytes, ...]) -> Iterable[bytes]:
    for place in range(0, len(level), 2):
        pair = level[place : place + 2]
        yield node(*pair) if len(pair) > 1 else pair[0]
