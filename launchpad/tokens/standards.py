"""What kinds of mints a launch can make on this cluster, and why one would choose which."""

from launchpad.chain.client import ChainClient
from launchpad.chain.metaplex import has_metaplex
from launchpad.tokens.launch_schemas import StandardView


async def listed(chain: ChainClient) -> list[StandardView]:
    """Both standards, the usual one first; asks the chain whether it has Metaplex's program."""
    metaplex = await has_metaplex(chain.rpc)
    return [
        StandardView(
            standard="token-2022",
            title="Token-2022",
            summary=(
                "Name and picture stand in the mint itself, and each change of them is told with its hash. "
                "Costs less, and works on every cluster."
            ),
            available=True,
            reason=None,
        ),
        StandardView(
            standard="spl",
            title="Classic SPL token",
            summary=(
                "What every wallet, exchange and older program knows; name and picture stand in Metaplex's program, "
                "which takes about 0.015 SOL for them. For tokens that have to work where Token-2022 does not."
            ),
            available=metaplex,
            reason=None if metaplex else "This cluster has no Metaplex program, which the metadata would stand in.",
        ),
    ]
