"""Instructions as JSON."""

from typing import Any

from launchpad.localnet.keys import Key


def parse_instruction(program: Key, accounts: list[Key], data: bytes) -> dict[str, Any] | None:
    """`{"program", "parsed"}` of an instruction, None when no parser knows it."""
    return None
