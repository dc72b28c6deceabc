"""Metaplex's real Token Metadata program for tests; METAPLEX_TOKEN_METADATA names its folder.

It is of its first generation: it knows neither collections nor the later forms of its
instructions, whose accounts stand in the same order. So for it instructions are put into their
first form; those of today are compared byte for byte.
"""

import os
from pathlib import Path

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from launchpad.chain.instructions import launcher
from launchpad.chain.metaplex import METAPLEX, metadata_account
from tests.programs.harness import Chain

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "programs"
PROGRAM = Path(os.environ.get("METAPLEX_TOKEN_METADATA") or _BESIDE) / "metaplex_token_metadata.so"
MISSING = "METAPLEX_TOKEN_METADATA does not name a folder with metaplex_token_metadata.so"
needs_metaplex = pytest.mark.skipif(not PROGRAM.exists(), reason=MISSING)


def cluster_words() -> list[str]:
    """What `launchpad localnet` is started with to have the program."""
    return ["--program", f"{METAPLEX}={PROGRAM}"]


RENT = AccountMeta(Pubkey.from_string("SysvarRent111111111111111111111111111111111"), False, False)
_CREATE, _CREATE_V3, _UPDATE, _UPDATE_V2 = 0, 33, 1, 15
_MASTER_EDITION, _MASTER_EDITION_V3 = 10, 17


def install(chain: Chain) -> None:
    """Put Metaplex's program on a LiteSVM chain."""
    chain.svm.add_program_from_file(Pubkey.from_string(METAPLEX), PROGRAM)


def metadata_of(mint: Pubkey) -> Pubkey:
    """The program's account for a mint's metadata."""
    return Pubkey.from_string(metadata_account(str(mint)))


def metadata_data(mint: Pubkey, authority: Pubkey, *, mutable: bool = True) -> bytes:
    """The bytes of metadata as the program leaves them, for worlds without the program."""
    texts = [("Example", 32), ("EXM", 10), ("ipfs://x", 200)]
    listed = b"".join(length.to_bytes(4, "little") + text.encode().ljust(length, b"\0") for text, length in texts)
    data = b"\x04" + bytes(authority) + bytes(mint) + listed + bytes(4) + bytes([mutable])
    return data.ljust(679, b"\0")


def use_first_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let launches make metadata in the form that the old program takes."""
    today = launcher.make_spl_mint
    monkeypatch.setattr(launcher, "make_spl_mint", lambda *given: [first_form(each) for each in today(*given)])


def first_form(instruction: Instruction) -> Instruction:
    """An instruction of today as the program's first generation has it; of another program, as it is."""
    data, accounts = bytes(instruction.data), list(instruction.accounts)
    if str(instruction.program_id) != METAPLEX:
        return instruction
    if data[0] == _CREATE_V3:
        # No collection, no uses, whether it can change, no details: of these one was there already.
        assert data[-4:-2] + data[-1:] == bytes(3)
        data, accounts = bytes([_CREATE]) + data[1:-4] + data[-2:-1], [*accounts, RENT]
    elif data[0] == _UPDATE_V2:
        # No change of whether it can change and, where texts change, no collection and no uses.
        cut = 3 if data[1] else 1
        assert data[-cut:] == bytes(cut)
        data = bytes([_UPDATE]) + data[1:-cut]
    else:
        assert data[0] == _MASTER_EDITION_V3
        data, accounts = bytes([_MASTER_EDITION]) + data[1:], [*accounts, RENT]
    return Instruction(instruction.program_id, data, accounts)
