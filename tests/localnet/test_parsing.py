"""jsonParsed: instructions and accounts of the programs that explorers explain."""

import struct

import pytest
from solders.keypair import Keypair

from launchpad.localnet import keys
from launchpad.localnet.accounts import Account, is_mint, is_token_account
from launchpad.localnet.keys import b58
from launchpad.localnet.parsing.accounts import parse_account
from launchpad.localnet.parsing.extensions import parse_extensions
from launchpad.localnet.parsing.instructions import parse_instruction
from launchpad.localnet.parsing.tokens import BY_DISCRIMINATOR, METADATA_SHAPES

KEYS = [bytes(Keypair().pubkey()) for _ in range(8)]
NAMES = [b58(key) for key in KEYS]
SOME = b"\1" + KEYS[7]
U64 = struct.Struct("<Q")


def text(value, size=8):
    return len(value).to_bytes(size, "little") + value.encode()


def info(program, data, accounts=8):
    parsed = parse_instruction(program, KEYS[:accounts], data)
    assert parsed is not None
    return parsed["parsed"]["type"], parsed["parsed"]["info"]


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (struct.pack("<IQQ", 0, 5, 9) + KEYS[7], "createAccount", {"lamports": 5, "space": 9, "owner": NAMES[7]}),
        (struct.pack("<I", 1) + KEYS[7], "assign", {"account": NAMES[0], "owner": NAMES[7]}),
        (struct.pack("<IQ", 2, 5), "transfer", {"source": NAMES[0], "destination": NAMES[1], "lamports": 5}),
        (
            struct.pack("<I", 3) + KEYS[6] + text("seed") + struct.pack("<QQ", 1, 2) + KEYS[7],
            "createAccountWithSeed",
            {"base": NAMES[6], "seed": "seed", "lamports": 1, "space": 2, "owner": NAMES[7]},
        ),
        (struct.pack("<I", 4), "advanceNonce", {"nonceAccount": NAMES[0], "nonceAuthority": NAMES[2]}),
        (struct.pack("<IQ", 5, 3), "withdrawFromNonce", {"nonceAuthority": NAMES[4], "lamports": 3}),
        (struct.pack("<I", 6) + KEYS[7], "initializeNonce", {"nonceAuthority": NAMES[7]}),
        (struct.pack("<I", 7) + KEYS[7], "authorizeNonce", {"newAuthorized": NAMES[7]}),
        (struct.pack("<IQ", 8, 3), "allocate", {"space": 3}),
        (
            struct.pack("<IQ", 11, 3) + text("s") + KEYS[7],
            "transferWithSeed",
            {"sourceSeed": "s", "sourceOwner": NAMES[7]},
        ),
        (struct.pack("<I", 12), "upgradeNonce", {"nonceAccount": NAMES[0]}),
    ],
)
def test_system_instructions(data, kind, expected):
    found, shown = info(keys.SYSTEM_PROGRAM, data)
    assert found == kind
    assert expected.items() <= shown.items()


