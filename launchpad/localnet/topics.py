"""What can be subscribed to, and the notices that subscribers get.

There is one topic per distinct request; its notices are built once and sent to
everyone who asked the same.
"""

from collections.abc import Callable, Collection
from typing import Any

import orjson

from launchpad.localnet.accounts import CLOSED, Account
from launchpad.localnet.bank import Commitment
from launchpad.localnet.encoding.account import View
from launchpad.localnet.encoding.binary import to_base58
from launchpad.localnet.filters import Filter
from launchpad.localnet.keys import Key, b58
from launchpad.localnet.node import BankView
from launchpad.localnet.records import TransactionRecord

Send = Callable[[bytes], None]


def slot_context(slot: int, value: Any) -> dict[str, Any]:
    """A notice's value with its slot."""
    return {"context": {"slot": slot}, "value": value}


class Topic:
    """One distinct thing to hear of. `notice` names its notification method."""

    notice: str
    level: Commitment = "processed"

    def __init__(self) -> None:
        self.listeners: dict[int, Send] = {}

    def publish(self, result: Any) -> None:
        """Send a result to everyone who listens."""
        body = orjson.dumps(result)
        for subscription, send in list(self.listeners.items()):
            send(
                b'{"jsonrpc":"2.0","method":"%b","params":{"result":%b,"subscription":%d}}'
                % (self.notice.encode(), body, subscription)
            )


class TransactionTopic(Topic):
    """A topic that hears of every executed transaction at its level."""

    def transaction(self, record: TransactionRecord) -> None:
        """A transaction reached the topic's level."""
        raise NotImplementedError


class AccountsTopic(Topic):
    """A topic that hears of changed accounts at its level."""

    def changed(self, keys: Collection[Key], bank: BankView) -> None:
        """These accounts changed; `bank` shows them."""
        raise NotImplementedError


class AccountTopic(AccountsTopic):
    """One account."""

    notice = "accountNotification"

    def __init__(self, key: Key, view: View, level: Commitment) -> None:
        super().__init__()
        self.key, self.view, self.level = key, view, level
        self._last: Account | None = None

    def changed(self, keys: Collection[Key], bank: BankView) -> None:
        """Tell the account's state if it is among the changed."""
        if self.key not in keys:
            return
        account = bank.account(self.key) or CLOSED
        if account != self._last:
            self._last = account
            self.publish(slot_context(bank.slot, self.view.show_in_notice(self.key, account, bank.find)))


class ProgramTopic(AccountsTopic):
    """The accounts of a program that pass the filters."""

    notice = "programNotification"

    def __init__(self, program: Key, view: View, filters: list[Filter], level: Commitment) -> None:
        super().__init__()
        self.program, self.view, self.filters, self.level = program, view, filters, level

    def changed(self, keys: Collection[Key], bank: BankView) -> None:
        """Tell every changed account that is the program's."""
        for key in keys:
            account = bank.account(key)
            if account is None or account.owner != self.program:
                continue
            if all(matches(account) for matches in self.filters):
                shown = {"pubkey": b58(key), "account": self.view.show_in_notice(key, account, bank.find)}
                self.publish(slot_context(bank.slot, shown))


class LogsTopic(TransactionTopic):
    """The logs of all transactions, or of those that mention a key."""

    notice = "logsNotification"

    def __init__(self, mention: Key | None, level: Commitment) -> None:
        super().__init__()
        self.mention, self.level = mention, level

    def transaction(self, record: TransactionRecord) -> None:
        """Tell a transaction's logs."""
        if self.mention is not None and self.mention not in record.keys:
            return
        value = {
            "signature": to_base58(record.signature),
            "err": record.effects.err,
            "logs": record.effects.logs or [],
        }
        self.publish(slot_context(record.slot, value))


class SignatureTopic(TransactionTopic):
    """One transaction; the subscription ends with its notice."""

    notice = "signatureNotification"

    def __init__(self, signature: bytes, level: Commitment, end: Callable[[int], None]) -> None:
        super().__init__()
        self.signature, self.level, self._end = signature, level, end

    def transaction(self, record: TransactionRecord) -> None:
        """Tell the awaited transaction's outcome."""
        if record.signature == self.signature:
            self.tell(record, record.slot)

    def tell(self, record: TransactionRecord, slot: int) -> None:
        """Tell the outcome, as of `slot`, and end."""
        self.publish(slot_context(slot, {"err": record.effects.err}))
        for subscription in list(self.listeners):
            self._end(subscription)


class SlotTopic(Topic):
    """Slots that open."""

    notice = "slotNotification"


class RootTopic(Topic):
    """Slots that are final."""

    notice = "rootNotification"


class SlotsUpdatesTopic(Topic):
    """Every step of every slot."""

    notice = "slotsUpdatesNotification"
