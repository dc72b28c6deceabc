"""What happens next in a world: valid calls, damaged ones, gifts, forgeries, and time."""

import random
import struct
from collections import Counter

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from tests.fuzz.calls import OF_THE_AUTHORITY, Call, build
from tests.fuzz.damage import damaged, somebody
from tests.fuzz.world import ADMINS, ATTACKERS, BY_NAME, HONEST, PROGRAMS, TOKEN_PROGRAMS, Step, World
from tests.programs.harness import SYSTEM, TOKEN, WSOL, Program, create_ata, transfer_sol

# By program, instruction and result, how often.
Reached = Counter[tuple[str, str, str]]

MOST_TOGETHER = 4
HOUR = "an hour"
# What often comes next, so that long ways are gone to their end within one world.
FOLLOWING = {
    "create_router": ["write_proposal"],
    "write_proposal": ["propose_shares"],
    "propose_shares": ["apply_shares"],
    "apply_shares": ["propose_creator"],
    "propose_creator": ["adopt", "accept_creator"],
    "adopt": ["propose_release", "collect_curve"],
    "propose_release": [HOUR, "collect_curve", "release"],
    "open_position": ["prove_allowlisted", "pledge"],
    "deposit": ["withdraw_deposit", "settle_batch"],
    "settle_batch": ["claim_batch"],
}
# How the names of associated token accounts end.
HOLDINGS = ("_base", "_quote", "_lp", "wrapped")
LARGEST = 1_100


