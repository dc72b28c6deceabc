"""Programs as they are deployed: their bytes against those that were built here, and who may change them.

A program account of the upgradeable loader names its ProgramData: u32 state (3), u64 slot of
the last deployment, an optional authority in 33 bytes, then the code, padded with zeros.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from launchpad.chain.addresses import PROGRAMS, UPGRADEABLE_LOADER
from launchpad.chain.borsh import key_text
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of
from launchpad.errors import NotFoundError

_BUILT = Path(__file__).parent / "programs"
_FINAL_LOADERS = ("BPFLoader2111111111111111111111111111111111", "BPFLoader1111111111111111111111111111111111")
_POINTER_BYTES = 36
_HEADER_BYTES = 45
_SLOT = slice(4, 12)
_HAS_AUTHORITY = 12
_AUTHORITY = slice(13, 45)
_SECURITY_BEGIN = b"=======BEGIN SECURITY.TXT V1=======\x00"
_SECURITY_END = b"=======END SECURITY.TXT V1=======\x00"


class NoProgramError(NotFoundError):
    """There is no program at this address that could be read."""

    code = "NO_PROGRAM"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One program on the cluster. Hashes are SHA-256 in hex of the code without the zeros behind it.

    `authority` None means that nobody can change it. `slot` is None where the loader keeps
    none; `built_hash` is None for a program that was not built here. `security` is what the
    code says about reporting faults: `contacts`, `policy` and so on; empty where it says nothing.
    """

    program: str
    name: str | None
    code_account: str
    authority: str | None
    slot: int | None
    code_hash: str
    code_bytes: int
    built_hash: str | None
    security: dict[str, str] = field(default_factory=dict)

    @property
    def matches(self) -> bool:
        """Whether what runs is what was built."""
        return self.built_hash is not None and self.code_hash == self.built_hash


def code_hash(code: bytes) -> str:
    """SHA-256 of a program's code in hex; the padding of its account counts for nothing."""
    return sha256(code.rstrip(b"\x00")).hexdigest()


def built_hash(name: str) -> str | None:
    """The hash of the program that was built here under a name, None where none was."""
    path = _BUILT / f"{name}.so"
    return code_hash(path.read_bytes()) if path.exists() else None


def security_text(code: bytes) -> dict[str, str]:
    """The security.txt inside a program's code, by key; empty where there is none that can be read.

    Between the two marks of solana-security-txt, keys and values that each end with a zero byte.
    """
    _, found, rest = code.partition(_SECURITY_BEGIN)
    body, ended, _ = rest.partition(_SECURITY_END)
    words = body.decode(errors="replace").split("\x00")[:-1]
    if not found or not ended or len(words) % 2:
        return {}
    return dict(zip(words[::2], words[1::2], strict=True))


async def fetch_deployment(rpc: RpcPool, program: str) -> Deployment:
    """A program's deployment as it is now; NoProgramError where there is none, or none that keeps its code."""
    account = await rpc.get_account(program)
    if account is None or not account["executable"]:
        raise NoProgramError(f"There is no program at {program} on this cluster: check the address.")
    if account["owner"] in _FINAL_LOADERS:
        return _deployment(program, program, data_of(account))
    data = data_of(account)
    if account["owner"] != UPGRADEABLE_LOADER or len(data) < _POINTER_BYTES:
        raise NoProgramError(f"{program} is part of the cluster's own software: it has no code of its own to compare.")
    address = key_text(data[4:_POINTER_BYTES])
    return _upgradeable(program, address, await rpc.get_account(address))


def _upgradeable(program: str, address: str, account: dict[str, Any] | None) -> Deployment:
    data = data_of(account) if account else b""
    if len(data) <= _HEADER_BYTES:
        raise NoProgramError(f"The program at {program} was closed: it has no code any more.")
    authority = key_text(data[_AUTHORITY]) if data[_HAS_AUTHORITY] else None
    slot = int.from_bytes(data[_SLOT], "little")
    return _deployment(program, address, data[_HEADER_BYTES:], authority, slot)


def _deployment(
    program: str, address: str, code: bytes, authority: str | None = None, slot: int | None = None
) -> Deployment:
    name = next((str(name) for name, known in PROGRAMS.items() if known == program), None)
    return Deployment(
        program=program,
        name=name,
        code_account=address,
        authority=authority,
        slot=slot,
        code_hash=code_hash(code),
        code_bytes=len(code.rstrip(b"\x00")),
        built_hash=built_hash(name) if name else None,
        security=security_text(code),
    )
