"""Runs worlds: chooses steps, checks the books after each, counts what was reached."""

import random
from collections import Counter
from dataclasses import dataclass, field

from solders.pubkey import Pubkey

from tests import raydium
from tests.fuzz.books import BrokenRuleError, check
from tests.fuzz.steps import Chooser, Reached, forge
from tests.fuzz.world import BY_ID, PROGRAMS, Outcome, Step, World

STEPS_PER_WORLD = 1_200
FORGE_AT = 150


def _waits(instruction: tuple[str, str]) -> bool:
    """Whether an instruction cannot succeed for want of another's program."""
    return instruction == ("bonding_curve", "graduate_to_raydium") and not raydium.PROGRAM.exists()


@dataclass
class Report:
    """What a run reached: by program, instruction and result, how often; and what it found."""

    transactions: int = 0
    reached: Reached = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        """Takes in another worker's part."""
        self.transactions += other.transactions
        self.reached.update(other.reached)
        self.found += other.found

    def succeeded(self, program: str, name: str) -> int:
        """How often an instruction ran to its end in a transaction that did."""
        return self.reached[program, name, "success"]

    def never(self) -> list[str]:
        """Instructions that never succeeded: what was tried on them says little."""
        every = [(program.name, each["name"]) for program in PROGRAMS for each in program.idl["instructions"]]
        wanted = [each for each in every if not _waits(each)]
        return [f"{program}.{name}" for program, name in wanted if not self.succeeded(program, name)]

    def table(self) -> str:
        """One line for each instruction: how often it succeeded, and what it answered otherwise."""
        lines = [f"{'instruction':42}{'success':>9}  refusals"]
        for program in PROGRAMS:
            for each in program.idl["instructions"]:
                key = (program.name, str(each["name"]))
                refusals = [(count, said) for (*one, said), count in self.reached.items() if tuple(one) == key]
                told = ", ".join(
                    f"{said} {count}" for count, said in sorted(refusals, reverse=True) if said != "success"
                )
                lines.append(f"{'.'.join(key):42}{self.succeeded(*key):>9}  {told}")
        return "\n".join(lines)


@dataclass
class Episode:
    """One world from its beginning."""

    seed: str
    steps: list[Step] = field(default_factory=list)
    report: Report = field(default_factory=Report)

    def run(self, transactions: int) -> BrokenRuleError | None:
        """Chooses and does steps; the first finding ends it."""
        world, rng = World(self.seed), random.Random(self.seed)
        chooser = Chooser(world, rng, self.report.reached)
        for step in chooser.opening():
            if finding := self._do(world, step, chooser):
                return finding
        while world.sent < transactions:
            if len(self.steps) == FORGE_AT:
                forge(world, random.Random(self.seed))
            if finding := self._do(world, chooser.next(), chooser):
                return finding
        return None

    def _do(self, world: World, step: Step, chooser: Chooser) -> BrokenRuleError | None:
        self.steps.append(step)
        outcome = world.run(step)
        if outcome is None:
            return None
        self.report.transactions += 1
        count(self.report.reached, outcome)
        if outcome.error is None:
            chooser.succeeded(step)
        try:
            check(world, outcome)
        except BrokenRuleError as finding:
            return finding
        return None


def replay(seed: str, steps: list[Step]) -> BrokenRuleError | None:
    """The first finding of these steps in a fresh world, if there is one."""
    world = World(seed)
    for index, step in enumerate(steps):
        if index == FORGE_AT:
            forge(world, random.Random(seed))
        outcome = world.run(step)
        if outcome is None:
            continue
        try:
            check(world, outcome)
        except BrokenRuleError as finding:
            return finding
    return None


def shrink(seed: str, steps: list[Step], rule: str) -> list[Step]:
    """The same finding with as few steps as leaving some out can give; halves first, then single ones."""

    def still(fewer: list[Step]) -> bool:
        finding = replay(seed, fewer)
        return finding is not None and finding.rule == rule

    size = len(steps) // 2
    while size:
        at = 0
        while at < len(steps):
            fewer = steps[:at] + steps[at + size :]
            if fewer and still(fewer):
                steps = fewer
            else:
                at += size
        size //= 2
    return steps


def count(reached: Reached, outcome: Outcome) -> None:
    """Books every call of ours under what became of it."""
    if outcome.error is None:
        for program, data in outcome.calls:
            if name := _name(program, data):
                reached[BY_ID[program].name, name, "success"] += 1
        return
    index = getattr(outcome.error, "index", 0)
    failing = outcome.step.instructions[index - 1] if 0 < index <= len(outcome.step.instructions) else None
    if failing and (name := _name(failing.program_id, bytes(failing.data))):
        reached[BY_ID[failing.program_id].name, name, _said(failing.program_id, outcome)] += 1


def _name(program: Pubkey, data: bytes) -> str | None:
    if program not in BY_ID:
        return None
    every = BY_ID[program].idl["instructions"]
    return next((str(each["name"]) for each in every if bytes(each["discriminator"]) == data[:8]), None)


def _said(program: Pubkey, outcome: Outcome) -> str:
    inner = getattr(outcome.error, "err", outcome.error)
    code = getattr(inner, "code", None)
    # The innermost program names the error: numbers mean something else in each.
    said = next((line.split()[1] for line in outcome.logs if " failed: " in line), str(program))
    innermost = BY_ID.get(Pubkey.from_string(said), BY_ID[program])
    names = {each["code"]: each["name"] for each in innermost.idl.get("errors", [])}
    return str(names.get(code, code)) if code is not None else str(inner).rpartition(".")[2]


def worlds(seed: int, first: int, every: int, transactions: int) -> Report:
    """The worlds first, first + every, ... of a run of `transactions` in all."""
    report = Report()
    for number in range(first, -(-transactions // STEPS_PER_WORLD), every):
        report.add(one_world(seed, number, min(STEPS_PER_WORLD, transactions - number * STEPS_PER_WORLD)))
    return report


def one_world(seed: int, number: int, transactions: int = STEPS_PER_WORLD) -> Report:
    """One world of a run; what it finds is shrunk and described."""
    episode = Episode(f"{seed}/{number}")
    finding = episode.run(transactions)
    if finding:
        shortest = shrink(episode.seed, episode.steps, finding.rule)
        episode.report.found.append(described(seed, number, finding, shortest))
    return episode.report


def described(seed: int, number: int, finding: BrokenRuleError, steps: list[Step]) -> str:
    """A finding for people: what broke, how to see it again, and the shortest way there."""
    lines = [str(finding), f"  again: make fuzz FUZZ_SEED={seed} FUZZ_WORLD={number}"]
    lines += [f"  {step.label}" + (f" +{step.seconds} s" if not step.instructions else "") for step in steps]
    last = steps[-1]
    for each in last.instructions:
        metas = " ".join(f"{meta.pubkey}{'s' * meta.is_signer}{'w' * meta.is_writable}" for meta in each.accounts)
        lines.append(f"    {each.program_id} {bytes(each.data).hex()} {metas}")
    return "\n".join(lines)
