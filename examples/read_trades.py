"""The last trades of a token, read from the chain itself: no database, no server of ours.

python examples/read_trades.py MINT [RPC_URL]
"""

import asyncio
import sys

from launchpad.chain import pda
from launchpad.chain.events import Traded, decode_transaction
from launchpad.chain.rpc import RpcPool
from launchpad.client import whole


async def main(mint: str, url: str) -> None:
    """Every trade mentions the curve, and the program tells of it in an event that only it can sign."""
    async with RpcPool([url]) as rpc:
        listed = await rpc.get_signatures_for_address(pda.curve(mint), limit=25)
        for entry in reversed(listed):
            answer = await rpc.get_transaction(entry["signature"])
            for event in decode_transaction(answer).events if answer else []:
                if isinstance(event.data, Traded):
                    trade = event.data
                    side = "buy " if trade.is_buy else "sell"
                    paid = whole(trade.quote_amount, 9)
                    print(f"{side} {trade.base_amount:>20} units for {paid:f} SOL  {trade.trader}")


if __name__ == "__main__":
    token_mint, *rest = sys.argv[1:]
    asyncio.run(main(token_mint, rest[0] if rest else "http://127.0.0.1:8899"))