AMOUNT = {"amount": "1500", "decimals": 3, "uiAmount": 1.5, "uiAmountString": "1.5"}
CHECKED = U64.pack(1500) + b"\3"


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (bytes([0, 6]) + KEYS[6] + SOME, "initializeMint", {"decimals": 6, "freezeAuthority": NAMES[7]}),
        (bytes([1]), "initializeAccount", {"owner": NAMES[2], "rentSysvar": NAMES[3]}),
        (bytes([2, 2]), "initializeMultisig", {"m": 2, "signers": NAMES[2:]}),
        (bytes([3]) + U64.pack(5), "transfer", {"amount": "5", "multisigAuthority": NAMES[2]}),
        (bytes([6, 2]) + SOME, "setAuthority", {"account": NAMES[0], "authorityType": "accountOwner"}),
        (bytes([6, 0, 0]), "setAuthority", {"mint": NAMES[0], "newAuthority": None}),
        (bytes([12]) + CHECKED, "transferChecked", {"tokenAmount": AMOUNT}),
        (bytes([15]) + CHECKED, "burnChecked", {"mint": NAMES[1], "tokenAmount": AMOUNT}),
        (bytes([17]), "syncNative", {"account": NAMES[0]}),
        (bytes([18]) + KEYS[7], "initializeAccount3", {"owner": NAMES[7]}),
        (bytes([19, 1]), "initializeMultisig2", {"m": 1}),
        (bytes([20, 0]) + KEYS[7] + b"\0", "initializeMint2", {"mintAuthority": NAMES[7]}),
        (bytes([21, 7, 0]), "getAccountDataSize", {"extensionTypes": ["immutableOwner"]}),
        (bytes([24]) + b"1.5", "uiAmountToAmount", {"uiAmount": "1.5"}),
        (bytes([25, 0]), "initializeMintCloseAuthority", {"newAuthority": None}),
        (bytes([26, 0, 0, 0]) + struct.pack("<HQ", 5, 9), "initializeTransferFeeConfig", {"maximumFee": 9}),
        (bytes([26, 1]) + CHECKED + U64.pack(500), "transferCheckedWithFee", {"tokenAmount": AMOUNT}),
        (bytes([26, 3, 2]), "withdrawWithheldTokensFromAccounts", {"sourceAccounts": NAMES[6:]}),
        (bytes([26, 4]), "harvestWithheldTokensToMint", {"sourceAccounts": NAMES[1:]}),
        (bytes([26, 5]) + struct.pack("<HQ", 5, 9), "setTransferFee", {"transferFeeBasisPoints": 5}),
        (bytes([39, 0]) + bytes(32) + KEYS[7], "initializeMetadataPointer", {"metadataAddress": NAMES[7]}),
        (bytes([39, 1]) + KEYS[7], "updateMetadataPointer", {"multisigAuthority": NAMES[1]}),
    ],
)
def test_token_instructions(data, kind, expected):
    found, shown = info(keys.TOKEN_2022_PROGRAM, data)
    assert found == kind
    assert expected.items() <= shown.items()


def test_a_single_signer_is_named_as_such():
    kind, shown = info(keys.TOKEN_PROGRAM, bytes([3]) + U64.pack(5), accounts=3)
    assert (kind, shown["authority"]) == ("transfer", NAMES[2])
    assert "signers" not in shown


@pytest.mark.parametrize(
    ("name", "rest", "expected"),
    [
        ("initialize_account", text("A", 4) + text("B", 4) + text("C", 4), {"name": "A", "symbol": "B", "uri": "C"}),
        ("updating_field", b"\2" + text("C", 4), {"field": "uri", "value": "C"}),
        ("updating_field", b"\3" + text("k", 4) + text("v", 4), {"field": "k", "value": "v"}),
        ("remove_key_ix", b"\1" + text("k", 4), {"idempotent": True, "key": "k"}),
        ("update_the_authority", bytes(32), {"newAuthority": None}),
    ],
)
def test_metadata_instructions(name, rest, expected):
    shape = METADATA_SHAPES[name]
    [discriminator] = [prefix for prefix, each in BY_DISCRIMINATOR.items() if each is shape]
    kind, shown = info(keys.TOKEN_2022_PROGRAM, discriminator + rest)
    assert kind == shape.type
    assert expected.items() <= shown.items()


@pytest.mark.parametrize(
    ("program", "data", "accounts", "kind", "expected"),
    [
        (keys.ASSOCIATED_TOKEN_PROGRAM, b"", 6, "create", {"wallet": NAMES[2]}),
        (keys.ASSOCIATED_TOKEN_PROGRAM, b"\2", 7, "recoverNested", {"nestedMint": NAMES[1]}),
        (keys.LOADER_V2, struct.pack("<IIQ", 0, 4, 1) + b"\7", 1, "write", {"offset": 4, "bytes": "Bw=="}),
        (keys.UPGRADEABLE_LOADER, bytes(4), 2, "initializeBuffer", {"authority": NAMES[1]}),
        (keys.UPGRADEABLE_LOADER, bytes(4), 1, "initializeBuffer", {"account": NAMES[0]}),
        (keys.UPGRADEABLE_LOADER, struct.pack("<I", 4), 2, "setAuthority", {"newAuthority": None}),
        (keys.UPGRADEABLE_LOADER, struct.pack("<II", 6, 9), 3, "extendProgram", {"systemProgram": NAMES[2]}),
        (
            keys.LOOKUP_TABLE_PROGRAM,
            struct.pack("<IQ", 2, 1) + KEYS[7],
            4,
            "extendLookupTable",
            {"newAddresses": [NAMES[7]], "payerAccount": NAMES[2]},
        ),
        (keys.LOOKUP_TABLE_PROGRAM, struct.pack("<IQB", 0, 5, 254), 4, "createLookupTable", {"bumpSeed": 254}),
        (keys.LOOKUP_TABLE_PROGRAM, struct.pack("<I", 4), 3, "closeLookupTable", {"recipient": NAMES[2]}),
    ],
)
def test_other_instructions(program, data, accounts, kind, expected):
    found, shown = info(program, data, accounts)
    assert found == kind
    assert expected.items() <= shown.items()


