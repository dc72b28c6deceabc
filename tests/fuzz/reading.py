"""What the accounts of a transaction say: tokens, lamports, and the contents of our own."""

from collections.abc import Iterator
from typing import Any

from solders.account import Account
from solders.pubkey import Pubkey

from tests.fuzz.world import TOKEN_PROGRAMS, Outcome, decode

FEE = 5_000

Content = dict[str, Any]
Accounts = dict[Pubkey, Account | None]


def reserve(curve: Content, sold: int) -> int:
    """F(sold) of a curve's segments, in lamports; see docs/curves.md."""
    total = 0
    for each in curve["segments"]:
        base, quote = each["base_reserve"], each["quote_reserve"]
        part = min(sold, each["base_for_sale"])
        total += -(-base * quote // (base - part)) - quote
        sold -= part
    return total


def changes(outcome: Outcome) -> Iterator[tuple[Pubkey, str, Content | None, Content | None]]:
    """The changed accounts of ours: key, type, content before and after."""
    for key in outcome.changed:
        before, after = decode(outcome.before[key]), decode(outcome.after[key])
        kind = (after or before or (None, ""))[1]
        if kind:
            yield key, kind, before[2] if before else None, after[2] if after else None


def contents(outcome: Outcome) -> Iterator[tuple[Pubkey, Content | None, Content | None]]:
    for key, _, before, after in changes(outcome):
        yield key, before, after


def lamports_of(accounts: Accounts) -> int:
    return sum(account.lamports for account in accounts.values() if account)


def holding_of(account: Account | None) -> tuple[Pubkey, Pubkey, int] | None:
    """Mint, owner and amount of a token account."""
    if account is None or account.owner not in TOKEN_PROGRAMS or len(account.data) < 165:
        return None
    if len(account.data) > 165 and account.data[165] != 2:
        return None
    return Pubkey(account.data[:32]), Pubkey(account.data[32:64]), int.from_bytes(account.data[64:72], "little")


def amount_of(account: Account | None, mint: Pubkey) -> int:
    held = holding_of(account)
    return held[2] if held and held[0] == mint else 0


def mint_of(outcome: Outcome, key: Pubkey) -> Pubkey | None:
    held = holding_of(outcome.after[key]) or holding_of(outcome.before[key])
    return held[0] if held else None


def supply_of(account: Account | None) -> int:
    if account is None or account.owner not in TOKEN_PROGRAMS or len(account.data) < 82:
        return 0
    return int.from_bytes(account.data[36:44], "little")
