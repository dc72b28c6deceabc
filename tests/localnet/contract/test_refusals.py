"""Parameters that cannot be used, and the words for it."""

import pytest
from solders.keypair import Keypair
from solders.signature import Signature

KEY = "97BvhjRrvHmSYSeq1A797syVAHRRvmHWQhAtjMjAVvzs"
TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
NOT_BELOW = "Method does not support commitment below `confirmed`"
BAD_ENCODING_CONFIG = "Invalid params: data did not match any variant of untagged enum RpcEncodingConfigWrapper."
UNKNOWN_ENCODING = (
    "Invalid params: unknown variant `nope`, expected one of `binary`, `base58`, `base64`, `jsonParsed`, `base64+zstd`."
)
OF_ANOTHER_TYPE = "Invalid params: invalid type: integer `5`, expected string or map."
FIRST_AFTER_LAST = "lastSlot, 1, cannot be less than firstSlot, 5"
CASES = [
    ("getBalance", [""], "Invalid param: WrongSize"),
    ("getBalance", ["l" * 32], "Invalid param: Invalid"),
    ("getBalance", [KEY + "1111"], "Invalid param: WrongSize"),
    ("getBalance", [None], "Invalid params: invalid type: null, expected a string."),
    ("getTransaction", ["abc"], "Invalid param: WrongSize"),
    ("getTransaction", [KEY * 2, {"commitment": "processed"}], None),
    ("getBlock", [0, {"commitment": "processed"}], NOT_BELOW),
    ("getBlocks", [0, 1, {"commitment": "processed"}], NOT_BELOW),
    ("getBlocksWithLimit", [0, 1, {"commitment": "processed"}], NOT_BELOW),
    ("getBlock", [0, {"encoding": "nope"}], BAD_ENCODING_CONFIG),
    ("getBlock", ["x"], 'Invalid params: invalid type: string "x", expected u64.'),
    (
        "getAccountInfo",
        [KEY, {"encoding": "nope"}],
        UNKNOWN_ENCODING,
    ),
    ("getAccountInfo", [KEY, {"dataSlice": {"offset": 1}}], "Invalid params: missing field `length`."),
    (
        "getMinimumBalanceForRentExemption",
        [-1],
        "Invalid params: invalid value: integer `-1`, expected usize.",
    ),
    ("getMultipleAccounts", [[KEY] * 101], "Too many inputs provided; max 100"),
    ("getSignatureStatuses", [["x"] * 257], "Too many inputs provided; max 256"),
    ("getRecentPrioritizationFees", [[KEY] * 129], "Too many inputs provided; max 128"),
    (
        "getTokenAccountsByOwner",
        [KEY, {}],
        "Invalid params: invalid value: map, expected map with a single key.",
    ),
    (
        "getProgramAccounts",
        [TOKEN, {"filters": [{"memcmp": {"offset": 32, "bytes": "2UzHM"}}]}],
        "Incorrect byte length 4 for SPL token owner filter, expected 32",
    ),
    (
        "getProgramAccounts",
        [KEY, {"filters": [{"memcmp": {"offset": 0, "bytes": "1" * 129}}]}],
        "Invalid param: DataTooLarge",
    ),
    ("isBlockhashValid", ["x"], "WrongSize"),
    ("getSlotLeaders", [0, 5_001], "Invalid limit; max 5000"),
    ("getSlotLeaders", [10**9, 1], "Invalid slot range: leader schedule for epoch 2314 is unavailable"),
    ("getAccountInfo", [KEY, {"encoding": 5}], OF_ANOTHER_TYPE),
    ("getProgramAccounts", [KEY, {"filters": [5]}], OF_ANOTHER_TYPE),
    (
        "getProgramAccounts",
        [KEY, {"filters": ["x"]}],
        "Invalid params: unknown variant `x`, expected one of `dataSize`, `memcmp`, `tokenAccountState`.",
    ),
    ("getTokenAccountsByOwner", [KEY, 5], OF_ANOTHER_TYPE),
    ("getTokenLargestAccounts", [str(Keypair().pubkey())], "Invalid param: could not find mint"),
    ("getTokenSupply", [KEY, {"commitment": 5}], OF_ANOTHER_TYPE),
    (
        "getTokenSupply",
        [KEY, {"commitment": None}],
        "Invalid params: invalid type: null, expected string or map.",
    ),
    ("getTransaction", [str(Signature.default()), {"maxSupportedTransactionVersion": 300}], BAD_ENCODING_CONFIG),
    ("getTransaction", [str(Signature.default()), 5], BAD_ENCODING_CONFIG),
    ("getBlock", [1, {"rewards": "x"}], BAD_ENCODING_CONFIG),
    (
        "getSupply",
        [{"excludeNonCirculatingAccountsList": "x"}],
        'Invalid params: invalid type: string "x", expected a boolean.',
    ),
    (
        "getLargestAccounts",
        [{"filter": "x"}],
        "Invalid params: unknown variant `x`, expected `circulating` or `nonCirculating`.",
    ),
    ("getBlockProduction", [{"range": {"firstSlot": 5, "lastSlot": 1}}], FIRST_AFTER_LAST),
    ("requestAirdrop", [KEY], "`params` should have at least 2 argument(s)"),
    ("getBlockTime", [], "Invalid params: invalid length 0, expected a tuple of size 1."),
]


