"""Instructions of wallets that buy while the rules of an opening hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from solders.instruction import Instruction

from launchpad.chain import pda
from launchpad.chain.instructions.coding import instruction
from launchpad.chain.instructions.curve import NAME


@dataclass(frozen=True, slots=True)
class Community:
    """The token that holders pledge, and the program that it belongs to."""

    mint: str
    token_program: str


def open_position(payer: str, mint: str, wallet: str) -> Instruction:
    """The account that a wallet needs; anybody pays for it. Does nothing where it is there or no rules hold."""
    accounts = {
        "payer": payer,
        "wallet": wallet,
        "curve": pda.curve(mint),
        "position": pda.position(mint, wallet),
    }
    return instruction(NAME, "open_position", accounts)


def prove_allowlisted(mint: str, terms: str, wallet: str, proof: Sequence[bytes]) -> Instruction:
    """Admit a wallet that the allowlist names; `proof` from `allowlist.Tree`."""
    accounts = {"curve": pda.curve(mint), "terms": terms, "position": pda.position(mint, wallet)}
    return instruction(NAME, "prove_allowlisted", accounts, [list(node) for node in proof])


def pledge(mint: str, terms: str, wallet: str, community: Community) -> Instruction:
    """Lay down what the holders' tier asks for, until the rules are over."""
    return instruction(
        NAME, "pledge", {"wallet": wallet, **_sale(mint, wallet), **_pledge(mint, terms, wallet, community)}
    )


def close_position(mint: str, wallet: str, terms: str | None = None, community: Community | None = None) -> Instruction:
    """Take back the rent once the rules are over, and with `terms` and `community` the pledge."""
    nothing = dict.fromkeys(("terms", "community_mint", "wallet_account", "escrow", "token_program"))
    pledged = _pledge(mint, terms, wallet, community) if terms and community else nothing
    return instruction(NAME, "close_position", {"wallet": wallet, **_sale(mint, wallet), **pledged})


def _sale(mint: str, wallet: str) -> dict[str, str | None]:
    return {"curve": pda.curve(mint), "position": pda.position(mint, wallet)}


def _pledge(mint: str, terms: str, wallet: str, community: Community) -> dict[str, str | None]:
    token, program = community.mint, community.token_program
    return {
        "terms": terms,
        "community_mint": token,
        "wallet_account": pda.associated_token(wallet, token, program),
        "escrow": pda.associated_token(pda.position(mint, wallet), token, program),
        "token_program": program,
    }
