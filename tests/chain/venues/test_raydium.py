"""Our instructions for Raydium's CP-swap against the real program, for both token programs and both mint orders."""

import random
from dataclasses import replace
from math import isqrt

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from launchpad.chain.addresses import TOKEN, TOKEN_2022, WRAPPED_SOL, pubkey
from launchpad.chain.amm_math import AmountOverflowError, InsufficientLiquidityError
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.curve_math import AmountTooSmallError, ZeroAmountError
from launchpad.chain.instructions.solana import create_token_account, wrap_sol
from launchpad.chain.venues.coding import anchor_tag, key_bytes
from launchpad.chain.venues.raydium import instructions as raydium
from launchpad.chain.venues.raydium import math
from launchpad.chain.venues.raydium.accounts import average_price, decode_config, decode_pool, observations
from launchpad.chain.venues.raydium.events import swaps_of
from launchpad.chain.venues.raydium.pools import (
    POOL_FEE_RECEIVER,
    RAYDIUM_CP_SWAP,
    RaydiumPool,
    amm_config,
    observation,
)
from launchpad.chain.venues.raydium.reading import LivePool
from tests.programs.harness import SOL, Chain, metadata_pointer, mint_data, refused
from tests.raydium import FUND_FEE, POOL_FEE, PROTOCOL_FEE, TRADE_FEE, install, needs_raydium

pytestmark = needs_raydium

SUPPLY = 10**15
NOT_APPROVED, EMPTY_SUPPLY, EXCEEDED_SLIPPAGE, NOT_SUPPORTED_MINT, TOO_LITTLE_LIQUIDITY = 6000, 6002, 6005, 6007, 6009
LIQUIDITY = (85 * SOL, 206_900_000 * 10**6)


def mint_key(*, below_sol: bool) -> Pubkey:
    """A key on one side of wrapped SOL's."""
    while True:
        key = Keypair().pubkey()
        if (bytes(key) < key_bytes(WRAPPED_SOL)) == below_sol:
            return key


class World:
    """A chain with Raydium, a wallet with tokens and wrapped SOL, and the pool that it may open."""

    def __init__(self, token_program: str = TOKEN_2022, *, below_sol: bool = False, extensions=None) -> None:
        self.chain = Chain([])
        install(self.chain)
        self.user = self.chain.wallet(1_000)
        self.owner = str(self.user.pubkey())
        self.program = pubkey(token_program)
        mint = mint_key(below_sol=below_sol)
        extensions = None if token_program == TOKEN else extensions or metadata_pointer(mint)
        data = mint_data(supply=SUPPLY, decimals=6, extensions=extensions)
        self.chain.set_account(mint, data, self.program)
        self.chain.set_tokens(self.user.pubkey(), mint, SUPPLY, program=self.program)
        self.pool = RaydiumPool.of(str(mint), token_program)
        self.send(*wrap_sol(self.owner, 300 * SOL))

    def send(self, *instructions, signers=()):
        return self.chain.send(instructions, [self.user, *signers])

    def open(self, amounts=LIQUIDITY):
        """Open the pool with lamports and base units, and let the second pass after which it swaps."""
        sol, base = amounts
        receipt = self.send(raydium.initialize(self.pool, self.owner, self.pool.in_order(base, sol)))
        self.chain.set_time(self.chain.now + 1)
        return receipt

    def held(self, address: str) -> int:
        return self.chain.tokens(pubkey(address))

    def purse(self) -> tuple[int, int]:
        """What the wallet holds of token 0 and 1."""
        return self.held(self.pool.account_of(self.owner, 0)), self.held(self.pool.account_of(self.owner, 1))

    def data(self, address: str) -> bytes:
        return bytes(self.chain.account(pubkey(address)).data)

    def live(self) -> LivePool:
        """The pool as the client reads it."""
        owned = {"owner": RAYDIUM_CP_SWAP}
        state, config = decode_pool(owned, self.data(self.pool.key)), decode_config(owned, self.data(amm_config()))
        assert state
        assert config
        vaults = self.held(self.pool.vaults[0]), self.held(self.pool.vaults[1])
        return LivePool(self.pool, state, config, state.reserves(vaults), taxed=False)

    def record(self):
        return observations(self.data(observation(self.pool.key)))

    def let_creator_earn(self, fee_on: int, rate: int) -> None:
        """What Raydium's own key can grant: fees to the pool's creator."""
        data = bytearray(self.data(self.pool.key))
        data[389:391] = bytes([fee_on, 1])
        self.chain.set_account(pubkey(self.pool.key), bytes(data), pubkey(RAYDIUM_CP_SWAP))
        config = bytearray(self.data(amm_config()))
        config[108:116] = rate.to_bytes(8, "little")
        self.chain.set_account(pubkey(amm_config()), bytes(config), pubkey(RAYDIUM_CP_SWAP))


