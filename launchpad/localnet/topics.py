"""What can be subscribed to, and the notices that subscribers get.

There is one topic per distinct request; its notices are built once and sent to
everyone who asked the same.
"""

from collections.abc import Callable
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
Route = tuple[str, Commitment, bytes | None]


def slot_context(slot: int, value: Any) -> dict[str, Any]:
    """A notice's value with its slot."""
    return {"context": {"slot": slot}, "value": value}


class Topic:
    """One distinct thing to hear of. `notice` names its notification method.

    `route` says which events reach it: a kind, a commitment level, and the key that
    the event has to be about (None for all).
    """

    notice: str

    def __init__(self, route: Route) -> None:
        self.route = route
        self.listeners: dict[int, Send] = {}

    def publish(self, result: Any) -> None:
        """Send a result to everyone who listens."""
        body = orjson.dumps(result)
        for subscription, send in list(self.listeners.items()):
            send(
                b'{"jsonrpc":"2.0","method":"%b","params":{"result":%b,"subscription":%d}}'
                % (self.notice.encode(), body, subscription)
            )


class AccountTopic(Topic):
    """One account."""

    notice = "accountNotification"

    def __init__(self, key: Key, view: View, level: Commitment) -> None:
        super().__init__(("account", level, key))
        self._key, self._view = key, view
        self._last: Account | None = None

    def changed(self, bank: BankView) -> None:
        """Tell the account's state, unless it is what was told last."""
        account = bank.account(self._key) or CLOSED
        if account != self._last:
            self._last = account
            shown = self._view.show_in_notice(self._key, account, bank.find)
            self.publish(slot_context(bank.slot, shown))


class ProgramTopic(Topic):
    """The accounts of a program that pass the filters."""

    notice = "programNotification"

    def __init__(self, program: Key, view: View, filters: list[Filter], level: Commitment) -> None:
        super().__init__(("program", level, program))
        self._view, self._filters = view, filters

    def changed(self, key: Key, account: Account, bank: BankView) -> None:
        """Tell an account of the program."""
        if all(matches(account) for matches in self._filters):
            shown = {"pubkey": b58(key), "account": self._view.show_in_notice(key, account, bank.find)}
            self.publish(slot_context(bank.slot, shown))


class LogsTopic(Topic):
    """The logs of all transactions, or of those that mention a key."""

    notice = "logsNotification"

    def __init__(self, mention: Key | None, level: Commitment) -> None:
        super().__init__(("logs", level, mention))

    def tell(self, record: TransactionRecord) -> None:
        """Tell a transaction's logs."""
        value = {
            "signature": to_base58(record.signature),
            "err": record.effects.err,
            "logs": record.effects.logs or [],
        }
        self.publish(slot_context(record.slot, value))


class SignatureTopic(Topic):
    """One transaction; the subscription ends with its notice."""

    notice = "signatureNotification"

    def __init__(self, signature: bytes, level: Commitment, end: Callable[[int], None]) -> None:
        super().__init__(("signature", level, signature))
        self.signature, self.level, self._end = signature, level, end

    def tell(self, record: TransactionRecord, slot: int) -> None:
        """Tell the outcome, as of `slot`, and end."""
        self.publish(slot_context(slot, {"err": record.effects.err}))
        for subscription in list(self.listeners):
            self._end(subscription)


class SlotTopic(Topic):
    """Slots that open."""

    notice = "slotNotification"

    def __init__(self) -> None:
        super().__init__(("slot", "processed", None))


class RootTopic(Topic):
    """Slots that are final."""

    notice = "rootNotification"

    def __init__(self) -> None:
        super().__init__(("root", "processed", None))


class SlotsUpdatesTopic(Topic):
    """Every step of every slot."""

    notice = "slotsUpdatesNotification"

    def __init__(self) -> None:
        super().__init__(("slotsUpdates", "processed", None))
