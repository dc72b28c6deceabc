"""The harness itself: what it loads and how it reads."""

from tests.programs.harness import CURVE, LOADER, TOKEN_2022, Chain, ata


def test_programs_are_loaded_as_upgradeable_by_the_admin() -> None:
    chain = Chain([CURVE])
    program_data = chain.account(CURVE.program_data)
    assert chain.account(CURVE.id).executable
    assert program_data.owner == LOADER
    assert program_data.data[13:45] == bytes(chain.admin.pubkey())
    assert program_data.data[45:] == CURVE.code


def test_a_new_mint_holds_its_supply_in_the_owners_associated_account() -> None:
    chain = Chain([])
    ann = chain.wallet()
    mint = chain.new_mint(ann.pubkey(), 1_000)
    assert chain.supply(mint) == chain.tokens(ata(ann.pubkey(), mint, TOKEN_2022)) == 1_000
