"""Accounts rebuilt from events alone, from nothing: what an indexer could do."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from solders.pubkey import Pubkey

from tests.programs.curve_market import CONFIG, referrer_account
from tests.programs.harness import AMM, CURVE, SYSTEM, Chain, Event, Receipt, ata

OPENED = (
    "mint",
    "creator",
    "authority",
    "token_program",
    "decimals",
    "sale_supply",
    "liquidity_supply",
    "raise_target",
)
RATES = ("protocol_fee_bps", "creator_fee_bps", "referrer_share_bps")
TRADED = ("sold", "quote_reserve", "protocol_fees", "creator_fees", "launch_fees")


@dataclass
class Replay:
    """The accounts that the events so far add up to, by address."""

    accounts: dict[Pubkey, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def feed(self, receipt: Receipt) -> None:
        """Applies the events of one transaction."""
        for event in receipt.events(CURVE):
            getattr(self, f"_{event.name}")(event)

    def assert_same(self, chain: Chain) -> None:
        """Compares every rebuilt account with the chain's bytes."""
        for key, (kind, value) in self.accounts.items():
            found = chain.account(key).data
            content = {**value, "rent_reserve": chain.rent(len(found))} if kind in ("Curve", "Batch") else value
            assert CURVE.encode_account(kind, content).ljust(len(found), b"\0") == found, f"{kind} {key}"

    def _value(self, key: Pubkey) -> dict[str, Any]:
        return self.accounts[key][1]

    def _ConfigChanged(self, event: Event) -> None:  # noqa: N802 - named by the event
        fields = {name: value for name, value in event.data.items() if name != "timestamp"}
        base = {"version": 1, "bump": CURVE.pda_and_bump(b"config")[1], "reserved": bytes(128)}
        pending = self._value(CONFIG)["pending_authority"] if CONFIG in self.accounts else SYSTEM
        self.accounts[CONFIG] = ("Config", {**base, **fields, "pending_authority": pending})

    def _AuthorityProposed(self, event: Event) -> None:  # noqa: N802 - named by the event
        self._value(CONFIG)["pending_authority"] = event["pending_authority"]

    def _AuthorityTransferred(self, event: Event) -> None:  # noqa: N802 - named by the event
        self._value(CONFIG).update(authority=event["new_authority"], pending_authority=SYSTEM)

    def _ShapeCreated(self, event: Event) -> None:  # noqa: N802 - named by the event
        content = CURVE.codec.encode({"vec": {"defined": {"name": "Segment"}}}, event["segments"])
        key, bump = CURVE.pda_and_bump(b"shape", hashlib.sha256(content).digest())
        fields = {name: event[name] for name in ("sale_supply", "raise_target", "segments")}
        assert key == event["shape"]
        self.accounts[key] = ("Shape", {"version": 1, "bump": bump, **fields})

    def _TermsCreated(self, event: Event) -> None:  # noqa: N802 - named by the event
        key, bump = CURVE.pda_and_bump(
            b"terms", hashlib.sha256(CURVE.codec.encode({"defined": {"name": "SaleTerms"}}, event["sale"])).digest()
        )
        assert key == event["terms"]
        self.accounts[key] = ("Terms", {"version": 1, "bump": bump, "sale": event["sale"]})

    def _CurveOpened(self, event: Event) -> None:  # noqa: N802 - named by the event
        self.accounts[event["curve"]] = (
            "Curve",
            {
                "version": 1,
                "bump": CURVE.pda_and_bump(b"curve", event["mint"])[1],
                **{name: event[name] for name in (*OPENED, *RATES)},
                "base_vault": ata(event["curve"], event["mint"], event["token_program"]),
                "status": "Depositing" if event["batch"] else "Trading",
                **dict.fromkeys((*TRADED, "completed_at"), 0),
                "deadline": event["deadline"],
                "launch_fee": event["launch_fee"],
                "rules_end": event["rules_end"],
                **dict.fromkeys(("team_payout", "treasury_payout"), 0),
                "terms": event["terms"] or SYSTEM,
                "pool": SYSTEM,
                "graduated_at": 0,
                "lp_mint": SYSTEM,
                "opened_at": event["timestamp"],
                "reserved": bytes(24),
                "segments": event["segments"],
            },
        )

    def _PositionOpened(self, event: Event) -> None:  # noqa: N802 - named by the event
        key, bump = CURVE.pda_and_bump(b"position", event["mint"], event["wallet"])
        assert key == event["position"]
        fields = {name: event[name] for name in ("mint", "wallet")}
        counted = {"bought": 0, "last_slot": 0, "allowlisted": False, "pledged": 0, "reserved": bytes(32)}
        self.accounts[key] = ("Position", {"version": 1, "bump": bump, **fields, **counted})

    def _Traded(self, event: Event) -> None:  # noqa: N802 - named by the event
        curve = self._value(event["curve"])
        curve.update({name: event[name] for name in TRADED})
        if event["is_buy"] and event["timestamp"] < curve["rules_end"]:
            # The slot is the transaction's: an indexer knows it, and here none passes.
            self._value(CURVE.pda(b"position", event["mint"], event["trader"]))["bought"] += event["base_amount"]
        if event["referrer"] is not None:
            fees = self._value(referrer_account(event["referrer"]))
            fees["earned"] += event["referrer_fee"]
            fees["unclaimed"] += event["referrer_fee"]

    def _BatchOpened(self, event: Event) -> None:  # noqa: N802 - named by the event
        key, bump = CURVE.pda_and_bump(b"batch", event["mint"])
        fields = ("mint", "closes_at", "withdraw_until", "minimum", "max_deposit")
        zeros = dict.fromkeys(("deposits", "base_left", "refund_left", "settled_at"), 0)
        head = {"version": 1, "bump": bump, "status": "Open"}
        assert key == event["batch"]
        self.accounts[key] = (
            "Batch",
            {**head, **{name: event[name] for name in fields}, **zeros, "reserved": bytes(64)},
        )

    def _BatchDeposited(self, event: Event) -> None:  # noqa: N802 - named by the event
        self._value(event["batch"])["deposits"] = event["deposits"]
        key, bump = CURVE.pda_and_bump(b"deposit", event["mint"], event["depositor"])
        head = {"version": 1, "bump": bump, "mint": event["mint"], "wallet": event["depositor"]}
        self.accounts[key] = ("Deposit", {**head, "amount": event["deposited"], "reserved": bytes(32)})
        if event["deposited"] == 0:
            del self.accounts[key]

    _BatchWithdrawn = _BatchDeposited

    def _BatchSettled(self, event: Event) -> None:  # noqa: N802 - named by the event
        status = "Failed" if event["failed"] else "Settled"
        left = {"base_left": event["base_amount"], "refund_left": event["refund"]}
        self._value(event["batch"]).update(status=status, settled_at=event["timestamp"], **left)
        curve = self._value(CURVE.pda(b"curve", event["mint"]))
        if curve["status"] == "Depositing":
            curve["status"] = "Failed" if event["failed"] else "Trading"

    def _BatchClaimed(self, event: Event) -> None:  # noqa: N802 - named by the event
        batch = self._value(event["batch"])
        batch["deposits"] = event["deposits_left"]
        batch["base_left"] -= event["base_amount"]
        batch["refund_left"] -= event["refund"]
        del self.accounts[CURVE.pda(b"deposit", event["mint"], event["depositor"])]

    def _CurveCompleted(self, event: Event) -> None:  # noqa: N802 - named by the event
        self._value(event["curve"]).update(status="Complete", completed_at=event["timestamp"])

    def _Expired(self, event: Event) -> None:  # noqa: N802 - named by the event
        curve = self._value(event["curve"])
        left = 0 if event["sold"] else curve["launch_fees"]
        curve.update(status="Refunding", quote_reserve=event["quote_reserve"], launch_fees=left)

    def _Refunded(self, event: Event) -> None:  # noqa: N802 - named by the event
        self._value(event["curve"]).update({name: event[name] for name in ("sold", "quote_reserve")})

    def _Graduated(self, event: Event) -> None:  # noqa: N802 - named by the event
        payouts = {name: event[name] for name in ("team_payout", "treasury_payout")}
        self._value(event["curve"]).update(
            status="Graduated",
            quote_reserve=0,
            launch_fees=0,
            pool=event["pool"],
            graduated_at=event["timestamp"],
            lp_mint=AMM.pda(b"lp_mint", event["pool"]) if event["locked_until"] else SYSTEM,
            **payouts,
        )

    def _PayoutReleased(self, event: Event) -> None:  # noqa: N802 - named by the event
        self._value(event["curve"])[f"{event['kind'].lower()}_payout"] = 0

    def _LiquidityLocked(self, event: Event) -> None:  # noqa: N802 - named by the event
        """Shares moved, and nothing of the curve's own."""

    def _FeesClaimed(self, event: Event) -> None:  # noqa: N802 - named by the event
        counters = {"Creator": "creator_fees", "Protocol": "protocol_fees", "Referrer": "unclaimed"}
        mint, kind = event["mint"], event["kind"]
        key = referrer_account(event["recipient"]) if mint is None else CURVE.pda(b"curve", mint)
        self._value(key)[counters[kind]] -= event["amount"]

    def _ReferrerRegistered(self, event: Event) -> None:  # noqa: N802 - named by the event
        key, bump = CURVE.pda_and_bump(b"referrer", event["referrer"])
        value = {"version": 1, "bump": bump, "referrer": event["referrer"], "earned": 0, "unclaimed": 0}
        self.accounts[key] = ("ReferrerFees", {**value, "reserved": bytes(64)})

    def _CreatorChanged(self, event: Event) -> None:  # noqa: N802 - named by the event
        self._value(event["curve"])["creator"] = event["new_creator"]
