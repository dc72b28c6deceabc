"""create_pool and create_canonical_pool."""

import math
from dataclasses import replace

import pytest
from solders.pubkey import Pubkey

from tests.programs.harness import AMM, CURVE, NOW, SOL, SYSTEM, TOKEN, TOKEN_2022, WSOL, Chain, ata, refused
from tests.programs.pool_market import (
    AUTHORITY_OF_CREATOR,
    BASE,
    CONFIG,
    CREATOR,
    LOCKED,
    QUOTE,
    Pool,
    free_pool,
    graduated,
    new_pool,
    set_paused,
)


def ready_graduate(chain: Chain, base: int = BASE, **changes: object) -> Pool:
    """A pool whose curve holds the liquidity."""
    pool = new_pool(chain, canonical=True, **changes)
    chain.set_tokens(pool.curve, pool.base_mint, base, program=pool.base_program)
    return pool


# Free pools


@pytest.mark.parametrize("program", [TOKEN, TOKEN_2022])
def test_a_pool_opens_at_exactly_the_price_of_its_first_deposit(chain: Chain, program: Pubkey) -> None:
    pool = new_pool(chain, program=program, index=513)
    receipt = pool.create()
    shares = math.isqrt(BASE * QUOTE)
    state = pool.state
    assert (state["base_reserve"], state["quote_reserve"]) == pool.vaults == (BASE, QUOTE)
    assert (state["lp_supply"], state["opened_at"], state["observed_at"]) == (shares, NOW, NOW)
    assert pool.held(pool.opener.pubkey()) == (0, 0, shares - LOCKED)
    assert chain.supply(pool.lp_mint) == shares - LOCKED
    event = receipt.event(AMM, "PoolCreated").data
    minted = {"pool": pool.key, "lp_minted": shares - LOCKED, "timestamp": NOW}
    assert event == {**{name: state[name] for name in event if name in state}, **minted}
    assert set(event) == {*minted, *(set(event) & set(state))}


def test_the_vaults_and_shares_belong_to_the_pool_alone(free: Pool) -> None:
    mint = free.chain.account(free.lp_mint).data
    assert mint[4:36] == bytes(free.key), "the mint authority"
    assert mint[46:50] == bytes(4), "no freeze authority"
    for vault in (free.base_vault, free.quote_vault):
        data = free.chain.account(vault).data
        assert data[32:64] == bytes(free.key)
        assert data[72:76] == bytes(4), "no delegate"


def test_a_pair_has_as_many_pools_as_its_openers_want(chain: Chain) -> None:
    first = free_pool(chain)
    for changes in ({"index": 1}, {"opener": chain.wallet(1_000)}):
        replace(first, **changes).create()
    with refused(None, 0):
        first.create()


def test_anybodys_pair_without_sol_pays_no_creator(chain: Chain) -> None:
    quote = chain.new_mint(None, 10**18, decimals=6, program=TOKEN)
    pool = free_pool(chain, quote_mint=quote, creator=CREATOR.pubkey())
    assert (pool.state["pays_creator"], pool.state["creator_fee_bps"]) == (False, 0)


def test_a_free_pool_with_sol_pays_the_creator_whom_it_names(chain: Chain) -> None:
    named, nameless = free_pool(chain, creator=CREATOR.pubkey()), free_pool(chain)
    assert (named.state["pays_creator"], named.state["creator_fee_bps"]) == (True, 30)
    assert (nameless.state["pays_creator"], nameless.state["creator_fee_bps"]) == (False, 0)
    assert named.state["authority"] == named.opener.pubkey()


@pytest.mark.parametrize(
    ("amounts", "error"),
    [
        ((0, QUOTE), "ZeroAmount"),
        ((BASE, 0), "ZeroAmount"),
        ((1_000, 1_000), "AmountTooSmall"),
        ((1, 1_002_000), "AmountTooSmall"),
    ],
)
def test_a_first_deposit_leaves_something_above_the_locked_shares(
    chain: Chain, amounts: tuple[int, int], error: str
) -> None:
    pool = new_pool(chain)
    with refused(AMM, error):
        pool.create(*amounts)
    assert not chain.exists(pool.key)


def test_the_largest_deposit_fits(chain: Chain) -> None:
    quote = chain.new_mint(None, 2**64 - 1, program=TOKEN)
    pool = free_pool(chain, 2**64 - 1, 2**64 - 1, supply=2**64 - 1, quote_mint=quote)
    assert pool.state["lp_supply"] == 2**64 - 1


