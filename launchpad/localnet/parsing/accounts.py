"""Accounts as JSON."""

from collections.abc import Callable
from typing import Any

from launchpad.localnet.accounts import Account
from launchpad.localnet.keys import Key

Find = Callable[[Key], Account | None]


def parse_account(account: Account, find: Find) -> dict[str, Any] | None:
    """`{"program", "parsed"}` of an account, None when no parser knows it."""
    return None