class Chooser:
    """Chooses steps by one source of chance, rarer instructions first."""

    def __init__(self, world: World, rng: random.Random, reached: Reached) -> None:
        self.world, self.rng, self.reached = world, rng, reached
        self.next_names: list[str] = []
        self.last_group = HONEST
        self.instructions = [(program, each["name"]) for program in PROGRAMS for each in program.idl["instructions"]]

    def next(self) -> Step:
        """The next step."""
        if self.rng.random() < 0.04:
            seconds = self.rng.choice([0, 1, 1, 10, 100, 1_000, 6_000, 10**6])
            return Step("clock", seconds=seconds, slots=1 + seconds * 2)
        if self.next_names and self.rng.random() < 0.7:
            return self._following()
        group = self.rng.choice([ATTACKERS, ATTACKERS, HONEST, HONEST, HONEST])
        count = self.rng.choice([1, 1, 1, 1, 2, 3, MOST_TOGETHER])
        calls = [self._call(group) for _ in range(count)]
        if calls[0].name in OF_THE_AUTHORITY:
            calls = calls[:1]
        hostile = self.rng.random() < 0.5
        instructions = [
            self._spoiled(call) if hostile and self.rng.random() < 0.7 else call.instruction for call in calls
        ]
        self.last_group = group
        label = ("hostile " if hostile else "") + " + ".join(f"{call.program.name}.{call.name}" for call in calls)
        return self._step(label, instructions, calls, group)

    def succeeded(self, step: Step) -> None:
        """Takes note of a success: something may follow from it."""
        names = [name.rpartition(".")[2] for name in step.label.split(" + ")]
        self.next_names = [each for name in names for each in FOLLOWING.get(name, [])]

    def _following(self) -> Step:
        name, *self.next_names = self.next_names
        if name == HOUR:
            return Step("clock", seconds=3_601, slots=7_200)
        programs = [program for program, known in self.instructions if known == name]
        call = build(self.world, self.rng, programs[0], name, self.last_group)
        return self._step(f"{call.program.name}.{name}", [call.instruction], [call], self.last_group)

    def opening(self) -> list[Step]:
        """The configs, and everybody's accounts for what is traded."""
        steps = []
        for program in PROGRAMS:
            if any(each["name"] == "create_config" for each in program.idl["instructions"]):
                call = build(self.world, self.rng, program, "create_config", ADMINS)
                keys = {name: self.world.chain.admin.pubkey() for name in ("payer",)}
                metas = [AccountMeta(keys["payer"], True, True), *call.instruction.accounts[1:]]
                instruction = Instruction(program.id, call.instruction.data, metas)
                steps.append(Step(f"{program.name}.create_config", [instruction], keys["payer"]))
        return steps

    def _call(self, group: str) -> Call:
        program, name = self._instruction()
        return build(self.world, self.rng, program, name, ADMINS if name in OF_THE_AUTHORITY else group)

    def _instruction(self) -> tuple[Program, str]:
        """Any one, at times one of those that succeeded least so far."""
        if self._paused() and self.rng.random() < 0.3:
            return self.rng.choice([each for each in self.instructions if each[1] == "set_paused"])
        if self.rng.random() < 0.2:
            return self.rng.choice(sorted(self.instructions, key=self._successes)[:6])
        while True:
            program, name = self.rng.choice(self.instructions)
            if name not in OF_THE_AUTHORITY or self.rng.random() < 0.3:
                return program, name

    def _successes(self, instruction: tuple[Program, str]) -> int:
        return self.reached[instruction[0].name, instruction[1], "success"]

    def _paused(self) -> bool:
        kept = self.world.objects.items()
        return any(config.get("paused") for (_, kind), found in kept if kind == "Config" for config in found.values())

    def _spoiled(self, call: Call) -> Instruction:
        return damaged(self.world, self.rng, call.instruction, call.may_sign)

    def _step(self, label: str, instructions: list[Instruction], calls: list[Call], group: str) -> Step:
        people = self.world.groups[ADMINS if calls[0].name in OF_THE_AUTHORITY else group]
        signing = [meta.pubkey for each in instructions for meta in each.accounts if meta.is_signer]
        payer = next((key for key in signing if key in people), self.rng.choice(people))
        extra = self._around(calls, payer)
        fitting = [*extra, *instructions]
        while len(fitting) > 1 and _size(fitting) > LARGEST:
            fitting.pop()
        return Step(label, fitting, payer)

    def _around(self, calls: list[Call], payer: Pubkey) -> list[Instruction]:
        """Token accounts that the calls need, and at times a gift to some account."""
        found = []
        for call in calls:
            for meta, spec in zip(call.instruction.accounts, call.program.spec(call.name)["accounts"], strict=False):
                if (
                    spec["name"].endswith(("_base", "_quote", "_lp", "wrapped"))
                    and self.world.account(meta.pubkey) is None
                ):
                    found += self._create(call, meta.pubkey, payer)
        if calls[0].name == "claim" and calls[0].program.name == "fee_router" and self.rng.random() < 0.5:
            found.append(transfer_sol(payer, calls[0].instruction.accounts[0].pubkey, 10**9))
        if self.rng.random() < 0.03:
            found.append(transfer_sol(payer, somebody(self.world, self.rng), self.rng.choice([1, 10**6, 10**9])))
        if self.rng.random() < 0.03:
            found += self._gift(payer)
        return found[:2]

    def _create(self, call: Call, key: Pubkey, payer: Pubkey) -> list[Instruction]:
        keys = [*[meta.pubkey for meta in call.instruction.accounts], WSOL]
        owners = [*self.world.wallets, *[each for each in keys if each not in self.world.wallets]]
        for mint in keys:
            account = self.world.account(mint)
            if account and account.owner in TOKEN_PROGRAMS:
                for owner in owners:
                    if self.world.ata(owner, mint) == key:
                        return [create_ata(payer, owner, mint, account.owner)]
        return []

    def _gift(self, payer: Pubkey) -> list[Instruction]:
        """Some of the payer's tokens, straight into another account of their mint."""
        own = [(key, mint) for key, (mint, owner) in self.world.token_accounts.items() if owner == payer]
        if not own:
            return []
        source, mint = self.rng.choice(own)
        targets = [key for key, (kept, _) in self.world.token_accounts.items() if kept == mint]
        data = struct.pack("<BQ", 3, self.rng.choice([1, 1_000, 10**9]))
        metas = [AccountMeta(source, False, True), AccountMeta(self.rng.choice(targets), False, True)]
        return [Instruction(self.world.token_program(mint), data, [*metas, AccountMeta(payer, True, False)])]


def forge(world: World, rng: random.Random) -> None:
    """Copies of real accounts that a stranger's program owns, and of one type in another's bytes."""
    for (program, _), kept in sorted(world.objects.items()):
        for key in list(kept)[:1]:
            account = world.account(key)
            if account:
                copy, owner = Pubkey(rng.randbytes(32)), rng.choice([Pubkey(rng.randbytes(32)), TOKEN, SYSTEM])
                world.chain.set_account(copy, account.data, owner)
                world.forged.append(copy)
                blank = Pubkey(rng.randbytes(32))
                world.chain.set_account(blank, bytes(8) + account.data[8:], BY_NAME[program].id)
                world.forged.append(blank)


def _size(instructions: list[Instruction]) -> int:
    """Roughly the bytes of the transaction."""
    keys = {meta.pubkey for each in instructions for meta in each.accounts} | {each.program_id for each in instructions}
    rest = sum(len(each.data) + len(each.accounts) + 4 for each in instructions)
    return 32 * len(keys) + rest + 200
