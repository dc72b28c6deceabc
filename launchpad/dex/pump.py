"""Coins on Pump.fun beside a token here. Pump.fun mints its own: the coin is a sibling, never the token itself."""

from launchpad.chain import keys
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import BPS
from launchpad.chain.tokens import data_of
from launchpad.chain.venues import pump
from launchpad.chain.venues.building import build_after, pump_buy, pump_create
from launchpad.chain.venues.pump import Coin, Global
from launchpad.dex.building import step
from launchpad.dex.errors import NotOnThisNetworkError, SwapsWaitError
from launchpad.dex.schemas import BuiltPumpLaunch, BuiltStep, PumpLaunch
from launchpad.dex.venues import require_venue

# What a first buy takes beyond making the coin: six accounts and two transfers.
_BUY_UNITS = 250_000
_NOTICE = (
    "Pump.fun mints a coin of its own: this is a new token beside {sibling}, with another address, another "
    "supply and its own curve. Holders of the one do not hold the other."
)


async def launch(chain: ChainClient, asked: PumpLaunch) -> BuiltPumpLaunch:
    """A coin on Pump.fun, and with `first_buy` the creator's own buy in a second transaction.

    Raises NotOnThisNetworkError, and what the first transaction would fail with.
    """
    await require_venue(chain, "pump")
    parameters = await _parameters(chain)
    if not asked.classic and not parameters.create_v2_enabled:
        raise SwapsWaitError("Pump.fun makes no Token-2022 coins at the moment: ask for a classic one.")
    key = keys.generate()
    coin = Coin(keys.address_of(key), asked.wallet, asked.creator or asked.wallet, asked.name, asked.symbol, asked.uri)
    made = await chain.build(asked.wallet, pump_create(coin, classic=asked.classic), [key])
    steps = [step("Launch the coin on Pump.fun", made)]
    expected = parameters.first_buy(int(asked.first_buy)) if asked.first_buy else 0
    if asked.first_buy:
        steps.append(await _first_buy(chain, asked, coin, parameters, key, expected))
    sibling = asked.sibling_of or "your token"
    return BuiltPumpLaunch(
        mint=coin.mint,
        bonding_curve=pump.bonding_curve(coin.mint),
        sibling_of=asked.sibling_of,
        notice=_NOTICE.format(sibling=sibling),
        expected_tokens=str(expected),
        steps=steps,
    )


async def _first_buy(
    chain: ChainClient, asked: PumpLaunch, coin: Coin, parameters: Global, key: keys.Keypair, expected: int
) -> BuiltStep:
    least = expected * (BPS - asked.slippage_bps) // BPS
    wanted = pump_buy(coin, parameters, int(asked.first_buy or 0), least, classic=asked.classic)
    rehearsal = pump_create(coin, classic=asked.classic)
    # The coin is not there yet: making it is what can be simulated.
    built = await build_after(chain, asked.wallet, wanted, rehearsal, _BUY_UNITS, [key])
    return step("Buy first, once the coin is confirmed", built)


async def _parameters(chain: ChainClient) -> Global:
    account = await chain.rpc.get_account(pump.global_address())
    found = pump.decode_global(account, data_of(account) if account else b"")
    if found is None:
        raise NotOnThisNetworkError("Pump.fun is not set up on this network: choose another venue.", venue="pump")
    return found
