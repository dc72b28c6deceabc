"""What attackers do to calls: wrong bytes, wrong accounts, missing signatures."""

import random
from collections.abc import Callable, Collection

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from tests.fuzz.values import extreme
from tests.fuzz.world import PROGRAMS, World
from tests.programs.harness import ATA_PROGRAM, SYSTEM, TOKEN, TOKEN_2022, WSOL

Damage = Callable[[World, random.Random, Instruction, Collection[Pubkey]], Instruction]

CLOCK = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")
RENT = Pubkey.from_string("SysvarRent111111111111111111111111111111111")
INSTRUCTIONS = Pubkey.from_string("Sysvar1nstructions1111111111111111111111111")
STRANGE = [SYSTEM, TOKEN, TOKEN_2022, ATA_PROGRAM, WSOL, CLOCK, RENT, INSTRUCTIONS]
LONGEST_DATA = 700
MOST_ACCOUNTS = 34


def damaged(world: World, rng: random.Random, instruction: Instruction, may_sign: Collection[Pubkey]) -> Instruction:
    """The instruction with one to three things wrong."""
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        instruction = rng.choice(WAYS)(world, rng, instruction, may_sign)
    return instruction


def random_bytes(_: World, rng: random.Random, given: Instruction, __: Collection[Pubkey]) -> Instruction:
    """Noise, behind the instruction's own first eight bytes or not."""
    head = bytes(given.data[:8]) if rng.random() < 0.7 else b""
    return Instruction(given.program_id, head + rng.randbytes(rng.choice([0, 1, 8, 33, 200])), given.accounts)


def other_length(_: World, rng: random.Random, given: Instruction, __: Collection[Pubkey]) -> Instruction:
    """Cut short or with more behind it."""
    data = bytes(given.data)
    changed = data[: rng.randint(0, len(data))] if rng.random() < 0.5 else data + rng.randbytes(rng.randint(1, 64))
    return Instruction(given.program_id, changed[:LONGEST_DATA], given.accounts)


def flipped_bytes(_: World, rng: random.Random, given: Instruction, __: Collection[Pubkey]) -> Instruction:
    """Some bytes of the arguments otherwise."""
    data = bytearray(given.data)
    for _each in range(rng.randint(1, 4)):
        if len(data) > 8:
            data[rng.randrange(8, len(data))] = rng.choice([0, 1, 127, 255, rng.randrange(256)])
    return Instruction(given.program_id, bytes(data), given.accounts)


def extreme_number(_: World, rng: random.Random, given: Instruction, __: Collection[Pubkey]) -> Instruction:
    """A number at the edge of its type somewhere among the arguments."""
    data, number = bytearray(given.data), extreme(rng, rng.choice(["u8", "u16", "u32", "u64"]))
    if len(data) >= 8 + len(number):
        at = rng.randrange(8, len(data) - len(number) + 1)
        data[at : at + len(number)] = number
    return Instruction(given.program_id, bytes(data), given.accounts)


def other_account(world: World, rng: random.Random, given: Instruction, may_sign: Collection[Pubkey]) -> Instruction:
    """One account becomes another one of this world: a stranger's, of another mint, forged, not there."""
    return _replaced(rng, given, lambda _: somebody(world, rng), may_sign)


def same_type_account(
    world: World, rng: random.Random, given: Instruction, may_sign: Collection[Pubkey]
) -> Instruction:
    """One account becomes another of its own kind: the curve of another mint, the holding of another owner."""

    def sibling(key: Pubkey) -> Pubkey:
        for kept in world.objects.values():
            if key in kept:
                return rng.choice(list(kept))
        if key in world.token_accounts:
            return rng.choice(list(world.token_accounts))
        return rng.choice(world.wallets) if key in world.wallets else key

    return _replaced(rng, given, sibling, may_sign)


def duplicate(_: World, rng: random.Random, given: Instruction, may_sign: Collection[Pubkey]) -> Instruction:
    """One account in two places."""
    keys = [meta.pubkey for meta in given.accounts]
    return _replaced(rng, given, lambda _: rng.choice(keys), may_sign) if keys else given


def swapped(_: World, rng: random.Random, given: Instruction, may_sign: Collection[Pubkey]) -> Instruction:
    """Two accounts in each other's place."""
    metas = list(given.accounts)
    if len(metas) > 1:
        one, two = rng.sample(range(len(metas)), 2)
        first, second = metas[one].pubkey, metas[two].pubkey
        metas[one], metas[two] = _meta(metas[one], second, may_sign), _meta(metas[two], first, may_sign)
    return Instruction(given.program_id, given.data, metas)


def flag(_: World, rng: random.Random, given: Instruction, may_sign: Collection[Pubkey]) -> Instruction:
    """A signature or the right to write is missing, or granted where it is not asked for."""
    metas = list(given.accounts)
    if metas:
        at = rng.randrange(len(metas))
        meta, signing = metas[at], rng.random() < 0.5
        signer = (not meta.is_signer and meta.pubkey in may_sign) if signing else meta.is_signer
        writable = meta.is_writable if signing else not meta.is_writable
        metas[at] = AccountMeta(meta.pubkey, is_signer=signer, is_writable=writable)
    return Instruction(given.program_id, given.data, metas)


def other_count(world: World, rng: random.Random, given: Instruction, _: Collection[Pubkey]) -> Instruction:
    """Accounts are missing at the end, or there are more."""
    metas = list(given.accounts)
    if rng.random() < 0.5:
        return Instruction(given.program_id, given.data, metas[: rng.randint(0, len(metas))])
    more = [AccountMeta(somebody(world, rng), is_signer=False, is_writable=True) for _ in range(rng.randint(1, 3))]
    return Instruction(given.program_id, given.data, [*metas, *more][:MOST_ACCOUNTS])


def other_program(_: World, rng: random.Random, given: Instruction, __: Collection[Pubkey]) -> Instruction:
    """The same bytes and accounts for another program of ours."""
    return Instruction(rng.choice(PROGRAMS).id, given.data, given.accounts)


WAYS: list[Damage] = [
    random_bytes,
    other_length,
    flipped_bytes,
    flipped_bytes,
    extreme_number,
    extreme_number,
    other_account,
    other_account,
    same_type_account,
    same_type_account,
    same_type_account,
    duplicate,
    swapped,
    flag,
    flag,
    other_count,
    other_program,
]


def somebody(world: World, rng: random.Random) -> Pubkey:
    """Any account that is in this world or could be."""
    objects = [key for kept in world.objects.values() for key in kept]
    pools: list[list[Pubkey]] = [
        objects,
        list(world.token_accounts),
        world.wallets,
        [mint for mint, _ in world.brought],
        world.forged,
        STRANGE,
        [program.id for program in PROGRAMS],
        [Pubkey(rng.randbytes(32))],
    ]
    return rng.choice(rng.choice([pool for pool in pools if pool]))


def _replaced(
    rng: random.Random, given: Instruction, other: Callable[[Pubkey], Pubkey], may_sign: Collection[Pubkey]
) -> Instruction:
    metas = list(given.accounts)
    if metas:
        at = rng.randrange(len(metas))
        metas[at] = _meta(metas[at], other(metas[at].pubkey), may_sign)
    return Instruction(given.program_id, given.data, metas)


def _meta(place: AccountMeta, key: Pubkey, may_sign: Collection[Pubkey]) -> AccountMeta:
    """Another key in a place; it signs only where its owner is one of those who attack."""
    return AccountMeta(key, is_signer=place.is_signer and key in may_sign, is_writable=place.is_writable)
