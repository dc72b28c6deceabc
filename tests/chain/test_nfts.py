"""NFTs by Metaplex's real program: one of each, its metadata where readers look, and nobody to mint a second."""

import pytest
from solders.pubkey import Pubkey

from launchpad.chain import keys, nfts, pda
from launchpad.chain.addresses import SYSTEM, TOKEN
from launchpad.chain.instructions.metaplex import Share
from launchpad.chain.metaplex import METAPLEX, NoMetaplexError, metadata_account, parse_metadata
from launchpad.chain.nfts import Nft, edition_account
from launchpad.chain.tokens import data_of
from tests.metaplex import first_form

URI = "ipfs://bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"


@pytest.fixture
async def artist(metaplex, fund):
    return await fund(2, client=metaplex)


async def mint(wallet, nft):
    """The NFT, minted on the cluster that has the program."""
    key = keys.generate()
    address, rent = keys.address_of(key), await wallet.chain.rpc.get_rent(82)
    built = await wallet.chain.build(
        wallet.address, [first_form(each) for each in nfts.instructions(nft, address, rent)], [key]
    )
    await wallet.send(built)
    return address


async def test_one_whole_unit_and_its_metadata(metaplex, artist):
    friend = keys.address_of(keys.generate())
    shares = [Share(artist.address, 60), Share(friend, 40)]
    made = await mint(artist, Nft(artist.address, "First Light", "LIGHT", URI, 550, shares, owner=friend))
    state = await metaplex.fetch_mint(made)
    assert (state.supply, state.decimals, state.token_program) == (1, 0, TOKEN)
    edition = edition_account(made)
    assert (state.mint_authority, state.freeze_authority) == (edition, edition)
    assert (await metaplex.rpc.get_token_balances(friend))[made] == 1
    account = await metaplex.rpc.get_account(metadata_account(made))
    found = parse_metadata(made, account)
    assert (found.name, found.symbol, found.uri) == ("First Light", "LIGHT", URI)
    assert found.update_authority == artist.address
    royalty = data_of(account).index(URI.encode()) + 200
    assert int.from_bytes(data_of(account)[royalty : royalty + 2], "little") == 550
    creators = data_of(account)[royalty + 2 :]
    assert creators[:5] == b"\x01\x02\x00\x00\x00"
    assert (creators[37:39], creators[71:73]) == (b"\x01\x3c", b"\x00\x28")
    kept = await metaplex.rpc.get_account(edition)
    assert (kept["owner"], data_of(kept)[0]) == (METAPLEX, 6)


async def test_an_immutable_one_has_no_update_authority(metaplex, artist):
    made = await mint(artist, Nft(artist.address, "Piece", "SET", URI, mutable=False))
    found = parse_metadata(made, await metaplex.rpc.get_account(metadata_account(made)))
    assert found.update_authority is None
    assert (await metaplex.rpc.get_token_balances(artist.address))[made] == 1


async def test_the_whole_of_it_is_built_for_a_cluster_with_the_program(metaplex, artist):
    """Today's form is refused by the old program alone, at its first instruction; nothing before it is at fault."""
    with pytest.raises(keys.InvalidInputError) as refused:
        await nfts.build_mint(metaplex, Nft(artist.address, "New", "NEW", URI))
    assert refused.value.details["instruction"] == 5


def test_the_instructions_of_today_byte_for_byte():
    minter, other, made, collection = (keys.address_of(keys.generate()) for _ in range(4))
    nft = Nft(minter, "Ab", "C", "u", 258, [Share(minter, 1), Share(other, 99)], collection, mutable=False)
    metadata, edition = nfts.instructions(nft, made, 1)[4:]
    key = {each: bytes(Pubkey.from_string(each)) for each in (minter, other, collection)}
    assert bytes(metadata.data) == (
        b"\x21\x02\0\0\0Ab\x01\0\0\0C\x01\0\0\0u\x02\x01"
        + (b"\x01\x02\0\0\0" + key[minter] + b"\x01\x01" + key[other] + b"\x00\x63")
        + (b"\x01\x00" + key[collection])
        + b"\x00\x00\x00"
    )
    assert bytes(edition.data) == b"\x11\x01" + bytes(8)
    told = [
        [(str(meta.pubkey), meta.is_signer, meta.is_writable) for meta in each.accounts] for each in (metadata, edition)
    ]
    assert told[0] == [
        (metadata_account(made), False, True),
        (made, False, False),
        (minter, True, False),
        (minter, True, True),
        (minter, True, False),
        (SYSTEM, False, False),
    ]
    assert told[1] == [
        (edition_account(made), False, True),
        (made, False, True),
        (minter, True, False),
        (minter, True, False),
        (minter, True, True),
        (metadata_account(made), False, True),
        (TOKEN, False, False),
        (SYSTEM, False, False),
    ]
    minted = [str(meta.pubkey) for meta in nfts.instructions(nft, made, 1)[3].accounts]
    assert minted[1] == pda.associated_token(minter, made, TOKEN)


async def test_a_cluster_without_the_program_says_so(chain, fund):
    wallet = await fund(1)
    with pytest.raises(NoMetaplexError, match="no Metaplex program"):
        await nfts.build_mint(chain, Nft(wallet.address, "None", "NONE", URI))