@pytest.mark.parametrize(
    ("program", "data", "accounts"),
    [
        (KEYS[0], b"\0", 8),
        (keys.SYSTEM_PROGRAM, struct.pack("<I", 99), 8),
        (keys.SYSTEM_PROGRAM, struct.pack("<I", 2), 8),
        (keys.SYSTEM_PROGRAM, struct.pack("<IQ", 2, 5), 1),
        (keys.TOKEN_PROGRAM, b"", 8),
        (keys.TOKEN_PROGRAM, bytes([200]), 8),
        (keys.TOKEN_PROGRAM, bytes([6, 99, 0]), 8),
        (keys.TOKEN_PROGRAM, bytes([2, 1]), 2),
        (keys.TOKEN_PROGRAM, bytes([26, 99]), 8),
        (keys.TOKEN_PROGRAM, bytes([26, 3, 7]), 8),
        (keys.TOKEN_PROGRAM, bytes([39, 9]), 8),
        (keys.TOKEN_PROGRAM, bytes([24, 255]), 8),
        (keys.ASSOCIATED_TOKEN_PROGRAM, b"\7", 8),
        (keys.LOADER_V2, struct.pack("<I", 7), 8),
        (keys.LOOKUP_TABLE_PROGRAM, struct.pack("<I", 7), 8),
        (keys.MEMO_PROGRAM, b"\xff", 1),
        (keys.SYSTEM_PROGRAM, struct.pack("<I", 3) + KEYS[0] + struct.pack("<Q", 1) + b"\xff", 2),
    ],
)
def test_what_no_parser_knows_is_not_explained(program, data, accounts):
    assert parse_instruction(program, KEYS[:accounts], data) is None


def extended(*extensions):
    base = struct.pack("<I", 0) + bytes(32) + struct.pack("<QBB", 7, 2, 1) + struct.pack("<I", 0) + bytes(32)
    tail = b"".join(struct.pack("<HH", kind, len(value)) + value for kind, value in extensions)
    return base.ljust(165, b"\0") + b"\1" + tail


def test_mint_extensions_in_their_order():
    data = extended(
        (3, KEYS[0]),
        (6, b"\2"),
        (9, b""),
        (10, KEYS[0] + struct.pack("<qhqh", 1, 2, 3, -4)),
        (12, KEYS[0]),
        (14, KEYS[0] + bytes(32)),
        (20, KEYS[0] + KEYS[1]),
        (25, KEYS[0] + struct.pack("<dqd", 1.5, 9, 2.0)),
        (26, KEYS[0] + b"\1"),
        (4, bytes(65)),
        (99, b""),
    )
    account = Account(1, data, keys.TOKEN_2022_PROGRAM)
    assert is_mint(account)
    parsed = parse_account(KEYS[3], account, lambda _: None)
    assert parsed["program"] == "spl-token-2022"
    assert parsed["parsed"]["info"]["extensions"] == [
        {"extension": "mintCloseAuthority", "state": {"closeAuthority": NAMES[0]}},
        {"extension": "defaultAccountState", "state": {"accountState": "frozen"}},
        {"extension": "nonTransferable"},
        {
            "extension": "interestBearingConfig",
            "state": {
                "rateAuthority": NAMES[0],
                "initializationTimestamp": 1,
                "preUpdateAverageRate": 2,
                "lastUpdateTimestamp": 3,
                "currentRate": -4,
            },
        },
        {"extension": "permanentDelegate", "state": {"delegate": NAMES[0]}},
        {"extension": "transferHook", "state": {"authority": NAMES[0], "programId": None}},
        {"extension": "groupPointer", "state": {"authority": NAMES[0], "groupAddress": NAMES[1]}},
        {
            "extension": "scaledUiAmountConfig",
            "state": {
                "authority": NAMES[0],
                "multiplier": "1.5",
                "newMultiplierEffectiveTimestamp": 9,
                "newMultiplier": "2",
            },
        },
        {"extension": "pausableConfig", "state": {"authority": NAMES[0], "paused": True}},
        {"extension": "unparseableExtension"},
        {"extension": "unparseableExtension"},
    ]


