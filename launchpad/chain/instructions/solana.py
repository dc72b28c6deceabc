"""Instructions of Solana's own programs."""

from collections.abc import Sequence

from solders.compute_budget import set_compute_unit_limit, set_compute_unit_price
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import (
    CreateAccountParams,
    CreateAccountWithSeedParams,
    TransferParams,
    create_account,
    create_account_with_seed,
    transfer,
)

from launchpad.chain import pda
from launchpad.chain.addresses import ADDRESS_LOOKUP_TABLE, ASSOCIATED_TOKEN, SYSTEM, TOKEN, WRAPPED_SOL, pubkey

_CREATE_IDEMPOTENT = b"\x01"
_INITIALIZE_MINT2 = 20
_SYNC_NATIVE = b"\x11"
_INITIALIZE_ACCOUNT, _CLOSE_ACCOUNT = b"\x12", b"\x09"
# A classic token account, without extensions.
TOKEN_ACCOUNT_BYTES = 165
# A classic mint.
MINT_BYTES = 82
_TABLE_CREATE, _TABLE_EXTEND = 0, 2


def compute_budget(limit: int, price: int) -> list[Instruction]:
    """The compute unit limit, and the price in micro-lamports per unit where there is one."""
    budget = [set_compute_unit_limit(limit)]
    return [*budget, set_compute_unit_price(price)] if price else budget


def create_token_account(payer: str, owner: str, mint: str, token_program: str) -> Instruction:
    """The owner's associated token account, made when it is missing."""
    account = pda.associated_token(owner, mint, token_program)
    metas = [
        _meta(payer, signer=True, writable=True),
        _meta(account, writable=True),
        *(_meta(address) for address in (owner, mint, SYSTEM, token_program)),
    ]
    return Instruction(pubkey(ASSOCIATED_TOKEN), _CREATE_IDEMPOTENT, metas)


def create_mint(
    authority: str, mint: str, rent: int, *, decimals: int, freeze_authority: str | None = None
) -> list[Instruction]:
    """A mint of the classic Token program without any supply; its key signs, and its authority pays the `rent`."""
    made = CreateAccountParams(
        from_pubkey=pubkey(authority), to_pubkey=pubkey(mint), lamports=rent, space=MINT_BYTES, owner=pubkey(TOKEN)
    )
    freezes = b"\x01" + bytes(pubkey(freeze_authority)) if freeze_authority else b"\x00"
    data = bytes([_INITIALIZE_MINT2, decimals]) + bytes(pubkey(authority)) + freezes
    return [create_account(made), Instruction(pubkey(TOKEN), data, [_meta(mint, writable=True)])]


def transfer_lamports(source: str, target: str, lamports: int) -> Instruction:
    """SOL from a wallet to anywhere."""
    return transfer(TransferParams(from_pubkey=pubkey(source), to_pubkey=pubkey(target), lamports=lamports))


def wrap_sol(owner: str, lamports: int) -> list[Instruction]:
    """SOL of a wallet as tokens in its associated account, which is made when it is missing."""
    account = pda.associated_token(owner, WRAPPED_SOL, TOKEN)
    return [
        create_token_account(owner, owner, WRAPPED_SOL, TOKEN),
        transfer_lamports(owner, account, lamports),
        Instruction(pubkey(TOKEN), _SYNC_NATIVE, [_meta(account, writable=True)]),
    ]


def passing_account(owner: str, seed: str) -> str:
    """The address of a token account that lives within one transaction; one seed is one address, so take a new one."""
    return str(Pubkey.create_with_seed(pubkey(owner), seed, pubkey(TOKEN)))


def open_passing_sol(owner: str, seed: str, lamports: int) -> list[Instruction]:
    """A wrapped SOL account for one transaction; it holds what of `lamports` is not rent."""
    account, payer = pubkey(passing_account(owner, seed)), pubkey(owner)
    made = CreateAccountWithSeedParams(
        from_pubkey=payer,
        to_pubkey=account,
        base=payer,
        seed=seed,
        lamports=lamports,
        space=TOKEN_ACCOUNT_BYTES,
        owner=pubkey(TOKEN),
    )
    metas = [_meta(str(account), writable=True), _meta(WRAPPED_SOL)]
    opened = Instruction(pubkey(TOKEN), _INITIALIZE_ACCOUNT + bytes(payer), metas)
    return [create_account_with_seed(made), opened]


def close_passing_sol(owner: str, seed: str) -> Instruction:
    """All that such an account holds, wrapped or rent, back to its owner as plain SOL."""
    metas = [_meta(passing_account(owner, seed), writable=True), _meta(owner, writable=True), _meta(owner, signer=True)]
    return Instruction(pubkey(TOKEN), _CLOSE_ACCOUNT, metas)


def lookup_table_address(authority: str, recent_slot: int) -> tuple[str, int]:
    """Address and bump of the table that an authority makes at a slot."""
    seeds = [bytes(pubkey(authority)), recent_slot.to_bytes(8, "little")]
    address, bump = Pubkey.find_program_address(seeds, pubkey(ADDRESS_LOOKUP_TABLE))
    return str(address), bump


def create_lookup_table(authority: str, recent_slot: int) -> Instruction:
    """A new, empty lookup table, paid for and owned by `authority`."""
    address, bump = lookup_table_address(authority, recent_slot)
    data = _TABLE_CREATE.to_bytes(4, "little") + recent_slot.to_bytes(8, "little") + bytes([bump])
    metas = [
        _meta(address, writable=True),
        _meta(authority, signer=True),
        _meta(authority, signer=True, writable=True),
        _meta(SYSTEM),
    ]
    return Instruction(pubkey(ADDRESS_LOOKUP_TABLE), data, metas)


def extend_lookup_table(table: str, authority: str, addresses: Sequence[str]) -> Instruction:
    """More addresses at the end of a table; about 30 fit one transaction."""
    data = _TABLE_EXTEND.to_bytes(4, "little") + len(addresses).to_bytes(8, "little")
    metas = [
        _meta(table, writable=True),
        _meta(authority, signer=True),
        _meta(authority, signer=True, writable=True),
        _meta(SYSTEM),
    ]
    keys = b"".join(bytes(pubkey(address)) for address in addresses)
    return Instruction(pubkey(ADDRESS_LOOKUP_TABLE), data + keys, metas)


def _meta(address: str, *, signer: bool = False, writable: bool = False) -> AccountMeta:
    return AccountMeta(pubkey(address), is_signer=signer, is_writable=writable)