CASES = [(TOKEN, False), (TOKEN, True), (TOKEN_2022, False), (TOKEN_2022, True)]


@pytest.fixture(params=CASES, ids=["classic", "classic below SOL", "token-2022", "token-2022 below SOL"])
def world(request):
    program, below = request.param
    return World(program, below_sol=below)


def test_a_pool_opens_with_exactly_the_given_amounts_and_its_opener_gets_the_shares(world):
    world.open()
    sol, base = LIQUIDITY
    assert tuple(map(world.held, world.pool.vaults)) == world.pool.in_order(base, sol)
    assert world.held(world.pool.shares_of(world.owner)) == isqrt(sol * base) - 100
    assert world.held(POOL_FEE_RECEIVER) == POOL_FEE


def test_a_pool_at_a_key_of_ones_own_opens_where_nobody_can_be_first(world):
    key = Keypair()
    side = world.pool.sides[1 - world.pool.side_of(WRAPPED_SOL)]
    own = RaydiumPool.of(side.mint, side.token_program, key=str(key.pubkey()))
    world.send(raydium.initialize(own, world.owner, own.in_order(10**12, SOL)), signers=[key])
    assert tuple(map(world.held, own.vaults)) == own.in_order(10**12, SOL)


def test_another_payer_makes_the_accounts_that_a_swap_needs(world):
    world.open()
    trader = world.chain.wallet(10)
    address = str(trader.pubkey())
    side = world.pool.side_of(WRAPPED_SOL)
    token = world.pool.sides[1 - side]
    made = create_token_account(address, address, token.mint, token.token_program)
    swap = raydium.swap_base_input(world.pool, address, side, SOL, 1)
    world.chain.send([*wrap_sol(address, SOL), made, swap], [trader])
    assert world.held(world.pool.account_of(address, 1 - side)) > 0


def spread(*, tiny=False):
    """Amounts of every size."""
    rnd = random.Random(11)
    return [rnd.randint(1, 10 ** rnd.randint(1, 12)) for _ in range(6)] + ([3] if tiny else [])


def test_quotes_by_input_are_what_the_program_pays_to_the_unit(world):
    world.open()
    for number, amount in enumerate(spread()):
        side = number % 2
        live = world.live()
        try:
            quote = math.quote_exact_in(live.facing(side), live.rates(side), amount)
        except AmountTooSmallError:
            with refused(None):
                world.send(raydium.swap_base_input(world.pool, world.owner, side, amount, 0))
            continue
        before = world.purse()
        with refused(None, EXCEEDED_SLIPPAGE):
            world.send(raydium.swap_base_input(world.pool, world.owner, side, amount, quote.amount_out + 1))
        world.send(raydium.swap_base_input(world.pool, world.owner, side, amount, quote.amount_out))
        after = world.purse()
        assert (before[side] - after[side], after[1 - side] - before[1 - side]) == (amount, quote.amount_out)
        assert world.live().facing(side) == quote.after


def test_quotes_by_output_are_what_the_program_takes_to_the_unit(world):
    world.open()
    for number, amount in enumerate(spread(tiny=True)):
        side = number % 2
        live = world.live()
        wanted = amount % live.facing(side)[1] or 1
        quote = math.quote_exact_out(live.facing(side), live.rates(side), wanted)
        if quote.amount_in > world.purse()[side]:
            continue
        before = world.purse()
        with refused(None, EXCEEDED_SLIPPAGE):
            world.send(raydium.swap_base_output(world.pool, world.owner, side, quote.amount_in - 1, wanted))
        world.send(raydium.swap_base_output(world.pool, world.owner, side, quote.amount_in, wanted))
        after = world.purse()
        assert (before[side] - after[side], after[1 - side] - before[1 - side]) == (quote.amount_in, wanted)
        assert world.live().facing(side) == quote.after


