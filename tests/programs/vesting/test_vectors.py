"""The golden vectors that Rust and Python share."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_committed_vectors_are_what_the_model_says(tmp_path: Path) -> None:
    fresh = tmp_path / "vesting.json"
    subprocess.run([sys.executable, ROOT / "scripts" / "make_vesting_vectors.py", fresh], check=True)
    assert fresh.read_text() == (ROOT / "tests" / "vectors" / "vesting.json").read_text()
