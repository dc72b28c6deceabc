"""Foreign bytes: extensions, Metaplex metadata, and nodes that will not list holders."""

import base64

import pytest
from solders.pubkey import Pubkey

from launchpad.chain.addresses import TOKEN_2022
from launchpad.chain.extensions import mint_extensions
from launchpad.chain.inspecting import fetch_token
from launchpad.chain.metaplex import METAPLEX, metadata_account, parse_metadata
from launchpad.chain.rpc import RpcPool
from tests.chain.nodes import Node, Refuses
from tests.programs.harness import mint_data

MINT, OWNER = Pubkey(bytes([1] * 32)), Pubkey(bytes([2] * 32))


def text(value, size):
    return size.to_bytes(4, "little") + value.encode().ljust(size, b"\x00")


def listed(*, mutable=True, creators=0, kind=4, mint=MINT):
    people = bytes([1]) + creators.to_bytes(4, "little") + bytes(34 * creators) if creators else bytes([0])
    data = bytes([kind]) + bytes(OWNER) + bytes(mint) + text("Old", 32) + text("OLD", 10) + text("https://x", 200)
    data += (500).to_bytes(2, "little") + people + bytes([0, mutable])
    return {"owner": METAPLEX, "data": [base64.b64encode(data).decode(), "base64"]}


@pytest.mark.parametrize("creators", [0, 2])
def test_metadata_beside_a_mint_is_read(creators):
    found = parse_metadata(str(MINT), listed(creators=creators))
    assert (found.name, found.symbol, found.uri, found.update_authority) == ("Old", "OLD", "https://x", str(OWNER))
    assert found.account == metadata_account(str(MINT))
    assert parse_metadata(str(MINT), listed(mutable=False, creators=creators)).update_authority is None


def test_what_is_no_metadata_of_this_mint_is_none():
    assert parse_metadata(str(MINT), None) is None
    assert parse_metadata(str(MINT), listed() | {"owner": TOKEN_2022}) is None
    assert parse_metadata(str(MINT), listed(kind=1)) is None
    assert parse_metadata(str(MINT), listed(mint=OWNER)) is None


def test_extensions_are_listed_until_their_end():
    data = mint_data(extensions={12: bytes(OWNER), 6: b"\x02"})
    delegate, default = mint_extensions(data + bytes(8))
    assert (delegate.name, delegate.key(), delegate.key(1)) == ("permanent delegate", str(OWNER), None)
    assert default.freezes_by_default
    assert mint_extensions(mint_data()[:82]) == []


async def test_holders_are_unknown_where_a_node_will_not_count_them():
    mint = {"owner": TOKEN_2022, "data": [base64.b64encode(mint_data(supply=5)).decode(), "base64"]}

    def answer(method, _params):
        if method == "getTokenLargestAccounts":
            raise Refuses(-32600, "Too many accounts provided; max 100000")
        if method == "getProgramAccounts":
            return []
        return {"context": {"slot": 9}, "value": [mint, None, None, None]}

    async with Node(answer) as node, RpcPool([node.url]) as pool:
        found = await fetch_token(pool, str(MINT))
    assert (found.slot, found.holders, found.mint.supply, found.locks) == (9, None, 5, [])
