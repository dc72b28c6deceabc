"""The list of claims while the cluster is away."""

from launchpad.chain import keys
from launchpad.chain.client import ChainClient
from launchpad.claims.listing import claims_of
from launchpad.config import Settings
from launchpad.processes import free_port


async def test_without_the_cluster_the_list_says_that_it_is_not_complete(database, database_url):
    port = free_port()
    settings = Settings(_env_file=None, database_url=database_url, rpc_url=f"http://127.0.0.1:{port}")
    async with ChainClient(settings) as chain:
        found = await claims_of(chain, database, keys.address_of(keys.generate()))
    assert (found.complete, found.data, found.lamports) == (False, [], "0")
