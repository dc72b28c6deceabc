"""A token's way out of a router, on a cluster where its time lock has ended already."""

import base64
import json
from dataclasses import dataclass

import pytest

from launchpad.chain import keys, pda
from launchpad.chain.accounts import ReleaseState
from launchpad.chain.addresses import FEE_ROUTER
from launchpad.chain.client import ChainClient
from launchpad.chain.instructions import fee_router
from launchpad.chain.instructions.fee_router import RouterTerms
from launchpad.chain.launching import FirstBuy, LaunchParams
from launchpad.chain.router_events import Portion
from launchpad.chain.routers import fetch_release, fetch_router
from launchpad.chain.venues.coding import anchor_tag, key_bytes
from launchpad.fees import handover
from launchpad.fees.routing import NotOfferedError
from launchpad.fees.steps import NothingThereError

SOL = 10**9
_RENT = 10_000_000


@dataclass
class Owner:
    """Somebody with keys, whose transactions are confirmed before the next."""

    chain: ChainClient
    key: keys.Keypair

    @property
    def address(self):
        return keys.address_of(self.key)

    async def send(self, built, *more):
        signed = keys.sign_transaction(built.transaction, self.key, *more)
        signature = await self.chain.submit(signed, built.last_valid_block_height)
        await self.chain.confirm(signature, built.last_valid_block_height)

    async def fund(self):
        blockhash = await self.chain.rpc.latest_blockhash()
        signature = await self.chain.rpc.request_airdrop(self.address, 20 * SOL)
        await self.chain.confirm(signature, blockhash.last_valid_block_height)
        return self


def release_account(router, mint, new_creator, rent_payer):
    """What `propose_release` would have written long ago."""
    text = (router, mint, new_creator, rent_payer)
    data = anchor_tag("Release", "account") + bytes([1, 255]) + b"".join(map(key_bytes, text))
    data += (1).to_bytes(8, "little") + bytes(32)
    body = {"lamports": _RENT, "data": [base64.b64encode(data).decode(), "base64"], "owner": FEE_ROUTER}
    return body | {"executable": False, "rentEpoch": 2**64 - 1, "space": len(data)}


@pytest.fixture(scope="module")
def cast():
    """The keys of the owner, the heir and the mint; what a release is written for is known before the cluster is."""
    return [keys.generate() for _ in range(3)]


@pytest.fixture(scope="module")
def late_cluster(make_cluster, cast, tmp_path_factory):
    owner, heir, mint = map(keys.address_of, cast)
    router = pda.fee_router(owner, 0)
    address = pda.fee_release(router, mint)
    path = tmp_path_factory.mktemp("release") / "release.json"
    path.write_text(json.dumps({"pubkey": address, "account": release_account(router, mint, heir, owner)}))
    cluster = make_cluster("--slot-ms", "150", "--account", f"{address}={path}")
    yield cluster
    cluster.running.stop()


@pytest.fixture
async def chain(late_cluster):
    async with ChainClient(late_cluster.settings()) as chain:
        yield chain


async def adopted(chain, owner, mint_key):
    """A token of the owner's whose creator is his router now, and whose curve owes fees; router and mint."""
    mint = keys.address_of(mint_key)
    first = FirstBuy(SOL, lock=None)
    params = LaunchParams(owner.address, "Leaving", "LVE", "ipfs://leaving", 10**18, first_buy=first, mint=mint)
    for built in (await chain.build_launch(params))[1]:
        await owner.send(built, mint_key)
    router = pda.fee_router(owner.address, 0)
    steps = [
        fee_router.create_router(owner.address, owner.address, RouterTerms(0, 3_600)),
        fee_router.write_proposal(router, owner.address, [Portion(owner.address, 10_000)]),
        fee_router.propose_shares(router, owner.address),
        fee_router.apply_shares(router, owner.address, owner.address),
    ]
    await owner.send(await chain.build(owner.address, steps))
    await owner.send(await handover.adopt(chain, router, owner.address, mint))
    return router, mint


async def test_a_released_token_is_offered_by_anybody_and_taken_by_its_heir(chain, cast):
    owner, heir, stranger = [await Owner(chain, key).fund() for key in (cast[0], cast[1], keys.generate())]
    router, mint = await adopted(chain, owner, cast[2])
    found = await fetch_release(chain.rpc, router, mint)
    assert isinstance(found, ReleaseState)
    assert (found.new_creator, found.effective_at) == (heir.address, 1)
    owed = (await chain.require_curve(mint)).creator_fees
    assert owed
    with pytest.raises(NotOfferedError):
        await handover.take(chain, router, heir.address, mint)
    await stranger.send(await handover.release(chain, router, stranger.address, mint))
    assert (await fetch_router(chain.rpc, router)).income == owed
    assert (await chain.fetch_launch(mint)).pending_creator == heir.address
    with pytest.raises(NothingThereError):
        await handover.cancel_release(chain, router, owner.address, mint)
    with pytest.raises(NotOfferedError):
        await handover.take(chain, router, stranger.address, mint)
    await heir.send(await handover.take(chain, router, heir.address, mint))
    curve, record = await chain.require_curve(mint), await chain.fetch_launch(mint)
    assert (curve.creator, record.creator, record.pending_creator) == (heir.address, heir.address, None)