def test_cut_extensions_end_the_list():
    assert parse_extensions(extended((8, b"\1"))[:-1]) == []
    assert parse_extensions(bytes(165)) == []


def test_a_token_account_needs_its_mint_to_be_explained():
    body = KEYS[0] + KEYS[1] + U64.pack(5) + bytes(36) + b"\1" + bytes(12) + bytes(8) + bytes(36)
    account = Account(1, body, keys.TOKEN_PROGRAM)
    assert is_token_account(account)
    assert parse_account(KEYS[2], account, lambda _: None) is None
    mint = Account(1, extended()[:82], keys.TOKEN_PROGRAM)
    parsed = parse_account(KEYS[2], account, lambda _: mint)
    assert parsed["parsed"]["info"]["tokenAmount"]["uiAmountString"] == "0.05"
    assert parse_account(KEYS[2], Account(1, bytes(165), keys.TOKEN_PROGRAM), lambda _: mint) is None
    assert not is_token_account(Account(1, body, KEYS[0]))
    assert not is_token_account(Account(1, bytes(355), keys.TOKEN_2022_PROGRAM))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (struct.pack("<I", 0), "uninitialized"),
        (struct.pack("<I", 1) + SOME + b"code", "buffer"),
        (struct.pack("<I", 2) + KEYS[0], "program"),
        (struct.pack("<IQ", 3, 7) + b"\0" + bytes(32) + b"code", "programData"),
    ],
)
def test_loader_accounts(data, kind):
    parsed = parse_account(KEYS[0], Account(1, data, keys.UPGRADEABLE_LOADER), lambda _: None)
    assert parsed["parsed"]["type"] == kind


def test_nonce_and_lookup_table_accounts():
    nonce = struct.pack("<II", 1, 1) + KEYS[0] + KEYS[1] + U64.pack(5000)
    parsed = parse_account(KEYS[2], Account(1, nonce, keys.SYSTEM_PROGRAM), lambda _: None)
    assert parsed["parsed"]["info"]["blockhash"] == NAMES[1]
    assert parse_account(KEYS[2], Account(1, b"", keys.SYSTEM_PROGRAM), lambda _: None) is None
    header = struct.pack("<IQQB", 1, 2**64 - 1, 9, 0) + b"\0"
    table = Account(1, header.ljust(56, b"\0") + KEYS[0], keys.LOOKUP_TABLE_PROGRAM)
    parsed = parse_account(KEYS[2], table, lambda _: None)
    assert parsed["parsed"]["info"]["addresses"] == [NAMES[0]]
    assert "authority" not in parsed["parsed"]["info"]
    empty = parse_account(KEYS[2], Account(1, bytes(56), keys.LOOKUP_TABLE_PROGRAM), lambda _: None)
    assert empty["parsed"] == {"type": "uninitialized"}


@pytest.mark.parametrize(
    ("key", "data", "kind", "expected"),
    [
        (keys.RENT, struct.pack("<QdB", 3480, 2.0, 50), "rent", {"lamportsPerByteYear": "3480"}),
        (keys.EPOCH_SCHEDULE, struct.pack("<QQ?QQ", 8, 8, False, 0, 0), "epochSchedule", {"warmup": False}),
        (keys.LAST_RESTART_SLOT, U64.pack(4), "lastRestartSlot", {"lastRestartSlot": 4}),
    ],
)
def test_sysvars(key, data, kind, expected):
    parsed = parse_account(key, Account(1, data, keys.SYSVAR_OWNER), lambda _: None)["parsed"]
    assert parsed["type"] == kind
    assert expected.items() <= parsed["info"].items()


def test_lists_in_sysvars():
    hashes = U64.pack(1) + U64.pack(9) + KEYS[0]
    parsed = parse_account(keys.SLOT_HASHES, Account(1, hashes, keys.SYSVAR_OWNER), lambda _: None)
    assert parsed["parsed"]["info"] == [{"slot": 9, "hash": NAMES[0]}]
    recent = U64.pack(1) + KEYS[0] + U64.pack(5000)
    parsed = parse_account(keys.RECENT_BLOCKHASHES, Account(1, recent, keys.SYSVAR_OWNER), lambda _: None)
    assert parsed["parsed"]["info"][0]["feeCalculator"] == {"lamportsPerSignature": "5000"}
    assert parse_account(keys.SLOT_HISTORY, Account(1, b"", keys.SYSVAR_OWNER), lambda _: None) is None
