"""Samples of how much the cluster does."""

import asyncio

from launchpad.localnet.node import Node

SAMPLE_SECONDS = 60


async def take_samples(node: Node) -> None:
    """Count transactions and slots of each minute, for ever."""
    bank = node.cluster.bank
    while True:
        slot, count = bank.confirmed, bank.total_at(bank.confirmed)
        await asyncio.sleep(SAMPLE_SECONDS)
        transactions = bank.total_at(bank.confirmed) - count
        node.samples.appendleft(
            {
                "slot": bank.confirmed,
                "numTransactions": transactions,
                "numNonVoteTransactions": transactions,
                "numSlots": bank.confirmed - slot,
                "samplePeriodSecs": SAMPLE_SECONDS,
            }
        )
