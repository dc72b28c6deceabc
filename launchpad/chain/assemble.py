"""Transactions whose keys are all at hand: what benches and set-up sign themselves."""

import base64
from collections.abc import Sequence

from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from launchpad.chain.instructions.solana import transfer_lamports


def signed_transaction(signers: Sequence[Keypair], instructions: Sequence[Instruction], blockhash: str) -> str:
    """A signed transaction as base64 of its wire form; the first signer pays."""
    message = MessageV0.try_compile(signers[0].pubkey(), list(instructions), [], Hash.from_string(blockhash))
    return base64.b64encode(bytes(VersionedTransaction(message, list(signers)))).decode()


def signed_transfer(payer: Keypair, recipient: str, lamports: int, blockhash: str) -> str:
    """A plain transfer, which is the smallest load that a cluster can be given."""
    return signed_transaction([payer], [transfer_lamports(str(payer.pubkey()), recipient, lamports)], blockhash)


def bytes_with_table(signers: Sequence[Keypair], instructions: Sequence[Instruction], addresses: Sequence[str]) -> int:
    """Bytes of the transaction where a lookup table holds these addresses; a packet takes 1232."""
    table = AddressLookupTableAccount(Pubkey.default(), [Pubkey.from_string(address) for address in addresses])
    message = MessageV0.try_compile(signers[0].pubkey(), list(instructions), [table], Hash.default())
    return len(bytes(VersionedTransaction(message, list(signers))))
