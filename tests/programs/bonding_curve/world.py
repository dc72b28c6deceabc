"""A world in which every instruction of the bonding curve has a call that would succeed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.batch_market import open_batch
from tests.programs.curve_market import (
    CONFIG,
    DEADLINE,
    config_args,
    create_config,
    create_shape,
    create_terms,
    launch_fee,
    open_market,
    opening,
    referrer_account,
    register_referrer,
    sale_terms,
    shape_of,
    terms_of,
)
from tests.programs.harness import (
    CURVE,
    NOW,
    SOL,
    Chain,
    ata,
)
from tests.programs.opening import (
    MINIMUM,
    Tree,
    allowlist,
    holders,
    open_position,
    pledge,
    pledged_accounts,
    position_of,
    ruled,
    terms_account,
)

TREE = Tree((Keypair.from_seed(bytes([9] * 32)).pubkey(), Keypair.from_seed(bytes([10] * 32)).pubkey()))
SALE_TERMS = sale_terms(launch_fee=launch_fee(5_000, 600))


@dataclass(frozen=True)
class Call:
    """A valid call; `signers` by account name, the first pays."""

    name: str
    args: dict[str, Any]
    accounts: dict[str, Pubkey | None]
    signers: dict[str, Keypair]

    def instruction(self, **options: Any) -> Instruction:
        return CURVE.instruction(self.name, self.args, self.accounts, **options)


class World:
    """Two markets, a trader with tokens of the first, a referrer, an attacker, and all calls."""

    def __init__(self) -> None:
        self.chain = Chain([CURVE])
        create_config(self.chain)
        self.here, self.there = open_market(self.chain), open_market(self.chain)
        self.trader, self.referrer, self.attacker = self.here.trader(), self.chain.wallet(), self.there.trader()
        self.referrer_fees = register_referrer(self.chain, self.trader, self.referrer.pubkey())
        self.here.buy(self.trader, SOL, referrer_fees=self.referrer_fees)
        self.there.buy(self.attacker, SOL)
        self.late, self.failed = (open_market(self.chain, deadline=NOW + 1) for _ in range(2))
        self.holder = self.failed.trader()
        self.failed.buy(self.holder, SOL)
        self.failed.write(status="Refunding")
        self.late.write(deadline=NOW - 1)
        self.ready = opening(self.chain)
        self.shape = shape_of(self.ready.segments)
        create_shape(self.chain, self.trader, self.ready.segments)
        self._open_batches()
        self.terms = terms_of(SALE_TERMS)
        create_terms(self.chain, self.trader, SALE_TERMS)
        self.community = self.chain.new_mint(self.trader.pubkey(), 3 * MINIMUM)
        tiers = {"allowlist": allowlist(TREE.root, 60), "holders": holders(self.community, 60)}
        self.ruled, self.over = (ruled(self.chain, tiers | {"binds_creator": last}) for last in (False, True))
        for market in (self.ruled, self.over):
            self.chain.send([open_position(market, self.trader.pubkey(), self.trader.pubkey())], [self.trader])
        self.chain.send([open_position(self.ruled, self.trader.pubkey(), TREE.wallets[0])], [self.trader])
        self.chain.send([pledge(self.over, self.trader.pubkey(), self.community)], [self.trader])
        self.over.write(rules_end=NOW)

    def _open_batches(self) -> None:
        """One that takes deposits, one whose window is over, one that can be claimed from."""
        self.taking, self.due, self.settled = (open_batch(self.chain) for _ in range(3))
        for batch in (self.taking, self.due, self.settled):
            batch.deposit(self.trader, 6 * SOL)
        self.saver = self.chain.wallet()
        for batch in (self.taking, self.settled):
            batch.deposit(self.attacker, SOL)
        self.settled.deposit(self.saver, SOL)
        for batch in (self.due, self.settled):
            batch.write(closes_at=NOW, withdraw_until=NOW)
        self.settled.settle(self.attacker)

    def of_batches(self, call: Call) -> dict[str, Callable[[], Pubkey]]:
        """Accounts of other batches and depositors, by what they are to the call."""
        pair = (self.settled, self.taking)
        here, there = pair if call.name == "claim_batch" else pair[::-1]
        return {
            "batch of another mint": lambda: there.address,
            "receipt of somebody else": lambda: here.receipt_of(self.attacker.pubkey()),
            "receipt of another batch": lambda: self.due.receipt_of(self.trader.pubkey()),
        }

    def call(self, name: str) -> Call:
        """The valid call of an instruction."""
        prepared: Callable[[], Call] = getattr(self, f"_{name}")
        return prepared()

    def _managed(self, name: str, args: dict[str, Any]) -> Call:
        admin = self.chain.admin
        return Call(name, args, {"authority": admin.pubkey(), "config": CONFIG}, {"authority": admin})

    def _update_config(self) -> Call:
        args = config_args(self.chain)
        args.pop("authority")
        return self._managed("update_config", {"args": args})

    def _set_paused(self) -> Call:
        return self._managed("set_paused", {"paused": True})

    def _propose_authority(self) -> Call:
        return self._managed("propose_authority", {"new_authority": self.trader.pubkey()})

    def _accept_authority(self) -> Call:
        proposed = self.call("propose_authority")
        self.chain.send([proposed.instruction()], [self.chain.admin])
        accounts = {"pending_authority": self.trader.pubkey(), "config": CONFIG}
        return Call("accept_authority", {}, accounts, {"pending_authority": self.trader})

    def _open_curve(self) -> Call:
        accounts = {**self.ready.accounts, "payer": self.trader.pubkey(), "shape": self.shape, "terms": self.terms}
        signers = {"payer": self.trader, "authority": self.ready.authority}
        return Call("open_curve", {"args": {**self.ready.args, "source": "Shape"}}, accounts, signers)

    def _expire(self) -> Call:
        return Call("expire", {}, {"curve": self.late.curve}, {})

    def _refund(self) -> Call:
        accounts = self.failed.refund_accounts(self.holder.pubkey())
        return Call("refund", {"base_in": 10**15}, accounts, {"holder": self.holder})

    def _batch_call(self, name: str, args: dict[str, Any], accounts: dict[str, Pubkey | None], signer: str) -> Call:
        return Call(name, args, accounts, {signer: self.trader})

    def _deposit(self) -> Call:
        accounts = self.taking.deposit_accounts(self.trader.pubkey())
        return self._batch_call("deposit", {"amount": SOL}, accounts, "depositor")

    def _withdraw_deposit(self) -> Call:
        accounts = self.taking.withdraw_accounts(self.trader.pubkey())
        return self._batch_call("withdraw_deposit", {"amount": SOL}, accounts, "depositor")

    def _settle_batch(self) -> Call:
        return Call("settle_batch", {}, self.due.settle_accounts(), {})

    def _claim_batch(self) -> Call:
        accounts = self.settled.claim_accounts(self.trader.pubkey(), self.saver.pubkey())
        return self._batch_call("claim_batch", {}, accounts, "payer")

    def _create_terms(self) -> Call:
        fresh = sale_terms(launch_fee=launch_fee(1, 2))
        accounts = {"payer": self.trader.pubkey(), "terms": terms_of(fresh)}
        return Call("create_terms", {"sale": fresh}, accounts, {"payer": self.trader})

    def _open_position(self) -> Call:
        wallet = Keypair().pubkey()
        accounts = {
            "payer": self.trader.pubkey(),
            "wallet": wallet,
            "curve": self.ruled.curve,
            "position": position_of(self.ruled, wallet),
        }
        return Call("open_position", {}, accounts, {"payer": self.trader})

    def _prove_allowlisted(self) -> Call:
        wallet = TREE.wallets[0]
        accounts = {
            "curve": self.ruled.curve,
            "terms": terms_account(self.ruled),
            "position": position_of(self.ruled, wallet),
        }
        return Call("prove_allowlisted", {"proof": TREE.proof(wallet)}, accounts, {})

    def _pledge(self) -> Call:
        accounts = pledged_accounts(self.ruled, self.trader.pubkey(), self.community)
        return Call("pledge", {}, dict(accounts), {"wallet": self.trader})

    def _close_position(self) -> Call:
        accounts = pledged_accounts(self.over, self.trader.pubkey(), self.community)
        return Call("close_position", {}, dict(accounts), {"wallet": self.trader})

    def _create_shape(self) -> Call:
        fresh = [{**self.ready.segments[0], "quote_reserve": SOL}]
        accounts = {"payer": self.trader.pubkey(), "shape": shape_of(fresh)}
        return Call("create_shape", {"segments": fresh}, accounts, {"payer": self.trader})

    def _trade(self, name: str, amount: int, limit: int) -> Call:
        names = [each["name"] for each in CURVE.spec(name)["args"]]
        args = dict(zip(names, (amount, limit, DEADLINE), strict=True))
        accounts = {**self.here.accounts(self.trader.pubkey()), "referrer_fees": self.referrer_fees}
        return Call(name, args, accounts, {"trader": self.trader})

    def _buy_exact_in(self) -> Call:
        return self._trade("buy_exact_in", SOL, 0)

    def _buy_exact_out(self) -> Call:
        return self._trade("buy_exact_out", 10**15, SOL)

    def _sell(self) -> Call:
        return self._trade("sell", 10**15, 0)

    def _register_referrer(self) -> Call:
        fresh = Keypair().pubkey()
        accounts = {"payer": self.trader.pubkey(), "referrer": fresh, "referrer_fees": referrer_account(fresh)}
        return Call("register_referrer", {}, accounts, {"payer": self.trader})

    def _claim_creator_fees(self) -> Call:
        creator = self.here.creator
        accounts = {"creator": creator.pubkey(), "curve": self.here.curve}
        return Call("claim_creator_fees", {}, accounts, {"creator": creator})

    def _sweep_protocol_fees(self) -> Call:
        recipient = self.chain.read(CURVE, "Config", CONFIG)["fee_recipient"]
        self.chain.airdrop(recipient, 1)
        accounts = {
            "caller": self.trader.pubkey(),
            "config": CONFIG,
            "curve": self.here.curve,
            "fee_recipient": recipient,
        }
        return Call("sweep_protocol_fees", {}, accounts, {"caller": self.trader})

    def _claim_referrer_fees(self) -> Call:
        accounts = {"referrer": self.referrer.pubkey(), "referrer_fees": self.referrer_fees}
        return Call("claim_referrer_fees", {}, accounts, {"referrer": self.referrer})

    def _set_creator(self) -> Call:
        creator = self.here.creator
        accounts = {"authority": creator.pubkey(), "curve": self.here.curve}
        return Call("set_creator", {"new_creator": self.trader.pubkey()}, accounts, {"authority": creator})

    def send(self, call: Call, instruction: Instruction | None = None) -> None:
        """Sends a call paid for by the attacker, signed by whoever it still needs."""
        built = instruction or call.instruction()
        needed = {meta.pubkey for meta in built.accounts if meta.is_signer}
        signers = [key for key in [*call.signers.values(), self.attacker] if key.pubkey() in needed]
        self.chain.send([built], [self.attacker, *signers])

    def everything(self) -> list[Any]:
        """All accounts that an attack could have changed."""
        traders = [self.here.wallet_of(self.trader), self.there.wallet_of(self.attacker)]
        traders.append(self.failed.wallet_of(self.holder))
        markets = [
            key for market in (self.here, self.there, self.late, self.failed) for key in (market.curve, market.vault)
        ]
        for batch in (self.taking, self.due, self.settled):
            markets += [batch.address, batch.market.curve, batch.market.vault]
            markets += [batch.receipt_of(key.pubkey()) for key in (self.trader, self.attacker, self.saver)]
        wallets = [(self.ruled, self.trader.pubkey()), (self.over, self.trader.pubkey()), (self.ruled, TREE.wallets[0])]
        pledges = [position_of(market, wallet) for market, wallet in wallets]
        pledges += [ata(pledges[1], self.community), ata(self.trader.pubkey(), self.community)]
        keys = [CONFIG, self.referrer_fees, self.shape, *markets, *traders, *pledges]
        return [self.chain.svm.get_account(key) for key in keys]

    def forged(self, original: Pubkey, *, owner: Pubkey) -> Pubkey:
        """The same bytes elsewhere, owned by a program of the attacker's choice."""
        key = Keypair().pubkey()
        found = self.chain.account(original)
        self.chain.set_account(key, found.data, owner, lamports=found.lamports)
        return key
