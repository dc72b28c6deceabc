"""Mints and token accounts of both programs, from bytes alone."""

import base64

import pytest
from solders.pubkey import Pubkey

from launchpad.chain.addresses import SYSTEM, TOKEN, TOKEN_2022
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.tokens import NotATokenError, parse_holder, parse_mint, parse_token_account
from tests.programs.harness import mint_data, token_data

MINT, OWNER = Pubkey(bytes([1] * 32)), Pubkey(bytes([2] * 32))


def account(data, owner=TOKEN_2022):
    return {"owner": owner, "data": [base64.b64encode(data).decode(), "base64"]}


def metadata(mint=MINT, authority=OWNER, texts=("Näme", "SYM", "ipfs://x")):
    strings = b"".join(len(text.encode()).to_bytes(4, "little") + text.encode() for text in texts)
    return {18: bytes(64), 19: bytes(authority) + bytes(mint) + strings + bytes(4)}


def test_a_classic_mint_has_no_metadata():
    state = parse_mint(str(MINT), account(mint_data(supply=7, decimals=6, freeze=OWNER), TOKEN))
    assert (state.supply, state.decimals, state.mint_authority, state.freeze_authority) == (7, 6, None, str(OWNER))
    assert (state.name, state.update_authority, state.token_program) == ("", None, TOKEN)


def test_a_mint_with_metadata_says_its_name():
    state = parse_mint(str(MINT), account(mint_data(authority=OWNER, extensions=metadata())))
    assert (state.name, state.symbol, state.uri) == ("Näme", "SYM", "ipfs://x")
    assert state.mint_authority == state.update_authority == str(OWNER)


def test_immutable_metadata_has_no_authority():
    immutable = metadata(authority=Pubkey(bytes(32)))
    assert parse_mint(str(MINT), account(mint_data(extensions=immutable))).update_authority is None


def test_metadata_of_another_mint_is_not_believed():
    assert parse_mint(str(MINT), account(mint_data(extensions=metadata(mint=OWNER)))).name == ""


@pytest.mark.parametrize(
    "other",
    [account(mint_data(), SYSTEM), account(bytes(20)), account(token_data(MINT, OWNER, 5)), account(b"")],
    ids=["owner", "short", "holder", "empty"],
)
def test_what_is_no_mint_is_refused(other):
    with pytest.raises(NotATokenError):
        parse_mint(str(MINT), other)


@pytest.mark.parametrize("extended", [True, False])
def test_a_token_account_says_who_holds_how_much_of_what(extended):
    data = token_data(MINT, OWNER, 2**64 - 1, extended=extended)
    held = parse_token_account(data)
    assert (held.mint, held.owner, held.amount) == (str(MINT), str(OWNER), 2**64 - 1)
    assert parse_holder(data[32:72]) == (str(OWNER), 2**64 - 1)
    with pytest.raises(UndecodableError):
        parse_token_account(data[:164])
