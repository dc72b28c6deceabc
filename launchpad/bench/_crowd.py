"""Who comes to an opening: snipers in the first slots, and everybody else, by a seeded process.

The clock is a slot of 400 ms. Everything random comes from one seed, and everybody behaves
the same whatever the rules are, so that two runs differ by the rules alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

SOL = 10**9
SLOT_MS = 400


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of whom, and how much they bring. Lamports.

    Each sniper divides `purse` over `wallets` and fires buys of `shot` from all of them in every
    slot, from the first slot on, as long as a buy costs less than `ceiling` times the first price,
    launch fee included. Ordinary buyers come one after the other over `minutes`, half of them in
    the first eighth, each with some of `typical`, and buy at any price; `listed_bps` of them are
    on the allowlist, and `infiltrated_bps` of the snipers' wallets.
    """

    seed: int = 7
    snipers: int = 5
    wallets: int = 1
    purse: int = 6 * SOL
    shot: int = SOL // 2
    ceiling: int = 3
    buyers: int = 600
    typical: int = SOL // 10
    minutes: int = 10
    listed_bps: int = 3_000
    infiltrated_bps: int = 500


@dataclass(slots=True)
class Wallet:
    """One buyer: from which slot on, with how much, in buys of at most `shot`."""

    sniper: bool
    arrives: int
    money: int
    shot: int
    listed: bool
    bought: int = 0
    paid: int = 0


def arrivals(crowd: Crowd) -> list[Wallet]:
    """Everybody, in the order in which they come; in one slot the snipers are first, as bundles are."""
    random = Random(crowd.seed)  # noqa: S311 - a simulation that must repeat itself
    everybody = [*_snipers(crowd, random), *_buyers(crowd, random)]
    return sorted(everybody, key=lambda wallet: (wallet.arrives, not wallet.sniper))


def _snipers(crowd: Crowd, random: Random) -> Iterator[Wallet]:
    for _ in range(crowd.snipers):
        lag = random.randrange(3)
        for _ in range(crowd.wallets):
            listed = random.randrange(10_000) < crowd.infiltrated_bps
            yield Wallet(True, lag, crowd.purse // crowd.wallets, crowd.shot, listed)


def _buyers(crowd: Crowd, random: Random) -> Iterator[Wallet]:
    last = crowd.minutes * 60_000 // SLOT_MS
    for _ in range(crowd.buyers):
        # People need seconds to see a launch; half of them come in the first eighth of the time.
        arrives = 10 + last * random.randrange(1_000) ** 3 // 10**9
        money = crowd.typical * random.choice((2, 3, 5, 5, 10, 10, 10, 20, 30, 50)) // 10
        yield Wallet(False, arrives, money, money, random.randrange(10_000) < crowd.listed_bps)
