"""A token of the classic standard lives its whole life through the client that everybody uses."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest
from solders.pubkey import Pubkey

from launchpad.chain import keys, pda
from launchpad.chain.addresses import SYSTEM, TOKEN
from launchpad.chain.events import Allocations, CurveOpened, TokenLaunched
from launchpad.chain.instructions import launcher
from launchpad.chain.instructions.metaplex import freeze_texts, hand_over, update_texts
from launchpad.chain.launching import FirstBuy, LaunchParams, Lock, TeamVesting
from launchpad.chain.metaplex import METAPLEX, ListedMetadata, NoMetaplexError, fetch_metadata, metadata_account
from launchpad.errors import LaunchpadError
from tests.chain.conftest import SOL, soon
from tests.metaplex import use_first_forms


@pytest.fixture
def first_forms(monkeypatch):
    """Metadata as the tests' old program takes it; that of today is compared byte for byte below."""
    use_first_forms(monkeypatch)


@pytest.fixture
async def artist(metaplex, fund):
    return await fund(100, client=metaplex)


def classic(creator, **changes):
    """A launch of the classic standard."""
    plain = LaunchParams(creator.address, "Plain", "PLN", "ipfs://plain", 10**18, standard="spl")
    return replace(plain, **changes)


def event_of(transaction, kind):
    return next(event.data for event in transaction.events if isinstance(event.data, kind))


async def launch(creator, **changes):
    """The mint of a token that is launched, and its last transaction."""
    mint, built = await creator.chain.build_launch(classic(creator, **changes))
    for each in built:
        done = await creator.send(each)
    return mint, done


async def once_released(build):
    """What is built once the chain's clock has released something."""
    while True:
        try:
            return await build()
        except LaunchpadError as error:
            if error.code != "NOTHING_TO_CLAIM":
                raise
        await asyncio.sleep(0.1)


@pytest.mark.usefixtures("first_forms")
async def test_a_launch_is_one_transaction_and_its_token_trades(metaplex, artist, fund):
    mint, done = await launch(artist, first_buy=FirstBuy(SOL, lock=Lock(0, 1_000)))
    launched, opened = event_of(done, TokenLaunched), event_of(done, CurveOpened)
    assert (launched.name, launched.update_authority, opened.token_program) == ("Plain", artist.address, TOKEN)
    state, record = await metaplex.fetch_mint(mint), await metaplex.fetch_launch(mint)
    assert (state.token_program, state.supply, state.mint_authority, state.freeze_authority) == (
        TOKEN,
        10**18,
        None,
        None,
    )
    assert (record.update_policy, record.first_buy > 0) == ("metaplex", True)
    listed = await fetch_metadata(metaplex.rpc, mint)
    assert (listed.name, listed.symbol, listed.uri) == ("Plain", "PLN", "ipfs://plain")
    buyer = await fund(5, client=metaplex)
    await buyer.send(await metaplex.build_buy_exact_in(mint, buyer.address, SOL, 1, soon()))
    held = (await metaplex.rpc.get_token_balances(buyer.address))[mint]
    await buyer.send(await metaplex.build_sell(mint, buyer.address, held, 1, soon()))
    schedule = pda.vesting_schedule(mint, artist.address, launcher.LOCK_SCHEDULE_INDEX)
    await artist.send(await once_released(lambda: metaplex.build_claim_vesting(schedule, artist.address)))
    assert mint in await metaplex.rpc.get_token_balances(artist.address)


@pytest.mark.usefixtures("first_forms")
async def test_what_is_too_much_for_one_transaction_makes_the_mint_before(metaplex, artist):
    team, treasury = (keys.address_of(keys.generate()) for _ in range(2))
    full = partial(
        classic,
        artist,
        allocations=Allocations(5_000, 2_000, 1_500, 900, 600),
        team=TeamVesting(team, 0, 1_000, revocable=True),
        ecosystem_owner=treasury,
        treasury_owner=artist.address,
        first_buy=FirstBuy(SOL, lock=Lock(0, 1_000)),
        uri="https://" + "u" * 192,
    )
    mint, built = await metaplex.build_launch(full())
    assert [len(each.signers_needed) for each in built] == [1, 1]
    for each in built:
        await artist.send(each)
    assert (await metaplex.fetch_launch(mint)).supply == 10**18
    revoked = launcher.revoke_team(mint, artist.address, team, TOKEN)
    await artist.send(await metaplex.build(artist.address, [revoked]))
    assert (await metaplex.fetch_mint(mint)).supply < 10**18


@pytest.mark.usefixtures("first_forms")
@pytest.mark.parametrize("to", ["immutable", "another"])
async def test_the_metadata_is_whose_the_creator_says(metaplex, artist, to):
    other = keys.address_of(keys.generate())
    mint, _ = await launch(artist, update_authority=other if to == "another" else to)
    listed, record = await fetch_metadata(metaplex.rpc, mint), await metaplex.fetch_launch(mint)
    assert listed.update_authority == record.update_authority == (other if to == "another" else None)


async def test_a_cluster_without_the_program_says_so(chain, creator):
    with pytest.raises(NoMetaplexError, match="choose Token-2022"):
        await chain.build_launch(classic(creator))


async def test_todays_form_is_refused_by_the_old_program_alone(metaplex, artist):
    with pytest.raises(keys.InvalidInputError) as refused:
        await metaplex.build_launch(classic(artist))
    assert refused.value.details["instruction"] == 3


def test_the_instructions_of_today_byte_for_byte():
    minter, other, mint = (keys.address_of(keys.generate()) for _ in range(3))
    params = LaunchParams(minter, "Ab", "C", "u", 10**18, decimals=6, update_authority=other, standard="spl")
    created, initialized, described = launcher.make_spl_mint(params, mint, 7)
    texts = b"\x02\0\0\0Ab\x01\0\0\0C\x01\0\0\0u"
    assert bytes(created.data)[4:20] == (7).to_bytes(8, "little") + (82).to_bytes(8, "little")
    assert bytes(initialized.data) == b"\x14\x06" + bytes(Pubkey.from_string(minter)) + b"\0"
    assert bytes(described.data) == b"\x21" + texts + b"\0\0" + b"\0\0\0" + b"\x01\0"
    told = [(str(meta.pubkey), meta.is_signer, meta.is_writable) for meta in described.accounts]
    assert told == [
        (metadata_account(mint), False, True),
        (mint, False, False),
        (minter, True, False),
        (minter, True, True),
        (other, False, False),
        (SYSTEM, False, False),
    ]
    final = launcher.make_spl_mint(replace(params, update_authority="immutable"), mint, 7)[2]
    assert bytes(final.data)[-2:] == b"\0\0"
    listed = ListedMetadata("", "Ab", "C", "u", None)
    changes = [update_texts(mint, minter, listed), hand_over(mint, minter, other), freeze_texts(mint, minter)]
    key = bytes(Pubkey.from_string(other))
    assert [bytes(each.data) for each in changes] == [
        b"\x0f\x01" + texts + bytes(8),
        b"\x0f\0\x01" + key + b"\0\0",
        b"\x0f\0\0\0\x01\0",
    ]
    for each in changes:
        assert str(each.program_id) == METAPLEX
        assert [(str(meta.pubkey), meta.is_signer, meta.is_writable) for meta in each.accounts] == [
            (metadata_account(mint), False, True),
            (minter, True, False),
        ]
