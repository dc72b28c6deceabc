"""The memo text of a transaction, as listings of signatures show it."""

from launchpad.localnet.keys import MEMO_PROGRAMS
from launchpad.localnet.message import DecodedMessage


def memo_text(message: DecodedMessage) -> str | None:
    """All memos with their byte lengths (`[1] a; [5] hello`), None where there is none."""
    memos = [
        f"[{len(each.data)}] {memo_of(each.data)}"
        for each in message.instructions
        if message.static_keys[each.program] in MEMO_PROGRAMS
    ]
    return "; ".join(memos) if memos else None


def memo_of(data: bytes) -> str:
    """A memo's text; what is no UTF-8 is named so."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "(unparseable)"
