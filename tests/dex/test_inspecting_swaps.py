"""What an aggregator's transaction may do, on a cluster with a real pool: the swap, and nothing else."""

from dataclasses import replace

import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.instruction import AccountMeta, Instruction

from launchpad.chain import keys, pda
from launchpad.chain.addresses import SYSTEM, TOKEN, WRAPPED_SOL, pubkey
from launchpad.chain.errors import ProgramFailedError
from launchpad.chain.instructions.solana import create_token_account, transfer_lamports, wrap_sol
from launchpad.chain.venues import jupiter
from launchpad.chain.venues.jupiter import SwapTerms, UnsafeSwapError, inspect_swap
from launchpad.chain.venues.raydium import instructions as raydium
from launchpad.chain.venues.raydium import math
from launchpad.chain.venues.raydium.pools import RAYDIUM_CP_SWAP
from tests.dex.standin import close, unsigned

SOL = 10**9
AMOUNT = SOL // 10
COSTS = 10_000_000
STRANGER = keys.address_of(keys.generate())
MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"


class Swap:
    """An honest swap of the venue's owner, to be twisted."""

    def __init__(self, venue, side, live):
        self.venue, self.side, self.owner = venue, side, venue.owner.address
        self.side_in = live.sol_side if side == "buy" else 1 - live.sol_side
        self.quote = math.quote_exact_in(live.facing(self.side_in), live.rates(self.side_in), AMOUNT)
        mints = (live.pool.mints[self.side_in], live.pool.mints[1 - self.side_in])
        self.terms = SwapTerms(self.owner, *mints, AMOUNT, self.quote.amount_out * 99 // 100, COSTS)

    def instructions(self, amount=AMOUNT, held=None):
        pool = self.venue.pool
        swap = raydium.swap_base_input(pool, self.owner, self.side_in, amount, 0, held)
        token = create_token_account(self.owner, self.owner, self.venue.mint, TOKEN)
        if self.side == "buy":
            return [*wrap_sol(self.owner, amount), token, swap, close(self.owner)]
        return [create_token_account(self.owner, self.owner, WRAPPED_SOL, TOKEN), swap, close(self.owner)]

    async def inspect(self, instructions, *, terms=None, program=RAYDIUM_CP_SWAP, **options):
        blockhash = await self.venue.chain.rpc.latest_blockhash()
        transaction = unsigned(self.owner, instructions, blockhash.blockhash, **options)
        return await inspect_swap(self.venue.chain.rpc, transaction, terms or self.terms, program)


@pytest.fixture
async def swap(venue):
    live = await venue.live()
    return lambda side: Swap(venue, side, live)


@pytest.mark.parametrize("side", ["buy", "sell"])
@pytest.mark.parametrize("form", ["v0", "legacy", "with a table"])
async def test_an_honest_swap_passes_with_what_it_does(venue, swap, side, form):
    honest = swap(side)
    table = await venue.chain.lookup_table()
    options = {"tables": [table]} if form == "with a table" else {"legacy": form == "legacy"}
    budget = [set_compute_unit_limit(200_000), set_compute_unit_price(1_000)]
    effects = await honest.inspect([*budget, *honest.instructions()], **options)
    assert effects.paid == AMOUNT
    # A signature and the priority fee; what is sold for SOL nets them off.
    expected = honest.quote.amount_out - (5_200 if side == "sell" else 0)
    assert effects.got == expected
    assert RAYDIUM_CP_SWAP in effects.programs
    assert effects.units > 0


async def test_the_transaction_must_be_one(venue, swap):
    with pytest.raises(UnsafeSwapError, match="no transaction"):
        await inspect_swap(venue.chain.rpc, "AQAB", swap("buy").terms)


async def test_somebody_elses_signature_is_refused(swap):
    honest = swap("buy")
    taken = transfer_lamports(STRANGER, honest.owner, 1)
    with pytest.raises(UnsafeSwapError, match="other signatures"):
        await honest.inspect([*honest.instructions(), taken])


async def test_a_program_that_has_no_part_in_it_is_refused(swap):
    honest = swap("buy")
    memo = Instruction(pubkey(MEMO), b"hello", [])
    with pytest.raises(UnsafeSwapError, match="no part in a swap") as caught:
        await honest.inspect([*honest.instructions(), memo])
    assert caught.value.details["programs"] == [MEMO]


async def test_not_calling_the_aggregator_is_refused(swap):
    honest = swap("buy")
    with pytest.raises(UnsafeSwapError, match="does not call"):
        await honest.inspect(wrap_sol(honest.owner, AMOUNT))
    with pytest.raises(UnsafeSwapError, match="no part in a swap"):
        await honest.inspect(honest.instructions(), program=jupiter.JUPITER_V6)


async def test_sol_that_goes_elsewhere_is_refused(swap):
    for side in ("buy", "sell"):
        honest = swap(side)
        with pytest.raises(UnsafeSwapError, match="moves SOL elsewhere"):
            await honest.inspect([*honest.instructions(), transfer_lamports(honest.owner, STRANGER, 1)])
    honest = swap("buy")
    allocate = Instruction(pubkey(SYSTEM), b"\x08\0\0\0" + bytes(8), [])
    with pytest.raises(UnsafeSwapError, match="moves SOL elsewhere"):
        await honest.inspect([*honest.instructions(), allocate])


async def test_wrapping_more_than_was_asked_for_is_refused(swap):
    honest = swap("buy")
    with pytest.raises(UnsafeSwapError, match="moves SOL elsewhere"):
        await honest.inspect(honest.instructions(AMOUNT + 1))


async def test_selling_more_than_was_asked_for_is_refused(swap):
    honest = swap("sell")
    with pytest.raises(UnsafeSwapError, match="takes more"):
        await honest.inspect(honest.instructions(AMOUNT * 2))


@pytest.mark.parametrize(
    "data", [b"\x04" + bytes(8), b"\x06\2\0", b"\x03" + bytes(8)], ids=["approve", "authority", "transfer"]
)
async def test_plain_instructions_on_the_wallets_tokens_are_refused(venue, swap, data):
    honest = swap("sell")
    account = AccountMeta(
        pubkey(pda.associated_token(honest.owner, venue.mint, TOKEN)), is_signer=False, is_writable=True
    )
    other = AccountMeta(pubkey(STRANGER), is_signer=False, is_writable=True)
    owner = AccountMeta(pubkey(honest.owner), is_signer=True, is_writable=False)
    with pytest.raises(UnsafeSwapError, match="something else"):
        await honest.inspect([*honest.instructions(), Instruction(pubkey(TOKEN), data, [account, other, owner])])


async def test_a_swap_that_pays_out_elsewhere_is_refused(venue, swap):
    honest, thief = swap("buy"), await venue.fund(1)
    target = pda.associated_token(thief.address, venue.mint, TOKEN)
    held = venue.pool.in_order(target, honest.terms.wrapped)
    made = create_token_account(honest.owner, thief.address, venue.mint, TOKEN)
    with pytest.raises(UnsafeSwapError, match="brings less"):
        await honest.inspect([made, *honest.instructions(held=held)])


async def test_a_swap_that_brings_less_than_promised_is_refused(swap):
    for side in ("buy", "sell"):
        honest = swap(side)
        dear = replace(honest.terms, least_out=honest.quote.amount_out + COSTS + 1)
        with pytest.raises(UnsafeSwapError, match="brings less"):
            await honest.inspect(honest.instructions(), terms=dear)


async def test_fees_beyond_the_limit_are_refused(swap):
    honest = swap("buy")
    dear = [set_compute_unit_limit(1_000_000), set_compute_unit_price(50_000_000)]
    with pytest.raises(UnsafeSwapError, match="takes more"):
        await honest.inspect([*dear, *honest.instructions()])


async def test_what_would_fail_is_told_with_its_reason(swap):
    honest = swap("sell")
    with pytest.raises(ProgramFailedError):
        await honest.inspect(honest.instructions(10**17), terms=replace(honest.terms, most_in=10**17))


async def test_a_lookup_table_that_does_not_exist_is_refused(venue, swap):
    honest = swap("buy")
    table = AddressLookupTableAccount(pubkey(STRANGER), [pubkey(each) for each in (*venue.pool.vaults, venue.pool.key)])
    with pytest.raises(UnsafeSwapError, match="does not exist"):
        await honest.inspect(honest.instructions(), tables=[table])


async def test_an_entry_beyond_a_lookup_table_is_refused(venue, swap):
    honest = swap("buy")
    real = await venue.chain.lookup_table()
    stretched = AddressLookupTableAccount(real.key, [*real.addresses, pubkey(venue.pool.key)])
    with pytest.raises(UnsafeSwapError, match="does not have"):
        await honest.inspect(honest.instructions(), tables=[stretched])


def test_power_over_an_account_of_the_wallet_is_noticed():
    terms = SwapTerms("me", "in", "out", 10, 1, 0)
    mine = jupiter._Held("in", "me", 10, (bytes(36), bytes(36)))
    for after in (replace(mine, owner="you"), replace(mine, powers=(b"\1" * 36, bytes(36)))):
        with pytest.raises(UnsafeSwapError, match="power over an account"):
            jupiter._judged(terms, [(mine, after)], 0, [], 0)


def test_tokens_that_have_no_part_in_the_swap_must_stay():
    terms = SwapTerms("me", "in", "out", 10, 1, 0)
    powers = (bytes(36), bytes(36))
    paid = (jupiter._Held("in", "me", 10, powers), jupiter._Held("in", "me", 0, powers))
    got = (None, jupiter._Held("out", "me", 5, powers))
    assert jupiter._judged(terms, [paid, got], 0, [], 0).got == 5
    lost = (jupiter._Held("other", "me", 10, powers), jupiter._Held("other", "me", 9, powers))
    with pytest.raises(UnsafeSwapError, match="takes more") as caught:
        jupiter._judged(terms, [paid, got, lost], 0, [], 0)
    assert caught.value.details["other"] == ["other"]
