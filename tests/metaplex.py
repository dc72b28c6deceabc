"""Metaplex's real Token Metadata program for tests; METAPLEX_TOKEN_METADATA names its folder."""

import os
from pathlib import Path

import pytest

from launchpad.chain.metaplex import METAPLEX

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "programs"
PROGRAM = Path(os.environ.get("METAPLEX_TOKEN_METADATA") or _BESIDE) / "metaplex_token_metadata.so"
MISSING = "METAPLEX_TOKEN_METADATA does not name a folder with metaplex_token_metadata.so"
needs_metaplex = pytest.mark.skipif(not PROGRAM.exists(), reason=MISSING)


def cluster_words() -> list[str]:
    """What `launchpad localnet` is started with to have the program."""
    return ["--program", f"{METAPLEX}={PROGRAM}"]