def test_a_pause_stops_new_pools_but_no_graduate(chain: Chain) -> None:
    set_paused(chain, paused=True)
    with refused(AMM, "Paused"):
        new_pool(chain).create()
    assert graduated(chain).state["canonical"]


def test_sol_is_always_the_quote(chain: Chain) -> None:
    quote = chain.new_mint(None, 10**18, program=TOKEN)
    pool = new_pool(chain, program=TOKEN, base_mint=WSOL, quote_mint=quote)
    with refused(AMM, "InvalidMint"):
        pool.create(10**9, 10**9)


def test_a_mint_is_not_paired_with_itself(chain: Chain) -> None:
    mint = chain.new_mint(None, 10**18, program=TOKEN)
    with refused(AMM, "InvalidMint"):
        new_pool(chain, program=TOKEN, base_mint=mint, quote_mint=mint).create(10**9, 10**9)


def test_lamports_sent_to_the_addresses_first_change_nothing(chain: Chain) -> None:
    """A stranger's SOL in the quote vault is booked as protocol fees, so that the price stays exact."""
    pool, rent = new_pool(chain), chain.rent(165)
    for key in (pool.key, pool.lp_mint, pool.base_vault):
        chain.airdrop(key, 0.7)
    chain.airdrop(pool.quote_vault, 0.5)
    pool.create()
    state = pool.state
    assert (state["base_reserve"], state["quote_reserve"]) == (BASE, QUOTE)
    assert state["protocol_fees"] == SOL // 2 - rent
    assert pool.vaults == (BASE, QUOTE + state["protocol_fees"])


def test_a_share_account_made_by_a_stranger_does_not_block_the_pool(chain: Chain) -> None:
    pool = new_pool(chain)
    chain.airdrop(pool.lp_of(pool.opener.pubkey()), 0.1)
    pool.create()
    assert pool.held(pool.opener.pubkey())[2] > 0


def test_a_bump_other_than_the_canonical_one_is_refused(chain: Chain) -> None:
    pool = new_pool(chain)
    canonical = AMM.pda_and_bump(b"lp_mint", pool.key)[1]
    for bump in range(canonical - 1, -1, -1):
        try:
            other = Pubkey.create_program_address([b"lp_mint", bytes(pool.key), bytes([bump])], AMM.id)
        except Exception:  # noqa: BLE001, S112 - solders' PubkeyError, which it does not export
            continue
        break
    with refused(None, 2006):
        pool.create(lp_mint=other)


# Graduates


@pytest.mark.parametrize("program", [TOKEN, TOKEN_2022])
def test_a_graduates_pool_opens_at_exactly_the_curves_amounts(chain: Chain, program: Pubkey) -> None:
    pool = ready_graduate(chain, program=program)
    receipt = pool.graduate()
    state = pool.state
    assert (state["base_reserve"], state["quote_reserve"]) == pool.vaults == (BASE, QUOTE)
    assert (state["opener"], state["creator"]) == (pool.curve, CREATOR.pubkey())
    assert (state["authority"], state["index"]) == (AUTHORITY_OF_CREATOR.pubkey(), 0)
    assert (state["canonical"], state["pays_creator"], state["protocol_fees"]) == (True, True, 0)
    event = receipt.event(AMM, "PoolCreated")
    assert (event["lp_minted"], event["lp_supply"]) == (0, math.isqrt(BASE * QUOTE))
    assert chain.supply(pool.lp_mint) == 0, "locked for good: nobody ever held the shares"


def test_a_graduates_shares_can_be_given_to_a_locker(chain: Chain) -> None:
    pool, locker = ready_graduate(chain), Pubkey.new_unique()
    pool.graduate(lp_owner=locker)
    assert pool.held(locker)[2] == math.isqrt(BASE * QUOTE) - LOCKED


def test_the_payer_pays_rent_and_nothing_of_the_deposit(chain: Chain) -> None:
    pool = ready_graduate(chain)
    before = chain.lamports(pool.opener.pubkey())
    pool.graduate()
    sizes = [len(chain.account(key).data) for key in (pool.key, pool.lp_mint, pool.base_vault, pool.quote_vault)]
    rent = sum(chain.rent(size) for size in sizes)
    signatures = 2 * 5_000  # the curve's is no signature on a real chain
    assert chain.lamports(pool.opener.pubkey()) == before - QUOTE - rent - signatures
    assert chain.lamports(pool.quote_vault) == QUOTE + chain.rent(165)


