"""Sending until it is certain: confirmed, failed on chain, or expired."""

import asyncio
from dataclasses import replace

import pytest

from launchpad.chain import keys
from launchpad.chain.errors import BlockhashExpiredError, ProgramFailedError, TransactionFailedError
from launchpad.chain.instructions import curve
from launchpad.chain.instructions.solana import transfer_lamports
from launchpad.chain.keys import BadSignatureError
from launchpad.chain.rpc import RpcPool
from launchpad.chain.sending import Sender
from launchpad.chain.transactions import Draft, wire
from launchpad.processes import free_port
from tests.chain.conftest import SOL, soon
from tests.chain.nodes import Node, Refuses


async def transfer(wallet, lamports=1):
    built = await wallet.chain.build(wallet.address, [transfer_lamports(wallet.address, wallet.address, lamports)])
    return replace(built, transaction=keys.sign_transaction(built.transaction, wallet.key))


async def test_a_transaction_is_confirmed_then_final(chain, creator):
    built = await transfer(creator)
    signature = await chain.submit(built.transaction, built.last_valid_block_height)
    status = await chain.confirm(signature, built.last_valid_block_height)
    assert status.state in {"confirmed", "finalized"}
    assert status.slot
    final = await chain.confirm(signature, built.last_valid_block_height, "finalized")
    assert final.state == "finalized"
    assert (await chain.status(signature)).state == "finalized"


async def test_submitting_the_same_again_is_harmless(chain, fund):
    wallet = await fund(1)
    built = await transfer(wallet)
    first = await chain.submit(built.transaction, built.last_valid_block_height)
    await chain.confirm(first, built.last_valid_block_height)
    assert await chain.submit(built.transaction, built.last_valid_block_height) == first
    await chain.confirm(first, built.last_valid_block_height)
    assert await chain.rpc.get_balance(wallet.address) == SOL - 5_000


async def test_many_wait_at_once(chain, creator):
    built = [await transfer(creator, lamports) for lamports in range(2, 8)]
    signatures = [await chain.submit(each.transaction, each.last_valid_block_height) for each in built]
    heights = [each.last_valid_block_height for each in built]
    found = await asyncio.gather(*map(chain.confirm, signatures, heights))
    assert [status.signature for status in found] == signatures


async def test_an_unsigned_transaction_is_not_sent(chain, creator):
    built = await chain.build(creator.address, [transfer_lamports(creator.address, creator.address, 99)])
    with pytest.raises(BadSignatureError, match=creator.address):
        await chain.submit(built.transaction, built.last_valid_block_height)


async def test_what_would_fail_is_refused_before_it_is_sent(chain, creator, mint):
    blockhash = await chain.rpc.latest_blockhash()
    doomed = curve.buy_exact_in(curve.Market(mint), creator.address, SOL, 2**63, soon())
    message = Draft(creator.address, [doomed]).message(blockhash.blockhash, 200_000, 0)
    with pytest.raises(TransactionFailedError):
        await chain.submit(wire(message, [creator.key]), blockhash.last_valid_block_height)


async def test_a_failure_on_chain_is_raised_with_the_programs_message(chain, fund, mint):
    trader = await fund(5)
    built = await chain.build_buy_exact_in(mint, trader.address, SOL, 1, soon())
    await trader.send(built)
    blockhash = await chain.rpc.latest_blockhash()
    doomed = curve.buy_exact_in(curve.Market(mint), trader.address, SOL, 2**63, soon())
    message = Draft(trader.address, [doomed]).message(blockhash.blockhash, 200_000, 0)
    signature = await chain.rpc.send(wire(message, [trader.key]))
    with pytest.raises(ProgramFailedError) as caught:
        await chain.confirm(signature, blockhash.last_valid_block_height)
    assert caught.value.code == "SLIPPAGE_EXCEEDED"
    assert caught.value.logs
    status = await chain.status(signature)
    assert (status.state, status.error.code) == ("failed", "SLIPPAGE_EXCEEDED")


async def test_an_unknown_signature_is_unknown(chain):
    built = keys.generate()
    signature = str(built.sign_message(b"never sent"))
    assert (await chain.status(signature)).state == "unknown"


