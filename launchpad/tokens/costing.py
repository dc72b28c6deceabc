"""What a launch takes from its creator: foretold by the sizes of its accounts, and of a built one by simulation."""

import asyncio
from collections.abc import Sequence

from launchpad.chain import keys, pda
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.curve_math import Fees
from launchpad.chain.deposits import account_space, launch_spaces, rent_of
from launchpad.chain.instructions import launcher
from launchpad.chain.launching import LaunchParams
from launchpad.chain.metaplex import METADATA_FEE
from launchpad.chain.transactions import LAMPORTS_PER_SIGNATURE, Draft, fits, priority_fee, usual_price
from launchpad.tokens.launch_schemas import LaunchCost

# The creator's and the mint's.
_SIGNATURES = 2
# Compute units that a launch with everything asks for.
_USUAL_UNITS = 300_000
# Stand-ins for what is not known before the launch: they are as long as the real ones.
SOMEBODY = keys.address_of(keys.generate())
_SOME_MINT = keys.address_of(keys.generate())


async def foretold(chain: ChainClient, params: LaunchParams, creation_fee: int, first_buy: int) -> LaunchCost:
    """What the launch of params that were `checked()` will take; the priority fee by what others pay now. Lamports."""
    price = await _price(chain)
    shape, mint = await _needs_shape(chain, params), await _needs_mint_before(chain, params)
    deposits = await _deposits(chain, params, shape=shape)
    network = _SIGNATURES * (1 + mint) + shape
    parts = (creation_fee, first_buy, network * LAMPORTS_PER_SIGNATURE, priority_fee(_USUAL_UNITS, price), deposits)
    return _summed(parts, 1 + shape + mint)


async def of_built(
    chain: ChainClient, params: LaunchParams, built: Sequence[BuiltTransaction], creation_fee: int, first_buy: int
) -> LaunchCost:
    """What these transactions take: by simulation of the launch, by sizes where it needs a shape first. Lamports."""
    fees = sum(each.network_fee_lamports for each in built)
    priority = sum(each.priority_fee_lamports for each in built)
    if len(built) > 1:
        shape = await _needs_shape(chain, params)
        deposits = await _deposits(chain, params, shape=shape)
    else:
        taken = await lamports_taken(chain, built[0].transaction, params.creator)
        deposits = max(0, taken - creation_fee - first_buy - fees)
    return _summed((creation_fee, first_buy, fees - priority, priority, deposits), len(built))


async def lamports_taken(chain: ChainClient, transaction: str, wallet: str) -> int:
    """By how much a transaction would lower the wallet's balance, network fee included, by simulation."""
    before = await chain.rpc.get_balance(wallet)
    config = {
        "encoding": "base64",
        "commitment": "confirmed",
        "sigVerify": False,
        "replaceRecentBlockhash": True,
        "accounts": {"encoding": "base64", "addresses": [wallet]},
    }
    value = (await chain.rpc.call("simulateTransaction", [transaction, config]))["value"]
    after = (value.get("accounts") or [None])[0]
    return before - int(after["lamports"]) if after else 0


async def _needs_shape(chain: ChainClient, params: LaunchParams) -> bool:
    """Whether the curve is too long for the launch transaction, and nobody has put its shape on chain yet."""
    if await _fits(chain, params):
        return False
    return await chain.fetch_shape(params.segments or ()) is None


async def _needs_mint_before(chain: ChainClient, params: LaunchParams) -> bool:
    """Whether a mint that the launch does not make itself is too much for the launch transaction."""
    if params.standard != "spl":
        return False
    return not await _fits(chain, params, mint=True)


async def _fits(chain: ChainClient, params: LaunchParams, *, mint: bool = False) -> bool:
    """Whether the launch is one transaction, together with what makes its `mint` or without."""
    (curve_config, launcher_config), table = await asyncio.gather(chain.require_configs(), chain.lookup_table())
    fees = Fees(curve_config.protocol_fee_bps, curve_config.creator_fee_bps)
    before = launcher.make_spl_mint(params, _SOME_MINT, 0) if mint else []
    launch = launcher.launch(params, _SOME_MINT, launcher_config, fees)
    return fits(Draft(params.creator, [*before, launch], (), [table] if table else []))


async def _deposits(chain: ChainClient, params: LaunchParams, *, shape: bool) -> int:
    """Rent of the accounts that stay."""
    spaces = launch_spaces(params)
    if not params.sale.is_usual and await chain.fetch_terms(pda.terms(params.sale)) is None:
        spaces.append(account_space("bonding_curve", "Terms"))
    if shape:
        spaces.append(account_space("bonding_curve", "Shape", {"segments": len(params.segments or ())}))
    metadata = METADATA_FEE if params.standard == "spl" else 0
    return metadata + rent_of(await chain.rpc.get_rent(0), *spaces)


async def _price(chain: ChainClient) -> int:
    """Micro-lamports per compute unit that a launch bids now."""
    price = chain.settings.priority_fee_microlamports
    return price if price >= 0 else usual_price(await chain.rpc.get_recent_prioritization_fees([]))


def _summed(parts: tuple[int, int, int, int, int], transactions: int) -> LaunchCost:
    """Creation fee, first buy, network, priority and deposits, with their sum."""
    names = ("creation_fee", "first_buy", "network", "priority", "deposits")
    texts = dict(zip(names, map(str, parts), strict=True))
    return LaunchCost(**texts, total=str(sum(parts)), transactions=transactions)
