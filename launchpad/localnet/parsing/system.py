"""Instructions of the system program."""

from typing import Any

from launchpad.localnet.keys import Key
from launchpad.localnet.parsing.reader import Reader
from launchpad.localnet.parsing.shapes import Shape, UnknownShapeError

LAMPORTS = ("lamports", Reader.u64)
SPACE = ("space", Reader.u64)
OWNER = ("owner", Reader.key)
BASE = ("base", Reader.key)
SEED = ("seed", Reader.text)

SHAPES = (
    Shape("createAccount", ("source", "newAccount"), (LAMPORTS, SPACE, OWNER)),
    Shape("assign", ("account",), (OWNER,)),
    Shape("transfer", ("source", "destination"), (LAMPORTS,)),
    Shape("createAccountWithSeed", ("source", "newAccount"), (BASE, SEED, LAMPORTS, SPACE, OWNER)),
    Shape("advanceNonce", ("nonceAccount", "recentBlockhashesSysvar", "nonceAuthority")),
    Shape(
        "withdrawFromNonce",
        ("nonceAccount", "destination", "recentBlockhashesSysvar", "rentSysvar", "nonceAuthority"),
        (LAMPORTS,),
    ),
    Shape(
        "initializeNonce",
        ("nonceAccount", "recentBlockhashesSysvar", "rentSysvar"),
        (("nonceAuthority", Reader.key),),
    ),
    Shape("authorizeNonce", ("nonceAccount", "nonceAuthority"), (("newAuthorized", Reader.key),)),
    Shape("allocate", ("account",), (SPACE,)),
    Shape("allocateWithSeed", ("account",), (BASE, SEED, SPACE, OWNER)),
    Shape("assignWithSeed", ("account",), (BASE, SEED, OWNER)),
    Shape(
        "transferWithSeed",
        ("source", "sourceBase", "destination"),
        (LAMPORTS, ("sourceSeed", Reader.text), ("sourceOwner", Reader.key)),
    ),
    Shape("upgradeNonce", ("nonceAccount",)),
)


def parse_system(accounts: list[Key], data: bytes) -> dict[str, Any]:
    """An instruction of the system program."""
    reader = Reader(data)
    kind = reader.u32()
    if kind >= len(SHAPES):
        raise UnknownShapeError
    return SHAPES[kind].parse(accounts, reader)
