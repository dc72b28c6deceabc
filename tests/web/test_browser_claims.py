"""Everything that waits for a wallet is claimed on one page, in one go."""

import asyncio

import httpx
import pytest
from playwright.async_api import expect

from launchpad.chain import keys, pda
from launchpad.chain.instructions import fee_router
from launchpad.chain.instructions.fee_router import RouterTerms
from launchpad.chain.instructions.solana import transfer_lamports
from launchpad.chain.router_events import Portion
from launchpad.client import FirstBuy, LaunchpadClient, Lock, sol, units
from tests.web.people import TestWallet

SUPPLY = units("1000000000", 9)


@pytest.fixture
async def creator(origin):
    settings = origin.settings
    async with LaunchpadClient(settings.rpc_url, keys.generate(), ws_url=settings.rpc_ws_url) as pad:
        await pad.airdrop(sol(5))
        yield pad


async def share_of_a_router(pad):
    """Half a SOL in a router that pays this wallet alone."""
    me, router = pad.address, pda.fee_router(pad.address, 0)
    steps = [
        fee_router.create_router(me, me, RouterTerms(0, 3_600)),
        fee_router.write_proposal(router, me, [Portion(me, 10_000)]),
        fee_router.propose_shares(router, me),
        fee_router.apply_shares(router, me, me),
        transfer_lamports(me, router, sol("0.5")),
    ]
    built = await pad.chain.build(me, steps)
    signature = await pad.chain.submit(
        keys.sign_transaction(built.transaction, pad.keypair), built.last_valid_block_height
    )
    await pad.chain.confirm(signature, built.last_valid_block_height)


async def test_fees_and_released_tokens_are_claimed_at_once(meet, creator, origin):
    lock = FirstBuy(sol("1"), lock=Lock(cliff_seconds=1, duration_seconds=1))
    launched = await creator.launch("Two Purses", "TWO", "ipfs://two", supply=SUPPLY, first_buy=lock)
    async with httpx.AsyncClient(base_url=origin.url) as client, asyncio.timeout(30):
        path = f"/api/v1/portfolio/{creator.address}"
        while not (found := (await client.get(path)).json())["vesting"] or found["vesting"][0]["claimable"] == "0":
            await asyncio.sleep(0.05)
    await share_of_a_router(creator)
    await creator.register_referrer()
    person = await meet(wallet=TestWallet(keypair=creator.keypair))
    refused = []
    person.page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    page = await person.open("/claims")
    await person.connect("Test Wallet")
    rows = page.locator("#claims .claim:visible")
    await expect(rows).to_have_count(3)
    await expect(rows.first).to_contain_text("Creator fees")
    await expect(page.locator('.claim[data-kind="router"]')).to_contain_text("0.5 SOL")
    await page.get_by_role("button", name="Claim all").click()
    await expect(page.locator("#nothing")).to_be_visible()
    assert await creator.token_balance(launched.mint) == launched.first_buy
    # Nothing was asked for that is not there.
    assert refused == []
