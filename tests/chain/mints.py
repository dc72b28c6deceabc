"""Mints that no honest launch would make, by the token program's own instructions."""

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account

from launchpad.chain import pda
from launchpad.chain.addresses import TOKEN, TOKEN_2022, pubkey
from launchpad.chain.keys import address_of, generate, sign_transaction

# Base, kind of account, then type, length and value of each extension.
_WITH_DELEGATE_AND_HOOK = 166 + 4 + 32 + 4 + 64
_PLAIN = 82
_INITIALIZE_MINT2, _PERMANENT_DELEGATE, _TRANSFER_HOOK, _MINT_TO = 20, 35, 36, 7


def _on_mint(program, mint, data):
    return Instruction(pubkey(program), data, [AccountMeta(pubkey(mint), is_signer=False, is_writable=True)])


def initialize(program, mint, authority, freeze, decimals=6):
    """InitializeMint2."""
    option = b"\x01" + bytes(pubkey(freeze)) if freeze else b"\x00"
    data = bytes([_INITIALIZE_MINT2, decimals]) + bytes(pubkey(authority)) + option
    return _on_mint(program, mint, data)


async def _create(wallet, program, space, instructions):
    """A new account of a token program, set up by what `instructions(mint)` gives; its address."""
    key = generate()
    params = CreateAccountParams(
        from_pubkey=pubkey(wallet.address),
        to_pubkey=key.pubkey(),
        lamports=await wallet.chain.rpc.get_rent(space),
        space=space,
        owner=Pubkey.from_string(program),
    )
    built = await wallet.chain.build(wallet.address, [create_account(params), *instructions(address_of(key))], [key])
    signed = sign_transaction(built.transaction, wallet.key)
    signature = await wallet.chain.submit(signed, built.last_valid_block_height)
    await wallet.chain.confirm(signature, built.last_valid_block_height)
    return address_of(key)


async def bad_mint(wallet, hook):
    """Token-2022 with mint and freeze authority, a permanent delegate and a transfer hook, all the wallet's."""
    owner = bytes(pubkey(wallet.address))

    def instructions(mint):
        return [
            _on_mint(TOKEN_2022, mint, bytes([_PERMANENT_DELEGATE]) + owner),
            _on_mint(TOKEN_2022, mint, bytes([_TRANSFER_HOOK, 0]) + owner + bytes(pubkey(hook))),
            initialize(TOKEN_2022, mint, wallet.address, wallet.address),
        ]

    return await _create(wallet, TOKEN_2022, _WITH_DELEGATE_AND_HOOK, instructions)


async def plain_mint(wallet):
    """A plain SPL mint whose mint authority is the wallet's, without freeze authority."""
    return await _create(wallet, TOKEN, _PLAIN, lambda mint: [initialize(TOKEN, mint, wallet.address, None)])


def mint_to(wallet, mint, program, amount):
    """MintTo, into the wallet's own associated account."""
    account = pda.associated_token(wallet.address, mint, program)
    metas = [
        AccountMeta(pubkey(mint), is_signer=False, is_writable=True),
        AccountMeta(pubkey(account), is_signer=False, is_writable=True),
        AccountMeta(pubkey(wallet.address), is_signer=True, is_writable=False),
    ]
    return Instruction(pubkey(program), bytes([_MINT_TO]) + amount.to_bytes(8, "little"), metas)
