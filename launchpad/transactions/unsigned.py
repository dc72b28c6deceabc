"""Transactions that wait for signatures, in the fields that every answer with one has."""

from typing import TypedDict

from launchpad.chain.transactions import BuiltTransaction


class Unsigned(TypedDict):
    """What a wallet needs to sign and send, and what the network takes for it, in lamports."""

    transaction: str
    blockhash: str
    last_valid_block_height: int
    signers: list[str]
    compute_unit_limit: int
    network_fee: str
    priority_fee: str


def unsigned(built: BuiltTransaction) -> Unsigned:
    """The fields of an answer that carries `built`."""
    return Unsigned(
        transaction=built.transaction,
        blockhash=built.blockhash,
        last_valid_block_height=built.last_valid_block_height,
        signers=built.signers_needed,
        compute_unit_limit=built.compute_unit_limit,
        network_fee=str(built.network_fee_lamports - built.priority_fee_lamports),
        priority_fee=str(built.priority_fee_lamports),
    )
