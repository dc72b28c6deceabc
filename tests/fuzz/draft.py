"""A call while it is put together."""

from dataclasses import dataclass, field
from typing import Any

from solders.pubkey import Pubkey

from tests.fuzz.world import PROGRAMS
from tests.programs.harness import Program

CREATES = ("create_", "open_", "register_", "launch_", "write_", "propose_release")
# Names that do not say their type.
TYPES = {
    "curve_config": ("bonding_curve", "Config"),
    "amm_config": ("amm", "Config"),
    "team_schedule": ("vesting", "Schedule"),
    "lock_schedule": ("vesting", "Schedule"),
}


@dataclass
class Draft:
    """A call while it is put together: what every account name stands for so far."""

    program: Program
    spec: dict[str, Any]
    group: list[Pubkey]
    user: Pubkey
    named: dict[str, Pubkey] = field(default_factory=dict)
    args: dict[str, Any] = field(default_factory=dict)
    fresh: set[Pubkey] = field(default_factory=set)

    @property
    def creates(self) -> bool:
        """Whether its main account is not there yet."""
        return str(self.spec["name"]).startswith(CREATES)

    def wants(self, name: str) -> bool:
        """Whether the instruction has an account of this name."""
        return any(each["name"] == name for each in self.spec["accounts"])

    def signs(self, name: str) -> bool:
        """Whether that account has to sign."""
        return any(each["name"] == name and each.get("signer") for each in self.spec["accounts"])


def type_of(program: Program, name: str) -> tuple[str, str] | None:
    """The account type that an account's name stands for."""
    if name in TYPES:
        return TYPES[name]
    camel = "".join(part.capitalize() for part in name.split("_"))
    for owner in [program, *[each for each in PROGRAMS if each.name != program.name]]:
        if any(each["name"] == camel for each in owner.idl["accounts"]):
            return owner.name, camel
    return None
