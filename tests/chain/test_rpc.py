"""The pool: which node is asked, again and how often, and what its refusals become."""

import pytest

from launchpad.chain.errors import ProgramFailedError, RpcError, RpcUnavailableError
from launchpad.chain.rpc import RpcPool
from launchpad.processes import free_port
from tests.chain.nodes import Node, Refuses


def refusing(code, message="no", data=None):
    def answer(_method, _params):
        raise Refuses(code, message, data)

    return answer


async def test_the_best_node_is_asked_first():
    async with Node(lambda *_: 7) as first, Node(lambda *_: 8) as second, RpcPool([first.url, second.url]) as pool:
        assert [await pool.get_slot() for _ in range(3)] == [7, 7, 7]
        assert second.calls == []


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_the_next_node_answers_when_the_first_is_busy(status):
    async with Node(status=status) as first, Node(lambda *_: 8) as second, RpcPool([first.url, second.url]) as pool:
        assert await pool.get_slot() == 8


@pytest.mark.parametrize("raw", [b"<html>", b"[]", b"{}", b"7"])
async def test_the_next_node_answers_when_the_first_talks_nonsense(raw):
    async with Node(raw=raw) as first, Node(lambda *_: 8) as second, RpcPool([first.url, second.url]) as pool:
        assert await pool.get_slot() == 8


async def test_the_next_node_answers_when_the_first_is_gone_or_behind():
    async with Node(refusing(-32005)) as behind, Node(lambda *_: 8) as second:
        gone = f"http://127.0.0.1:{free_port()}"
        async with RpcPool([gone, behind.url, second.url]) as pool:
            assert await pool.get_slot() == 8
            health = await pool.health()
            assert [node.slot for node in health] == [None, None, 8]
            assert "Connect" in health[0].problem


async def test_a_node_that_recovers_is_used_again():
    async with Node(status=503) as first, Node(lambda *_: 8) as second, RpcPool([first.url, second.url]) as pool:
        assert await pool.get_slot() == 8
        first.status, first.answer, second.status = 200, lambda *_: 7, 503
        assert await pool.get_slot() == 7


async def test_a_single_node_is_asked_again_until_it_answers():
    async with Node() as node, RpcPool([node.url]) as pool:

        def second_time(_method, _params):
            if len(node.calls) < 3:
                raise Refuses(-32603)
            return 5

        node.answer = second_time
        assert await pool.get_slot() == 5
        assert len(node.calls) == 3


async def test_no_node_at_all_is_said_with_what_to_do():
    async with RpcPool([f"http://127.0.0.1:{free_port()}"], attempts=2) as pool:
        with pytest.raises(RpcUnavailableError, match="RPC_URL"):
            await pool.get_slot()


async def test_nodes_are_named_by_host_for_their_addresses_hold_keys():
    port = free_port()
    async with Node(status=503) as busy, RpcPool([f"http://me:KEY1@127.0.0.1:{port}/v2/KEY2?api-key=KEY3"]) as pool:
        pool._nodes += RpcPool([f"{busy.url}/KEY4"])._nodes
        with pytest.raises(RpcUnavailableError) as caught:
            await pool.get_slot()
        assert f"127.0.0.1:{port}" in caught.value.message
        told = [caught.value.message, *map(str, await pool.health())]
        assert not [text for text in told if "KEY" in text]


async def test_a_node_that_repeats_its_address_in_a_refusal_does_not_tell_it():
    async with Node(refusing(-32602, "no such plan at https://node.example.com/v2/KEY")) as node:
        async with RpcPool([node.url]) as pool:
            with pytest.raises(RpcError) as caught:
                await pool.get_slot()
        assert caught.value.message == "no such plan at node.example.com"


async def test_an_airdrop_is_never_asked_for_twice():
    async with Node(status=503) as first, Node(lambda *_: "sig") as second, RpcPool([first.url, second.url]) as pool:
        with pytest.raises(RpcUnavailableError):
            await pool.request_airdrop("address", 1)
        assert second.calls == []


async def test_a_refusal_is_not_asked_again_elsewhere():
    async with Node(refusing(-32602, "bad", {"a": 1})) as first, Node() as second:
        async with RpcPool([first.url, second.url]) as pool:
            with pytest.raises(RpcError) as caught:
                await pool.call("getSlot", ["x"])
        assert (caught.value.number, caught.value.message, caught.value.data) == (-32602, "bad", {"a": 1})
        assert second.calls == []


async def test_a_batch_answers_each_request_in_its_place():
    def answer(method, params):
        if method == "bad":
            raise Refuses(-32602)
        return params[0]

    async with Node(answer) as node, RpcPool([node.url]) as pool:
        first, second, third = await pool.batch([("a", [1]), ("bad", []), ("c", [3])])
        assert (first, third) == (1, 3)
        assert isinstance(second, RpcError)
        assert await pool.batch([]) == []


async def test_a_preflight_that_fails_is_the_programs_error():
    logs = ["Program CrzNNkg9knczGnmZcg8tNKbYfdPBK4jDceB6XGhda9jL failed: custom program error: 0x1772"]
    data = {"err": {"InstructionError": [1, {"Custom": 6002}]}, "logs": logs}
    async with Node(refusing(-32002, "failed", data)) as node, RpcPool([node.url]) as pool:
        with pytest.raises(ProgramFailedError) as caught:
            await pool.send("AA==", preflight=True)
        assert caught.value.code == "SLIPPAGE_EXCEEDED"
    async with Node(refusing(-32602, "too large")) as node, RpcPool([node.url]) as pool:
        with pytest.raises(RpcError, match="too large"):
            await pool.send("AA==")


async def test_token_balances_fail_as_a_whole():
    async with Node(refusing(-32602)) as node, RpcPool([node.url]) as pool:
        with pytest.raises(RpcError):
            await pool.get_token_balances("owner")


async def test_a_mint_that_is_not_there_has_no_accounts():
    async with Node(lambda *_: {"value": None}) as node, RpcPool([node.url]) as pool:
        assert await pool.get_token_accounts_by_mint("mint") == []
