"""Launch a token, buy it, sell half of it, collect the creator's fees.

    launchpad localnet                      # or launchpad dev, in another terminal
    python examples/launch_and_trade.py     # http://127.0.0.1:8899 unless an address is given

Runs on a local cluster: the wallet is new and paid for by an airdrop.
"""

import asyncio
import sys

from launchpad.chain import keys
from launchpad.client import FirstBuy, LaunchpadClient, Lock, sol, units, whole

DECIMALS = 9
DAY = 24 * 60 * 60


async def main(url: str) -> None:
    """The life of a creator, in six calls."""
    async with LaunchpadClient(url, keys.generate(), report=print) as pad:
        await pad.airdrop(sol(10))

        launch = await pad.launch(
            "Example",
            "EXM",
            "https://example.org/exm.json",
            supply=units("1000000000", DECIMALS),
            # Bought in the launch itself, before anybody else can, and released over 30 days.
            first_buy=FirstBuy(sol("0.5"), lock=Lock(cliff_seconds=0, duration_seconds=30 * DAY)),
        )
        print(f"Launched {launch.mint}, bought {whole(launch.first_buy, DECIMALS):f} EXM, locked until later")

        bought = await pad.buy(launch.mint, quote_in=sol(1), slippage_bps=100)
        print(f"Bought {whole(bought.base_amount, DECIMALS):f} EXM for {whole(bought.total, 9):f} SOL")

        sold = await pad.sell(launch.mint, base_in=bought.base_amount // 2)
        print(f"Sold {whole(sold.base_amount, DECIMALS):f} EXM for {whole(sold.total, 9):f} SOL")

        token = await pad.token(launch.mint)
        print(f"{token.mint.name}: {token.curve.progress_bps / 100:.2f} % of the way to graduation")

        signature = await pad.claim_creator_fees(launch.mint)
        print(f"Collected the creator's fees: {signature}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8899"))
