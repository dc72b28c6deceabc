"""solana-py and AnchorPy, unchanged, against the cluster under test."""

import json
from pathlib import Path

import pytest
from anchorpy import Program, Provider, Wallet
from anchorpy.provider import DEFAULT_OPTIONS
from anchorpy.utils.rpc import get_multiple_accounts
from anchorpy_core.idl import Idl
from solana.rpc.async_api import AsyncClient
from solana.rpc.commitment import Confirmed, Finalized, Processed
from solana.rpc.core import RPCException
from solana.rpc.types import DataSliceOpts, MemcmpOpts, TokenAccountOpts, TxOpts
from solana.rpc.websocket_api import connect
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction_status import TransactionConfirmationStatus

IDL = Path(__file__).parents[3] / "launchpad" / "chain" / "idl" / "bonding_curve.legacy.json"


@pytest.fixture
async def client(world):
    async with AsyncClient(world.node.rpc_url, Confirmed) as made:
        yield made


async def test_solana_py_sends_and_confirms(world, client):
    latest = (await client.get_latest_blockhash()).value
    transaction = world.sign(world.transfer(world.friend.pubkey(), 77), blockhash=latest.blockhash)
    sent = await client.send_transaction(transaction, TxOpts(preflight_commitment=Confirmed))
    confirmed = await client.confirm_transaction(
        sent.value, Confirmed, sleep_seconds=0.1, last_valid_block_height=latest.last_valid_block_height
    )
    [status] = confirmed.value
    assert status.confirmation_status in (
        TransactionConfirmationStatus.Confirmed,
        TransactionConfirmationStatus.Finalized,
    )
    found = await client.get_transaction(sent.value, max_supported_transaction_version=0)
    assert found.value.transaction.meta.fee == 5_000


async def test_solana_py_reads_accounts(world, client):
    tokens, mint = world.accounts["tokens"], world.accounts["mint"]
    account = (await client.get_account_info(tokens)).value
    assert len(account.data) == 165
    part = (await client.get_account_info(tokens, data_slice=DataSliceOpts(offset=0, length=32))).value
    assert part.data == bytes(mint)
    parsed = (await client.get_account_info_json_parsed(tokens)).value
    assert parsed.data.parsed["info"]["mint"] == str(mint)
    several = (await client.get_multiple_accounts([tokens, world.unused])).value
    assert several[0].data == account.data
    assert several[1] is None
    owned = await client.get_token_accounts_by_owner(world.owner, TokenAccountOpts(mint=mint))
    assert [each.pubkey for each in owned.value] == [tokens]
    holders = await client.get_program_accounts(
        Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"),
        encoding="base64",
        filters=[165, MemcmpOpts(offset=0, bytes=str(mint))],
    )
    assert tokens in [each.pubkey for each in holders.value]
    assert (await client.get_token_account_balance(tokens)).value.decimals == 6
    assert (await client.get_token_supply(mint)).value.decimals == 6
    assert (await client.get_token_largest_accounts(mint)).value[0].address == tokens


async def test_solana_py_reads_history(world, client):
    signature = Signature.from_string(world.signatures["memo"])
    slot = (await client.get_transaction(signature)).value.slot
    block = (await client.get_block(slot, max_supported_transaction_version=0)).value
    assert block.block_height is not None
    assert slot in (await client.get_blocks(slot, slot + 2)).value
    listed = (await client.get_signatures_for_address(world.owner, limit=5)).value
    assert len(listed) == 5
    older = (await client.get_signatures_for_address(world.owner, before=listed[1].signature, limit=2)).value
    assert older[0].signature == listed[2].signature
    newer = (await client.get_signatures_for_address(world.owner, until=listed[2].signature)).value
    assert newer[-1].signature == listed[1].signature


async def test_solana_py_asks_about_the_cluster(client):
    assert (await client.get_epoch_info()).value.slots_in_epoch == 432_000
    assert (await client.get_version()).value.solana_core
    assert (await client.get_supply()).value.total > 0
    assert len((await client.get_vote_accounts()).value.current) == 1
    assert (await client.get_slot(Finalized)).value <= (await client.get_slot(Processed)).value
    assert (await client.get_inflation_governor()).value is not None
    assert await client.is_connected()


async def test_solana_py_gets_the_reason_of_a_refusal(world, client):
    transaction = world.sign(world.transfer(world.friend.pubkey(), 10**18))
    with pytest.raises(RPCException) as caught:
        await client.send_transaction(transaction, TxOpts(preflight_commitment=Processed))
    failure = caught.value.args[0]
    assert failure.data.err.err.code == 1
    assert any("insufficient lamports" in line for line in failure.data.logs)


async def test_solana_py_subscribes(world):
    key = world.friend.pubkey()
    async with connect(world.node.ws_url) as socket:
        await socket.account_subscribe(key, commitment=Confirmed, encoding="base64")
        await socket.logs_subscribe(commitment=Confirmed)
        first, second = await socket.recv(), await socket.recv()
        assert {first[0].id, second[0].id} == {1, 2}
        world.send(world.sign(world.transfer(key, 78)))
        kinds = {type(each[0]).__name__ for each in (await socket.recv(), await socket.recv())}
        assert "AccountNotification" in kinds or "LogsNotification" in kinds


async def test_anchorpy_sends_and_fetches(world, client):
    provider = Provider(client, Wallet(world.payer), DEFAULT_OPTIONS)
    idl = Idl.from_json(IDL.read_text())
    program = Program(idl, Pubkey.from_string(json.loads(IDL.read_text())["metadata"]["address"]), provider)
    assert await program.account["Curve"].all() == []
    blockhash = (await client.get_latest_blockhash(Processed)).value.blockhash
    to = Keypair().pubkey()
    signature = await provider.send(world.sign(world.transfer(to, 10**9), blockhash=blockhash))
    world.confirm(str(signature))
    found = await get_multiple_accounts(client, [to, world.unused], batch_size=1, commitment=Confirmed)
    assert found[0].account.lamports == 10**9
    assert found[1] is None
