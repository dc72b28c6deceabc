"""What would one SOL buy, and what would selling it again bring? Needs no wallet.

python examples/quote_without_wallet.py MINT [RPC_URL]
"""

import asyncio
import sys

from launchpad.client import LaunchpadClient, sol, whole


async def main(mint: str, url: str) -> None:
    """A quote is arithmetic on the curve's account: nothing is sent."""
    async with LaunchpadClient(url) as pad:
        token = await pad.token(mint)
        buy = await pad.quote_buy(mint, quote_in=sol(1))
        amount = whole(buy.base_amount, token.mint.decimals)
        print(f"1 SOL buys {amount:f} {token.mint.symbol}, moving the price by {buy.price_impact_bps / 100:.2f} %")
        print(f"Fees: {whole(buy.protocol_fee + buy.creator_fee, 9):f} SOL")


if __name__ == "__main__":
    token_mint, *rest = sys.argv[1:]
    asyncio.run(main(token_mint, rest[0] if rest else "http://127.0.0.1:8899"))
