"""The chain as the rest of the product sees it: read accounts, build transactions, send them.

async with ChainClient(settings) as chain:
curve = await chain.fetch_curve(mint)
built = await chain.build_buy_exact_in(mint, trader, quote_in, min_base_out, deadline)
signature = await chain.submit(signed, built.last_valid_block_height)
await chain.confirm(signature, built.last_valid_block_height)
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Self

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.accounts import CurveState, ReferrerFees
from launchpad.chain.addresses import TOKEN_PROGRAMS
from launchpad.chain.curve_math import Fees
from launchpad.chain.executors import Executor, ExecutorName, JitoExecutor
from launchpad.chain.instructions import curve, launcher, vesting
from launchpad.chain.instructions.curve import Market, Ruled
from launchpad.chain.instructions.solana import MINT_BYTES, create_token_account
from launchpad.chain.instructions.vesting import Escrow
from launchpad.chain.jito import BlockEngine, ExecutorUnavailableError, TipRefusedError, checked_tip
from launchpad.chain.keys import Keypair, address_of, generate
from launchpad.chain.launching import LaunchParams
from launchpad.chain.metaplex import require_metaplex
from launchpad.chain.opening import before_buy
from launchpad.chain.reading import ChainReader, Configs, NoCurveError, state_of
from launchpad.chain.rpc import RpcPool
from launchpad.chain.sending import Commitment, Sender, TransactionStatus
from launchpad.chain.settings import ChainSettings
from launchpad.chain.transactions import (
    BuiltTransaction,
    Draft,
    Tip,
    TransactionBuilder,
    TransactionTooLargeError,
)
from launchpad.chain.venues.raydium.offering import fetch_offer
from launchpad.errors import InvalidInputError, NotFoundError

__all__ = ["BuiltTransaction", "ChainClient", "Configs", "LaunchParams", "NoCurveError", "TransactionStatus"]

_HISTORY_TRIES = 40
_HISTORY_SECONDS = 0.25
# What 32 segments cost a launch beyond one: copied, told in an event, walked by the first buy.
_LONG_CURVE_UNITS = 60_000


class NoScheduleError(NotFoundError):
    """There is no vesting schedule at this address."""

    code = "NO_SCHEDULE"


class NoReferrerError(NotFoundError):
    """The referrer has no account to be paid into."""

    code = "REFERRER_UNKNOWN"


class NoTokensError(InvalidInputError):
    """The wallet never held the token that it wants to sell."""

    code = "INSUFFICIENT_TOKENS"


class ChainClient(ChainReader):
    """One cluster. Builders return transactions that would succeed now; nothing here holds a user's key."""

    def __init__(self, settings: ChainSettings) -> None:
        super().__init__(RpcPool(settings.rpc_urls))
        self.settings = settings
        self._builder = TransactionBuilder(self.rpc, settings.priority_fee_microlamports)
        self._sender = Sender(self.rpc, settings.ws_urls)
        self.jito = BlockEngine(settings.jito_url, settings.jito_auth_uuid) if settings.jito_url else None
        self._bidder = JitoExecutor(self.rpc, self.jito) if self.jito else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop watching transactions and close the connections."""
        await self._sender.close()
        if self.jito:
            await self.jito.close()
        await self.rpc.close()

    # Building

    async def build(
        self, payer: str, instructions: Sequence[Instruction], signers: Sequence[Keypair] = (), *, tip: int = 0
    ) -> BuiltTransaction:
        """A transaction of any instructions, with a tip of so many lamports; raises the error with which it would fail.

        Raises ExecutorUnavailableError for a tip where there is no block engine.
        """
        table = await self.lookup_table()
        paid = Tip(await self._engine().tip_account(), tip) if tip else None
        return await self._builder.build(Draft(payer, instructions, signers, [table] if table else [], paid))

    async def build_draft(self, draft: Draft) -> BuiltTransaction:
        """A transaction as it was drafted; raises the error with which it (or its rehearsal) would fail."""
        return await self._builder.build(draft)

    def tip(self, executor: ExecutorName, lamports: int | None = None) -> int:
        """The tip that a transaction for an executor pays: none for legacy, a modest one unless told otherwise.

        Raises ExecutorUnavailableError, and TipRefusedError outside of the limits.
        """
        if executor == "legacy":
            if lamports:
                raise TipRefusedError("Executor legacy takes no tip: leave it out, or use jito.", field="tip_lamports")
            return 0
        self._engine()
        return checked_tip(lamports, self.settings.jito_max_tip_lamports)

    async def build_launch(self, params: LaunchParams) -> tuple[str, list[BuiltTransaction]]:
        """The mint's address, and what launches it, to be sent in this order; nearly always one transaction.

        Terms that are not on chain yet are put there in front of the launch; what is too long for
        one transaction, also a long curve's shape, is put there by a transaction before. Without
        `params.mint` a mint key is made, signs, and is forgotten; with it the caller signs for the
        mint himself. A mint of standard "spl" and its metadata are made in front of the launch, or
        by a transaction before. Raises VenueUnavailableError where the sale is to graduate at a
        venue that takes no pools on this cluster, NoMetaplexError where it cannot have such metadata.
        """
        checked = params.checked()
        if checked.sale.graduation.venue == "raydium":
            (await fetch_offer(self.rpc)).require()
        key = None if params.mint else generate()
        mint = address_of(key) if key else str(params.mint)
        curve_config, launcher_config = await self.require_configs()
        fees = checked.first_buy_fees(Fees(curve_config.protocol_fee_bps, curve_config.creator_fee_bps))
        launch = partial(launcher.launch, mint=mint, config=launcher_config, fees=fees)
        signers = [key] if key else []
        terms = await self._missing_terms(checked)
        made = await self._spl_mint(checked, mint)
        try:
            return mint, [await self.build(params.creator, [*terms, *made, launch(checked)], signers)]
        except TransactionTooLargeError:
            return mint, await self._launch_in_parts(checked, launch, signers, (terms, made))

    async def build_buy_exact_in(
        self,
        mint: str,
        trader: str,
        quote_in: int,
        min_base_out: int,
        deadline: int,
        referrer: str | None = None,
        *,
        tip: int = 0,
        proof: Sequence[bytes] | None = None,
        after: Sequence[Instruction] = (),
    ) -> BuiltTransaction:
        """Buy for `quote_in` lamports, fees included; makes first what trader and opening rules (by `proof`) lack.

        Instructions `after` it happen with it or not at all.
        """
        market, before, ruled = await self._before_buy(mint, trader, referrer, proof)
        trade = curve.buy_exact_in(market, trader, quote_in, min_base_out, deadline, referrer, ruled)
        return await self.build(trader, [*before, trade, *after], tip=tip)

    async def build_buy_exact_out(
        self,
        mint: str,
        trader: str,
        base_out: int,
        max_quote_in: int,
        deadline: int,
        referrer: str | None = None,
        *,
        tip: int = 0,
        proof: Sequence[bytes] | None = None,
        after: Sequence[Instruction] = (),
    ) -> BuiltTransaction:
        """Buy `base_out` base units for at most `max_quote_in` lamports, fees included; the rest as for exact in."""
        market, before, ruled = await self._before_buy(mint, trader, referrer, proof)
        trade = curve.buy_exact_out(market, trader, base_out, max_quote_in, deadline, referrer, ruled)
        return await self.build(trader, [*before, trade, *after], tip=tip)

    async def build_sell(
        self,
        mint: str,
        trader: str,
        base_in: int,
        min_quote_out: int,
        deadline: int,
        referrer: str | None = None,
        *,
        tip: int = 0,
    ) -> BuiltTransaction:
        """Sell `base_in` base units; the token account stays, also when it is empty."""
        market = await self._market(mint, referrer, holder=trader)
        trade = curve.sell(market, trader, base_in, min_quote_out, deadline, referrer)
        return await self.build(trader, [trade], tip=tip)

    async def build_claim_creator_fees(self, mint: str, creator: str) -> BuiltTransaction:
        """Pay a curve's creator fees to its creator."""
        return await self.build(creator, [curve.claim_creator_fees(mint, creator)])

    async def build_expire(self, mint: str, payer: str) -> BuiltTransaction:
        """End a sale whose deadline has passed; anyone may."""
        return await self.build(payer, [curve.expire(mint)])

    async def build_refund(self, mint: str, holder: str, base_in: int, *, expire: bool = False) -> BuiltTransaction:
        """Return base units of an expired sale for their part of the reserve; with `expire` end the sale first."""
        market = await self._market(mint, holder=holder)
        first = [curve.expire(mint)] if expire else []
        return await self.build(holder, [*first, curve.refund(market, holder, base_in)])

    async def build_register_referrer(self, referrer: str, payer: str | None = None) -> BuiltTransaction:
        """Let somebody earn as a referrer."""
        return await self.build(payer or referrer, [curve.register_referrer(payer or referrer, referrer)])

    async def build_claim_referrer_fees(self, referrer: str) -> BuiltTransaction:
        """Pay a referrer's fees."""
        return await self.build(referrer, [curve.claim_referrer_fees(referrer)])

    async def build_sweep_protocol_fees(self, mint: str, caller: str) -> BuiltTransaction:
        """Pay a curve's protocol fees to the recipient that the config names; anyone may."""
        config, _ = await self.require_configs()
        return await self.build(caller, [curve.sweep_protocol_fees(mint, caller, config.fee_recipient)])

    async def build_claim_vesting(self, schedule: str, beneficiary: str) -> BuiltTransaction:
        """Pay a beneficiary what has vested."""
        return await self.build(beneficiary, [vesting.claim(await self._escrow(schedule), beneficiary)])

    async def build_revoke_vesting(self, schedule: str, grantor: str) -> BuiltTransaction:
        """Return to a grantor what has not vested; the grantor's token account is made where it is missing."""
        escrow = await self._escrow(schedule)
        account = create_token_account(grantor, grantor, escrow.mint, escrow.token_program)
        return await self.build(grantor, [account, vesting.revoke(escrow, grantor)])

    async def build_create_schedule(self, mint: str, grantor: str, terms: vesting.ScheduleTerms) -> BuiltTransaction:
        """Lock tokens of a grantor for a beneficiary."""
        program = await self._token_program(mint)
        return await self.build(grantor, [vesting.create_schedule(grantor, grantor, mint, terms, program)])

    # Sending

    async def submit(self, transaction: str, last_valid_block_height: int, executor: ExecutorName = "legacy") -> str:
        """Check, simulate and send a signed transaction, and keep sending until it is settled; its signature.

        Raises ExecutorUnavailableError for jito where there is no block engine. Where the
        engine refuses, is away, or does not land it, plain RPC takes over.
        """
        return await self._sender.submit(transaction, last_valid_block_height, self.executor(executor))

    def executor(self, name: ExecutorName) -> Executor | None:
        """The road of that name, None for plain RPC; ExecutorUnavailableError where the cluster has none such."""
        if name == "jito":
            self._engine()
            return self._bidder
        return None

    async def confirm(
        self, signature: str, last_valid_block_height: int, commitment: Commitment = "confirmed"
    ) -> TransactionStatus:
        """Wait for a commitment; raises what the transaction failed with, or BlockhashExpiredError."""
        return await self._sender.confirm(signature, last_valid_block_height, commitment)

    async def status(self, signature: str) -> TransactionStatus:
        """Where a transaction stands now."""
        return await self._sender.status(signature)

    async def read_back(self, signature: str) -> dict[str, Any] | None:
        """A confirmed transaction in encoding `json`; waits for a node that knows it but cannot serve it yet."""
        for _ in range(_HISTORY_TRIES):
            if answer := await self.rpc.get_transaction(signature):
                return answer
            await asyncio.sleep(_HISTORY_SECONDS)
        return None

    async def _missing_terms(self, params: LaunchParams) -> list[Instruction]:
        """What puts the terms of a launch on chain, nothing where they are there or are the usual ones."""
        if params.sale.is_usual or await self.fetch_terms(pda.terms(params.sale)):
            return []
        return [curve.create_terms(params.creator, params.sale)]

    async def _spl_mint(self, params: LaunchParams, mint: str) -> list[Instruction]:
        """What makes the mint in front of a launch that does not make it itself."""
        if params.standard != "spl":
            return []
        so = "no token of the classic standard can be launched on it: choose Token-2022, or another cluster"
        await require_metaplex(self.rpc, so)
        return launcher.make_spl_mint(params, mint, await self.rpc.get_rent(MINT_BYTES))

    async def _launch_in_parts(
        self,
        params: LaunchParams,
        launch: Callable[..., Instruction],
        signers: Sequence[Keypair],
        before: tuple[list[Instruction], list[Instruction]],
    ) -> list[BuiltTransaction]:
        """The launch behind what puts on chain its terms and its mint, or also its shape where that is not enough."""
        terms, made = before
        # A mint that is made before is not there yet: what stands behind it is rehearsed with one that is made within.
        short = replace(params.with_short_curve(), standard="token-2022")
        rehearsal = [*terms, launch(short)]
        if terms or made:
            with suppress(TransactionTooLargeError):
                return await self._behind([terms, made], launch(params), rehearsal, signers)
        segments, launching = params.segments or (), launch(params, from_shape=True)
        shape = [] if await self.fetch_shape(segments) else [curve.create_shape(params.creator, segments)]
        return await self._behind([[*terms, *shape], made], launching, rehearsal, signers)

    async def _behind(
        self,
        before: list[list[Instruction]],
        launching: Instruction,
        rehearsal: list[Instruction],
        signers: Sequence[Keypair],
    ) -> list[BuiltTransaction]:
        payer, table = str(launching.accounts[0].pubkey), await self.lookup_table()
        draft = Draft(payer, [launching], signers, [table] if table else [])
        if not any(before):
            return [await self._builder.build(draft)]
        # First, because what is wrong with the launch shall be known before anybody pays for its accounts.
        launched = await self._builder.build(replace(draft, rehearsal=rehearsal, extra_units=_LONG_CURVE_UNITS))
        return [*await self._packed(payer, before, signers), launched]

    async def _packed(
        self, payer: str, groups: list[list[Instruction]], signers: Sequence[Keypair]
    ) -> list[BuiltTransaction]:
        """One transaction of groups that do not need one another, or one for each where they do not fit one."""
        with suppress(TransactionTooLargeError):
            return [await self._signed_by(payer, [each for group in groups for each in group], signers)]
        return [await self._signed_by(payer, group, signers) for group in groups if group]

    async def _signed_by(
        self, payer: str, instructions: list[Instruction], keys: Sequence[Keypair]
    ) -> BuiltTransaction:
        """A transaction with those of our keys that it asks for."""
        needed = {meta.pubkey for each in instructions for meta in each.accounts if meta.is_signer}
        return await self.build(payer, instructions, [key for key in keys if key.pubkey() in needed])

    def _engine(self) -> BlockEngine:
        if self.jito is None:
            message = "Executor jito is available on mainnet and testnet only: use executor legacy on this cluster."
            raise ExecutorUnavailableError(message, field="executor")
        return self.jito

    async def _market(self, mint: str, referrer: str | None = None, holder: str | None = None) -> Market:
        """The curve's accounts, after a look at what a trade takes for granted.

        Raises NoCurveError; NoReferrerError when the referrer never registered; NoTokensError
        when the holder has no account for the token.
        """
        keys = [pda.curve(mint), pda.referrer_fees(referrer or mint)]
        # Of the two token programs either may be the mint's.
        keys += [pda.associated_token(holder or mint, mint, program) for program in TOKEN_PROGRAMS]
        found, referrer_fees, *bases = await self.rpc.get_accounts(keys)
        state = state_of(CurveState, found)
        if state is None:
            raise NoCurveError(mint)
        if referrer and state_of(ReferrerFees, referrer_fees) is None:
            raise NoReferrerError(f"{referrer} has not registered as a referrer: leave the referrer out.")
        if holder and bases[TOKEN_PROGRAMS.index(state.token_program)] is None:
            raise NoTokensError("The wallet holds none of this token.", field="amount")
        return Market(mint, state.token_program)

    async def _before_buy(
        self, mint: str, trader: str, referrer: str | None, proof: Sequence[bytes] | None
    ) -> tuple[Market, list[Instruction], Ruled | None]:
        """The accounts of a buy, what is made in front of it, and what it names while rules of the opening hold."""
        market = await self._market(mint, referrer)
        ruled, before = await before_buy(self.rpc, await self.require_curve(mint), trader, proof)
        account = create_token_account(trader, trader, mint, market.token_program)
        return market, [account, *before], ruled

    async def _escrow(self, schedule: str) -> Escrow:
        state = await self.fetch_schedule(schedule)
        if state is None:
            raise NoScheduleError(f"There is no vesting schedule at {schedule}: check the address.")
        return Escrow(schedule, state.mint, await self._token_program(state.mint))

    async def _token_program(self, mint: str) -> str:
        account = await self.rpc.get_account(mint)
        if account is None:
            raise NotFoundError(f"There is no token {mint} on this cluster: check the address.")
        return str(account["owner"])
