"""Our instructions for Raydium's CP-swap against the real program, for both token programs and both mint orders."""

import math

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from launchpad.chain.addresses import TOKEN, TOKEN_2022, WRAPPED_SOL, pubkey
from launchpad.chain.instructions.solana import create_token_account, wrap_sol
from launchpad.chain.venues.coding import key_bytes
from launchpad.chain.venues.raydium import instructions as raydium
from launchpad.chain.venues.raydium.pools import POOL_FEE_RECEIVER, RaydiumPool
from tests.programs.harness import SOL, Chain, metadata_pointer, mint_data
from tests.raydium import POOL_FEE, install, needs_raydium

pytestmark = needs_raydium

SUPPLY = 10**15
LIQUIDITY = (85 * SOL, 206_900_000 * 10**6)


def mint_key(*, below_sol: bool) -> Pubkey:
    """A key on one side of wrapped SOL's."""
    while True:
        key = Keypair().pubkey()
        if (bytes(key) < key_bytes(WRAPPED_SOL)) == below_sol:
            return key


class World:
    """A chain with Raydium, a wallet with tokens and wrapped SOL, and the pool that it may open."""

    def __init__(self, token_program: str = TOKEN_2022, *, below_sol: bool = False) -> None:
        self.chain = Chain([])
        install(self.chain)
        self.user = self.chain.wallet(1_000)
        self.owner = str(self.user.pubkey())
        self.program = pubkey(token_program)
        mint = mint_key(below_sol=below_sol)
        extensions = None if token_program == TOKEN else metadata_pointer(mint)
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


CASES = [(TOKEN, False), (TOKEN, True), (TOKEN_2022, False), (TOKEN_2022, True)]


@pytest.fixture(params=CASES, ids=["classic", "classic below SOL", "token-2022", "token-2022 below SOL"])
def world(request):
    program, below = request.param
    return World(program, below_sol=below)


def test_a_pool_opens_with_exactly_the_given_amounts_and_its_opener_gets_the_shares(world):
    world.open()
    sol, base = LIQUIDITY
    assert tuple(map(world.held, world.pool.vaults)) == world.pool.in_order(base, sol)
    assert world.held(world.pool.shares_of(world.owner)) == math.isqrt(sol * base) - 100
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