@pytest.mark.parametrize("fee_on", [0, 1, 2], ids=["of what is paid", "of token 0", "of token 1"])
def test_quotes_hold_for_pools_whose_creator_earns(fee_on):
    world = World()
    world.open()
    world.let_creator_earn(fee_on, rate=3_000)
    for side in (0, 1):
        for amount in (SOL, 12_345, 10**11 + 7):
            live = world.live()
            quote = math.quote_exact_in(live.facing(side), live.rates(side), amount)
            world.send(raydium.swap_base_input(world.pool, world.owner, side, amount, quote.amount_out))
            assert world.live().facing(side) == quote.after
            live = world.live()
            back = math.quote_exact_out(live.facing(side), live.rates(side), amount)
            world.send(raydium.swap_base_output(world.pool, world.owner, side, back.amount_in, amount))
            assert world.live().facing(side) == back.after


def test_shares_cost_and_return_what_is_worked_out(world):
    world.open()
    live = world.live()
    shares, supply = 10**9 + 1, live.state.lp_supply
    cost = math.cost_of(shares, live.reserves, supply)
    assert shares <= math.shares_within(cost, live.reserves, supply) <= shares * 1.001
    with refused(None, EXCEEDED_SLIPPAGE):
        world.send(raydium.deposit(world.pool, world.owner, shares, (cost[0] - 1, cost[1])))
    before = world.purse()
    world.send(raydium.deposit(world.pool, world.owner, shares, cost))
    assert tuple(a - b for a, b in zip(before, world.purse(), strict=True)) == cost
    live = world.live()
    worth = math.worth_of(shares, live.reserves, live.state.lp_supply)
    with refused(None, EXCEEDED_SLIPPAGE):
        world.send(raydium.withdraw(world.pool, world.owner, shares, (worth[0] + 1, worth[1])))
    before = world.purse()
    world.send(raydium.withdraw(world.pool, world.owner, shares, worth))
    assert tuple(b - a for a, b in zip(before, world.purse(), strict=True)) == worth


def test_accounts_are_read_as_they_are(world):
    world.open()
    live = world.live()
    config = live.config
    assert (config.trade_fee_rate, config.protocol_fee_rate, config.fund_fee_rate) == (
        TRADE_FEE,
        PROTOCOL_FEE,
        FUND_FEE,
    )
    assert (config.create_pool_fee, config.disable_create_pool, config.index) == (POOL_FEE, False, 0)
    state = live.state
    assert state.pool(world.pool.key) == world.pool
    assert (state.token_0_vault, state.token_1_vault, state.lp_mint) == (*world.pool.vaults, world.pool.lp_mint)
    assert state.pool_creator == world.owner
    assert state.open_time == world.chain.now
    assert (state.mint_0_decimals, state.mint_1_decimals) == world.pool.in_order(6, 9)
    assert state.lp_supply == math.first_shares(LIQUIDITY)


def test_the_average_price_is_that_of_the_time_between_swaps(world):
    world.open()
    assert average_price(world.record(), 3_600) is None
    before = world.live().reserves
    for _ in range(3):
        world.chain.set_time(world.chain.now + 20)
        world.send(raydium.swap_base_input(world.pool, world.owner, 0, 10**7, 0))
    numerator, denominator = average_price(world.record(), 3_600)
    assert numerator / denominator == pytest.approx(before[1] / before[0], rel=1e-3)
    assert [each.at for each in world.record()] == sorted(each.at for each in world.record())


def test_other_bytes_are_no_record_of_prices_and_no_pool():
    with pytest.raises(UndecodableError):
        observations(bytes(100))
    mine = {"owner": TOKEN}
    assert decode_pool(None, b"") is None
    assert decode_pool(mine, anchor_tag("PoolState", "account")) is None
    assert decode_config({"owner": RAYDIUM_CP_SWAP}, bytes(300)) is None


# What is refused


def test_a_pool_needs_both_tokens_and_more_than_dust(world):
    for amounts, error in (((0, 10**9), EMPTY_SUPPLY), ((9, 9), TOO_LITTLE_LIQUIDITY)):
        with refused(None, error):
            world.open(amounts)
    with pytest.raises(ZeroAmountError):
        math.first_shares((0, 10**9))
    with pytest.raises(AmountTooSmallError):
        math.first_shares((9, 9))


