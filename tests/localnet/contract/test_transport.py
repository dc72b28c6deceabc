"""HTTP and JSON-RPC framing."""

import json

import httpx
import pytest

JSON = {"content-type": "application/json"}
SLOT = {"jsonrpc": "2.0", "id": 1, "method": "getSlot"}
PARSE = {"code": -32700, "message": "Parse error"}
INVALID = {"code": -32600, "message": "Invalid request"}


def post(node, body, headers=JSON):
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    return httpx.post(node.rpc_url, content=content, headers=headers, timeout=30)


@pytest.mark.parametrize("request_id", [0, 7, 2**64 - 1, "0", "a-uuid", None])
def test_the_id_comes_back_as_it_was_sent(node, request_id):
    reply = post(node, SLOT | {"id": request_id}).json()
    assert reply["id"] == request_id
    assert isinstance(reply["result"], int)


@pytest.mark.parametrize("request_id", [-1, 1.5, True, {}])
def test_other_ids_are_parse_errors(node, request_id):
    assert post(node, SLOT | {"id": request_id}).json() == {"jsonrpc": "2.0", "error": PARSE, "id": None}


def test_a_request_without_id_gets_no_reply(node):
    response = post(node, {"jsonrpc": "2.0", "method": "getSlot"})
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("params", [None, []])
def test_parameters_may_be_left_out(node, params):
    assert isinstance(post(node, SLOT | {"params": params}).json()["result"], int)


def test_bad_json_is_a_parse_error(node):
    assert post(node, "{nonsense").json() == {"jsonrpc": "2.0", "error": PARSE, "id": None}


def test_the_version_has_to_be_two(node):
    missing = post(node, {"id": 1, "method": "getSlot"}).json()
    assert missing["error"] == {"code": -32600, "message": "Unsupported JSON-RPC protocol version"}
    assert "jsonrpc" not in missing
    for change in ({"jsonrpc": "1.0"}, {"extra": 1}, {"method": 5}):
        assert post(node, SLOT | change).json()["error"] == INVALID


def test_batches_are_answered_member_by_member(node):
    replies = post(node, [SLOT, {"jsonrpc": "2.0", "id": "b", "method": "nope"}, {"id": 3, "jsonrpc": "2.0"}]).json()
    by_id = {reply["id"]: reply for reply in replies}
    assert isinstance(by_id[1]["result"], int)
    assert by_id["b"]["error"] == {"code": -32601, "message": "Method not found"}
    assert by_id[3]["error"] == INVALID


@pytest.mark.parametrize("body", [[], [{"jsonrpc": "2.0", "method": "getSlot"}]])
def test_empty_batches_get_an_empty_reply(node, body):
    response = post(node, body)
    assert (response.status_code, response.content) == (200, b"")


def test_one_member_that_is_no_object_spoils_the_batch(node):
    assert post(node, [SLOT, 5]).json() == {"jsonrpc": "2.0", "error": PARSE, "id": None}


def test_other_media_types_and_verbs_are_refused(node):
    assert post(node, SLOT, {"content-type": "text/plain"}).status_code == 415
    assert post(node, SLOT, {"content-type": "application/json; charset=utf-8"}).status_code == 200
    assert httpx.get(node.rpc_url).status_code == 405
    assert httpx.put(node.rpc_url, json=SLOT).status_code == 405


def test_large_bodies_are_refused(node):
    body = json.dumps(SLOT | {"params": ["x" * 60_000]})
    assert post(node, body).status_code == 413
    assert "result" in post(node, SLOT).json()


def test_any_path_is_served(node):
    assert "result" in httpx.post(f"{node.rpc_url}/any/path", json=SLOT).json()


def test_browsers_may_call_from_anywhere(node):
    asked = {
        "origin": "https://example.com",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,solana-client",
    }
    response = httpx.options(node.rpc_url, headers=asked)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["access-control-allow-origin"] in ("*", "https://example.com")
    assert "POST" in response.headers["access-control-allow-methods"]
    allowed = response.headers["access-control-allow-headers"].lower()
    assert "content-type" in allowed
    assert "solana-client" in allowed
    assert response.headers["access-control-max-age"] == "86400"
    reply = httpx.post(node.rpc_url, json=SLOT, headers={"origin": "https://example.com"})
    assert reply.headers["access-control-allow-origin"] in ("*", "https://example.com")


def test_health_is_plain_text(node):
    response = httpx.get(f"{node.rpc_url}/health")
    assert (response.status_code, response.text) == (200, "ok")