def test_nobody_but_the_curve_creates_a_graduates_pool(chain: Chain) -> None:
    pool, stranger = ready_graduate(chain), chain.wallet()
    pool.fund(stranger.pubkey(), BASE, QUOTE)
    with refused(None, 2006):
        pool.graduate(curve=stranger.pubkey(), curve_base=pool.base_of(stranger.pubkey()))
    unsigned = AMM.instruction(
        "create_canonical_pool", pool.canonical_args(), pool.canonical_accounts(), unsigned=["curve"]
    )
    with refused(None, 3010):
        chain.send([unsigned], [pool.opener])


def test_the_curve_of_another_mint_or_program_creates_nothing(chain: Chain) -> None:
    pool, other = ready_graduate(chain), ready_graduate(chain)
    for forged in (other.curve, AMM.pda(b"curve", pool.base_mint), CURVE.pda(b"launch", pool.base_mint)):
        with refused(None, 2006):
            pool.graduate(curve=forged)
    assert not chain.exists(pool.key)


def test_a_graduate_has_one_pool_for_ever(pool: Pool) -> None:
    pool.chain.set_tokens(pool.curve, pool.base_mint, BASE, program=pool.base_program)
    before = pool.state
    with refused(None, 0):
        pool.graduate()
    assert pool.state == before


@pytest.mark.parametrize("gift", [1, 890_880, 10**9])
def test_lamports_sent_before_graduation_neither_block_it_nor_move_its_price(chain: Chain, gift: int) -> None:
    pool, rent = ready_graduate(chain), chain.rent(165)
    for key in (pool.key, pool.lp_mint, pool.base_vault, pool.quote_vault):
        chain.airdrop(key, gift / SOL)
    pool.graduate()
    state = pool.state
    assert (state["base_reserve"], state["quote_reserve"]) == (BASE, QUOTE)
    assert state["protocol_fees"] == max(gift - rent, 0)


def test_a_deposit_that_the_curve_did_not_put_there_is_refused(chain: Chain) -> None:
    pool = ready_graduate(chain)
    with refused(AMM, "DepositShort"):
        pool.graduate(lamports=QUOTE - 1)


def test_more_than_the_curve_holds_is_refused(chain: Chain) -> None:
    with refused(None, 1):
        ready_graduate(chain, BASE - 1).graduate()


def test_a_graduate_needs_a_creator_and_amounts(chain: Chain) -> None:
    with refused(AMM, "InvalidCreator"):
        ready_graduate(chain, creator=SYSTEM).graduate()
    for amounts in ((0, QUOTE), (BASE, 0)):
        with refused(AMM, "ZeroAmount"):
            ready_graduate(chain).graduate(*amounts)


def test_a_graduate_whose_accounts_could_be_frozen_is_refused(chain: Chain) -> None:
    mint = chain.new_mint(None, 10**18, freeze=Pubkey.new_unique())
    with refused(AMM, "InvalidMint"):
        ready_graduate(chain, base_mint=mint).graduate()
    assert free_pool(chain, base_mint=mint).state["version"] == 1, "anybody's pool may"


def test_a_receiver_comes_with_its_account_or_not_at_all(chain: Chain) -> None:
    pool, locker = ready_graduate(chain), Pubkey.new_unique()
    with refused(None, 2020):
        pool.graduate(lp_owner=locker, lp_account=None)
    with refused(None):
        pool.graduate(lp_owner=locker, lp_account=ata(Pubkey.new_unique(), pool.lp_mint, TOKEN))


def test_a_graduates_quote_is_sol(chain: Chain) -> None:
    other = chain.new_mint(None, 10**18, program=TOKEN)
    pool = ready_graduate(chain, quote_mint=other)
    with refused(AMM, "InvalidMint"):
        pool.graduate()


def test_neither_kind_of_pool_can_take_the_others_address(chain: Chain) -> None:
    pool = ready_graduate(chain)
    free = replace(pool, canonical=False)
    pool.fund(pool.opener.pubkey(), BASE, QUOTE)
    with refused(None, 2006):
        chain.send([free.create_instruction(pool=pool.key)], [pool.opener])
    with refused(None, 2006):
        pool.graduate(pool=free.key)


def test_the_config_must_exist(bare: Chain) -> None:
    assert not bare.exists(CONFIG)
    with refused(None, 3012):
        new_pool(bare).create()
    call = ready_graduate(bare)
    with refused(None, 3012):
        call.graduate()
