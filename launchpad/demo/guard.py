"""The demo runs where money is play money, and nowhere else."""

import httpx

from launchpad.config import Settings
from launchpad.errors import ForbiddenError, UnavailableError
from launchpad.redaction import redact

# The first 32 characters of the genesis hashes of mainnet, devnet and testnet: their chain ids in CAIP-2.
PUBLIC_CHAINS = frozenset(
    {
        "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
        "EtWTRABZaYq6iMfeYKouRu166VU2xqa1",
        "4uhcVJyU9pJkvQyUS88uRDiswHScSCkv",
    }
)


class ForbiddenClusterError(ForbiddenError):
    """The demo was asked to run on a cluster that is not a local one."""

    code = "DEMO_ON_PUBLIC_CLUSTER"


class ClusterAwayError(UnavailableError):
    """The cluster did not say which it is."""

    code = "CLUSTER_AWAY"


async def require_play_money(settings: Settings) -> None:
    """Raises ForbiddenClusterError unless the setting and the cluster itself say that it is local."""
    if not settings.is_local:
        raise ForbiddenClusterError(f"The demo runs on local clusters only, and CLUSTER is {settings.cluster}.")
    for url in settings.rpc_urls:
        genesis = str(await call_rpc(url, "getGenesisHash"))
        if genesis[:32] in PUBLIC_CHAINS:
            raise ForbiddenClusterError(f"The demo runs on local clusters only, and {redact(url)} is a public one.")


async def call_rpc(url: str, method: str, *params: object) -> object:
    """The result of one JSON-RPC call; ClusterAwayError when there is none."""
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            answer = (await client.post(url, json=request)).json()
    except (httpx.HTTPError, ValueError) as error:
        raise ClusterAwayError(f"The cluster at {redact(url)} does not answer: start it, then try again.") from error
    if "result" not in answer:
        raise ClusterAwayError(f"The cluster at {redact(url)} refused {method}: {answer.get('error')}")
    result: object = answer["result"]
    return result
