"""Plain SOL transfers, signed: the smallest load that a cluster can be given."""

import base64

from solders.hash import Hash
from solders.keypair import Keypair
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction


def signed_transfer(payer: Keypair, recipient: str, lamports: int, blockhash: str) -> str:
    """A signed transfer of `lamports` from `payer`, as base64 of its wire form."""
    to = Pubkey.from_string(recipient)
    instruction = transfer(TransferParams(from_pubkey=payer.pubkey(), to_pubkey=to, lamports=lamports))
    message = MessageV0.try_compile(payer.pubkey(), [instruction], [], Hash.from_string(blockhash))
    return base64.b64encode(bytes(VersionedTransaction(message, [payer]))).decode()