def test_the_same_pair_opens_once(world):
    world.open()
    with refused(None):
        world.open()


def test_swaps_wait_for_the_second_after_the_opening(world):
    sol, base = LIQUIDITY
    world.send(raydium.initialize(world.pool, world.owner, world.pool.in_order(base, sol)))
    with refused(None, NOT_APPROVED):
        world.send(raydium.swap_base_input(world.pool, world.owner, 0, 10**6, 0))


def test_an_address_that_is_not_the_programs_has_to_sign(world):
    side = world.pool.sides[1 - world.pool.side_of(WRAPPED_SOL)]
    stray = replace(RaydiumPool.of(side.mint, side.token_program, key=str(Keypair().pubkey())), signs=False)
    with refused(None):
        world.send(raydium.initialize(stray, world.owner, stray.in_order(10**12, SOL)))


def test_the_opener_needs_the_fee_and_the_rent(world):
    poor = world.chain.wallet(0.19)
    address, other = str(poor.pubkey()), world.pool.sides[1 - world.pool.side_of(WRAPPED_SOL)]
    for mint, program, amount in ((WRAPPED_SOL, TOKEN, SOL), (other.mint, other.token_program, 10**12)):
        world.chain.set_tokens(poor.pubkey(), pubkey(mint), amount, program=pubkey(program))
    with refused(None):
        world.chain.send([raydium.initialize(world.pool, address, world.pool.in_order(10**12, SOL))], [poor])


def test_a_mint_with_a_forbidden_extension_gets_no_pool():
    world = World(extensions={3: bytes(32)})
    with refused(None, NOT_SUPPORTED_MINT):
        world.open()


def test_amounts_that_cannot_be_are_refused_before_they_are_sent():
    rates, reserves = math.FeeRates(TRADE_FEE, PROTOCOL_FEE, FUND_FEE), (10**9, 10**6)
    for amount in (0, -1):
        with pytest.raises(ZeroAmountError):
            math.quote_exact_in(reserves, rates, amount)
        with pytest.raises(ZeroAmountError):
            math.quote_exact_out(reserves, rates, amount)
    with pytest.raises(AmountTooSmallError):
        math.quote_exact_in(reserves, rates, 1_000)
    with pytest.raises(InsufficientLiquidityError):
        math.quote_exact_out(reserves, rates, 10**6)
    with pytest.raises(AmountOverflowError):
        math.quote_exact_in(reserves, rates, 2**64)
    with pytest.raises(AmountOverflowError):
        math.quote_exact_out((2**63, 10**6), rates, 10**6 - 1)
    with pytest.raises(AmountTooSmallError):
        math.shares_within((1, 1), (10**9, 10**9), 10)


def test_a_larger_swap_moves_the_price_more():
    rates, reserves = math.FeeRates(TRADE_FEE, PROTOCOL_FEE, FUND_FEE), (10**12, 10**12)
    impacts = [math.quote_exact_in(reserves, rates, amount).price_impact_bps for amount in (10**7, 10**10, 10**11)]
    assert impacts == sorted(impacts)
    assert impacts[-1] > 900


# What its log says


def test_a_swap_is_read_from_the_programs_own_lines(world):
    world.open()
    side = world.pool.side_of(WRAPPED_SOL)
    live = world.live()
    quote = math.quote_exact_in(live.facing(side), live.rates(side), SOL)
    logs = world.send(raydium.swap_base_input(world.pool, world.owner, side, SOL, 0)).logs
    (swap,) = swaps_of(logs)
    assert (swap.pool, swap.input_mint) == (world.pool.key, WRAPPED_SOL)
    assert (swap.input_amount, swap.output_amount) == (SOL, quote.amount_out)
    assert (swap.trade_fee, swap.base_input) == (quote.fees.trade, True)
    (told,) = [line for line in logs if line.startswith("Program data:")]
    stranger = "Program Stranger1111111111111111111111111111111111 invoke [1]"
    assert swaps_of([stranger, told]) == []
    assert swaps_of([told]) == []
    assert swaps_of([f"Program {RAYDIUM_CP_SWAP} invoke [1]", "Program data: %%", "Program data: AAAA"]) == []