@pytest.mark.parametrize(("method", "params", "message"), CASES, ids=[case[0] for case in CASES])
def test_bad_parameters_are_named(node, method, params, message):
    error = node.ask(method, *params)["error"]
    assert error["code"] == -32602
    if message is not None:
        assert error["message"] == message


def test_methods_without_parameters_want_none(node):
    error = node.ask("getHealth", 1)["error"]
    assert (error["code"], error["message"]) == (-32602, "Invalid parameters: No parameters were expected")
    assert error["data"] == "Array([Number(1)])"


def test_parameters_are_a_list(node):
    request = {"jsonrpc": "2.0", "id": 1, "method": "getBalance", "params": {"pubkey": KEY}}
    error = node.http.post(node.rpc_url, json=request).json()["error"]
    assert error == {"code": -32602, "message": "`params` should be an array"}


def test_accounts_longer_than_an_account_can_be_are_refused(node):
    assert node.ask("getMinimumBalanceForRentExemption", 10_485_761)["error"]["code"] == -32600
    assert node.call("getMinimumBalanceForRentExemption", 0) == 890_880


@pytest.mark.parametrize("commitment", ["recent", "max", 5, None])
def test_an_unknown_commitment_in_a_larger_configuration_means_finalized(node, commitment):
    finalized = node.call("getSlot", {"commitment": "finalized"})
    assert abs(node.call("getSlot", {"commitment": commitment}) - finalized) <= 8


@pytest.mark.parametrize(
    "method",
    ["getRecentBlockhash", "getFees", "getConfirmedBlock", "getStakeActivation", "accountSubscribe", "nope"],
)
def test_what_is_gone_is_no_method(node, method):
    assert node.ask(method)["error"] == {"code": -32601, "message": "Method not found"}


def test_nonsense_never_ends_the_cluster(node):
    shapes = [None, 5, -1, 1.5, "x", [], {}, [[]], [{}], {"encoding": 5}, True, 2**70]
    methods = ["getAccountInfo", "getProgramAccounts", "getBlock", "sendTransaction", "simulateTransaction"]
    methods += ["getTokenAccountsByOwner", "getSignaturesForAddress", "getLeaderSchedule", "getBlockProduction"]
    for method in methods:
        for first in shapes:
            for second in shapes[:6]:
                reply = node.ask(method, first, second)
                assert "result" in reply or reply["error"]["code"] != -32603, (method, first, second)
    assert node.call("getHealth") == "ok"


def test_an_epoch_that_has_not_ended_pays_nothing(node):
    error = node.ask("getInflationReward", [KEY])["error"]
    assert error == {"code": -32004, "message": "Block not available for slot 432000"}


@pytest.mark.parametrize("address", ["StakeHistory1111111111111111111111111", "EpochRewards1111111111111111111111111"])
def test_sysvars_are_explained(node, address):
    config = {"encoding": "jsonParsed", "commitment": "processed"}
    value = node.call("getAccountInfo", f"Sysvar{address}", config)["value"]
    assert value["data"]["program"] == "sysvar"
    assert value["data"]["parsed"]["type"] in ("stakeHistory", "epochRewards")