async def test_what_can_never_land_is_expired(chain, creator):
    signature = str(creator.key.sign_message(b"never sent either"))
    height = await chain.rpc.get_block_height()
    with pytest.raises(BlockhashExpiredError, match="anew"):
        await chain.confirm(signature, height - 1)


async def test_the_same_bytes_are_sent_again_until_they_are_known(creator, monkeypatch):
    monkeypatch.setattr("launchpad.chain.sending._RESEND_SECONDS", 0.0)
    blockhash = await creator.chain.rpc.latest_blockhash()
    nothing = transfer_lamports(creator.address, creator.address, 1)
    message = Draft(creator.address, [nothing]).message(blockhash.blockhash, 1_000, 0)
    transaction = wire(message, [creator.key])
    sent = []

    def forgetful(method, params):
        if method == "sendTransaction":
            sent.append(params[0])
            return "sig"
        if method == "getBlockHeight":
            return 5
        known = len(sent) >= 3
        status = {"slot": 7, "err": None, "confirmations": 1, "confirmationStatus": "confirmed"}
        return {"value": [status if known else None]}

    async with Node(forgetful) as node, RpcPool([node.url]) as pool:
        sender = Sender(pool)
        signature = await sender.submit(transaction, 10)
        status = await sender.confirm(signature, 10)
        await sender.close()
    assert (status.state, status.slot) == ("confirmed", 7)
    assert set(sent) == {transaction}


async def test_waiting_survives_a_node_that_is_away_for_a_while(creator):
    def answer(method, _params):
        if method == "getBlockHeight":
            return 5
        return {"value": [{"slot": 7, "err": None, "confirmationStatus": "finalized"}]}

    async with Node(answer, status=503) as node, RpcPool([node.url], attempts=1) as pool:
        sender = Sender(pool)
        waiting = asyncio.create_task(sender.confirm(str(creator.key.sign_message(b"x")), 10))
        while not node.refused:
            await asyncio.sleep(0.01)
        node.status = 200
        assert (await waiting).state == "finalized"
        await sender.close()


async def test_a_node_that_is_behind_does_not_know_the_blockhash_yet(creator):
    built = await transfer(creator, 77)
    asked = []

    def behind(method, params):
        asked.append((method, params[-1] if params else None))
        if method == "sendTransaction" and not params[1]["skipPreflight"]:
            raise Refuses(-32002, "Blockhash not found", {"err": "BlockhashNotFound", "logs": []})
        return {"getBlockHeight": 5, "getSignatureStatuses": {"value": [None]}}.get(method, "sig")

    async with Node(behind) as node, RpcPool([node.url]) as pool:
        sender = Sender(pool)
        await sender.submit(built.transaction, 10)
        assert [method for method, _ in asked][:4] == [
            *("sendTransaction", "getSignatureStatuses", "getBlockHeight", "sendTransaction")
        ]
        with pytest.raises(BlockhashExpiredError):
            await sender.submit(built.transaction, 4)
        await sender.close()


async def test_confirmations_are_heard_over_the_websocket(chain, creator, cluster, monkeypatch):
    monkeypatch.setattr("launchpad.chain.sending._POLL_TOLD_SECONDS", 3_600)
    gone = f"ws://127.0.0.1:{free_port()}"
    sender = Sender(chain.rpc, [gone, cluster.ws_url])
    # The first one starts the connection and may be settled before it stands.
    for lamports in (41, 42, 43):
        built = await transfer(creator, lamports)
        signature = await sender.submit(built.transaction, built.last_valid_block_height)
        assert (await sender.confirm(signature, built.last_valid_block_height)).slot
        while not sender._watcher.connected:
            await asyncio.sleep(0.01)
    await sender.close()


async def test_closing_lets_nobody_wait_for_ever(chain):
    async with RpcPool(["http://127.0.0.1:1"], attempts=1) as pool:
        sender = Sender(pool)
        waiting = asyncio.create_task(sender.confirm("1" * 64, 10))
        await asyncio.sleep(0)
        await sender.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting
