"""Subscriptions: which connection hears of which topic."""

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any, TypeVar

import orjson

from launchpad.localnet.bank import Commitment
from launchpad.localnet.errors import RpcError, invalid_params, method_not_found
from launchpad.localnet.filters import parse_filters
from launchpad.localnet.keys import Key
from launchpad.localnet.methods.statuses import find_outcome
from launchpad.localnet.node import BankView, Node
from launchpad.localnet.params import Config, pubkey, signature, string, strings, wrong_type
from launchpad.localnet.records import TransactionRecord
from launchpad.localnet.registry import Method
from launchpad.localnet.topics import (
    AccountTopic,
    LogsTopic,
    ProgramTopic,
    RootTopic,
    Route,
    Send,
    SignatureTopic,
    SlotsUpdatesTopic,
    SlotTopic,
    Topic,
)

TopicKey = tuple[Any, ...]
MAX_SUBSCRIPTIONS = 1_000_000
Kind = TypeVar("Kind", bound=Topic)


class Subscriber:
    """One connection: where its notices go, and what it subscribed to."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.ids: dict[TopicKey, int] = {}


class Subscriptions:
    """All subscriptions of the cluster."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._topics: dict[TopicKey, Topic] = {}
        self._routes: dict[Route, dict[TopicKey, Topic]] = defaultdict(dict)
        self._owners: dict[int, tuple[Subscriber, TopicKey]] = {}
        self._ids = itertools.count()
        subscribe = {
            "accountSubscribe": (self._account, 1, 1),
            "programSubscribe": (self._program, 1, 1),
            "logsSubscribe": (self._logs, 1, 1),
            "signatureSubscribe": (self._signature, 1, 1),
            "slotSubscribe": (self._slot, 0, 0),
            "rootSubscribe": (self._root, 0, 0),
            "slotsUpdatesSubscribe": (self._slots_updates, 0, 0),
        }
        self._methods = {
            name: (make, Method(lambda _node, args: args, required, optional))
            for name, (make, required, optional) in subscribe.items()
        }

    def call(self, subscriber: Subscriber, name: str, params: Any) -> Any:
        """Answer a subscribe or unsubscribe method; raises RpcError."""
        if name in self._methods:
            make, counts = self._methods[name]
            return self._subscribe(subscriber, *make(counts.arguments(params)))
        if name.endswith("Unsubscribe") and name.removesuffix("Unsubscribe") + "Subscribe" in self._methods:
            [subscription] = Method(lambda _node, args: args, 1, 0).arguments(params)
            return self._unsubscribe(subscriber, subscription)
        raise method_not_found()

    def leave(self, subscriber: Subscriber) -> None:
        """A connection ended, and its subscriptions with it."""
        for subscription in list(subscriber.ids.values()):
            self._end(subscription)

    def _subscribe(self, subscriber: Subscriber, key: TopicKey, make: Callable[[], Topic]) -> int:
        known = subscriber.ids.get(key)
        if known is not None:
            return known
        if len(self._owners) >= MAX_SUBSCRIPTIONS:
            raise RpcError(-32603, "Internal Error: Subscription refused. Node subscription limit reached")
        topic = self._topics.get(key)
        if topic is None:
            topic = self._topics[key] = make()
            self._routes[topic.route][key] = topic
        subscription = next(self._ids)
        topic.listeners[subscription] = subscriber.send
        subscriber.ids[key] = subscription
        self._owners[subscription] = (subscriber, key)
        if isinstance(topic, SignatureTopic):
            self._tell_if_reached(topic)
        return subscription

    def _unsubscribe(self, subscriber: Subscriber, subscription: Any) -> bool:
        if isinstance(subscription, bool) or not isinstance(subscription, int):
            raise wrong_type(subscription, "u64")
        owner = self._owners.get(subscription)
        if owner is None or owner[0] is not subscriber:
            raise invalid_params("Invalid subscription id.")
        self._end(subscription)
        return True

    def _end(self, subscription: int) -> None:
        subscriber, key = self._owners.pop(subscription)
        del subscriber.ids[key]
        topic = self._topics[key]
        del topic.listeners[subscription]
        if not topic.listeners:
            del self._topics[key]
            del self._routes[topic.route][key]
            if not self._routes[topic.route]:
                del self._routes[topic.route]

    def _tell_if_reached(self, topic: SignatureTopic) -> None:
        bank = self._node.cluster.bank
        record = find_outcome(self._node, topic.signature)
        if record is not None and record.slot <= bank.slot_at(topic.level):
            # After the reply to the subscription, which is sent first.
            asyncio.get_running_loop().call_soon(topic.tell, record, bank.slot_at(topic.level))

    def _account(self, args: list[Any]) -> tuple[TopicKey, Callable[[], Topic]]:
        text, config = string(args[0]), Config(args[1], "RpcAccountInfoConfig")
        view, level, key = config.view("binary"), config.commitment, _key(text)
        return ("account", key, view, level), lambda: AccountTopic(key, view, level)

    def _program(self, args: list[Any]) -> tuple[TopicKey, Callable[[], Topic]]:
        text, config = string(args[0]), Config(args[1], "RpcProgramAccountsConfig")
        view, level, program = config.view("binary"), config.commitment, _key(text)
        asked = config.get("filters")
        try:
            filters = parse_filters(asked, program)
        except RpcError as error:
            text = error.message.removeprefix("Invalid params: ").removesuffix(".")
            raise invalid_params(f"Invalid params: {text}.") from None
        topic = ("program", program, view, orjson.dumps(asked), level)
        return topic, lambda: ProgramTopic(program, view, filters, level)

    def _logs(self, args: list[Any]) -> tuple[TopicKey, Callable[[], Topic]]:
        mention, level = _mention(args[0]), Config(args[1], "RpcTransactionLogsConfig").commitment
        return ("logs", mention, level), lambda: LogsTopic(mention, level)

    def _signature(self, args: list[Any]) -> tuple[TopicKey, Callable[[], Topic]]:
        text, config = string(args[0]), Config(args[1], "RpcSignatureSubscribeConfig")
        level = config.commitment
        try:
            wanted = signature(text)
        except RpcError:
            raise invalid_params("Invalid Request: Invalid signature provided") from None
        return ("signature", wanted, level), lambda: SignatureTopic(wanted, level, self._end)

    def _slot(self, _args: list[Any]) -> tuple[TopicKey, Callable[[], Topic]]:
        return ("slot",), SlotTopic

    def _root(self, _args: list[Any]) -> tuple[TopicKey, Callable[[], Topic]]:
        return ("root",), RootTopic

    def _slots_updates(self, _args: list[Any]) -> tuple[TopicKey, Callable[[], Topic]]:
        return ("slotsUpdates",), SlotsUpdatesTopic

    def _to(self, kind: type[Kind], route: Route) -> list[Kind]:
        """The topics that an event reaches."""
        return [topic for topic in self._routes.get(route, {}).values() if isinstance(topic, kind)]

    def transaction_processed(self, record: TransactionRecord, changed: Collection[Key]) -> None:
        """Tell those who listen at `processed`."""
        if self._topics:
            bank = BankView(self._node.cluster, record.slot)
            self._tell_transaction(record, "processed")
            self._tell_accounts(changed, bank, "processed")

    def slot_opened(self, slot: int, root: int) -> None:
        """Tell of a slot that takes transactions."""
        for topic in self._to(SlotTopic, ("slot", "processed", None)):
            topic.publish({"slot": slot, "parent": slot - 1, "root": root})
        self._update({"type": "completed", "slot": slot - 1})
        self._update({"type": "createdBank", "slot": slot, "parent": slot - 1})

    def slot_confirmed(self, slot: int) -> None:
        """Tell those who listen at `confirmed`."""
        self._update({"type": "frozen", "slot": slot, "stats": self._stats(slot)})
        self._update({"type": "optimisticConfirmation", "slot": slot})
        self._tell_slot(slot, "confirmed")

    def slot_finalized(self, slot: int) -> None:
        """Tell those who listen at `finalized`."""
        for topic in self._to(RootTopic, ("root", "processed", None)):
            topic.publish(slot)
        self._update({"type": "root", "slot": slot})
        self._tell_slot(slot, "finalized")

    def _tell_slot(self, slot: int, level: Commitment) -> None:
        if not self._topics:
            return
        cluster = self._node.cluster
        for record in cluster.statuses.of_slot(slot):
            self._tell_transaction(record, level)
        self._tell_accounts(list(cluster.accounts.changed_in(slot)), BankView(cluster, slot), level)

    def _tell_transaction(self, record: TransactionRecord, level: Commitment) -> None:
        for mention in (None, *record.keys):
            for logs in self._to(LogsTopic, ("logs", level, mention)):
                logs.tell(record)
        for awaited in self._to(SignatureTopic, ("signature", level, record.signature)):
            awaited.tell(record, record.slot)

    def _tell_accounts(self, changed: Collection[Key], bank: BankView, level: Commitment) -> None:
        for key in changed:
            for topic in self._to(AccountTopic, ("account", level, key)):
                topic.changed(bank)
            account = bank.account(key)
            if account is not None:
                for program in self._to(ProgramTopic, ("program", level, account.owner)):
                    program.changed(key, account, bank)

    def _update(self, update: dict[str, Any]) -> None:
        for topic in self._to(SlotsUpdatesTopic, ("slotsUpdates", "processed", None)):
            topic.publish(update | {"timestamp": time.time_ns() // 1_000_000})

    def _stats(self, slot: int) -> dict[str, int]:
        records = self._node.cluster.statuses.of_slot(slot)
        failed = sum(1 for each in records if each.effects.err is not None)
        return {
            "numTransactionEntries": len(records),
            "numSuccessfulTransactions": len(records) - failed,
            "numFailedTransactions": failed,
            "maxTransactionsPerEntry": len(records),
        }


def _key(text: str) -> Key:
    try:
        return pubkey(text)
    except RpcError:
        raise invalid_params("Invalid Request: Invalid pubkey provided") from None


def _mention(value: Any) -> Key | None:
    if isinstance(value, str):
        if value in ("all", "allWithVotes"):
            return None
        raise invalid_params(
            f"Invalid params: unknown variant `{value}`, expected one of `all`, `allWithVotes`, `mentions`."
        )
    if not isinstance(value, dict):
        raise wrong_type(value, "enum RpcTransactionLogsFilter")
    if set(value) != {"mentions"}:
        raise invalid_params("Invalid params: invalid value: map, expected map with a single key.")
    addresses = strings(value["mentions"])
    if len(addresses) != 1:
        raise invalid_params("Invalid Request: Only 1 address supported")
    return _key(addresses[0])
