import pytest

from tests.programs.harness import Chain


@pytest.fixture
def chain() -> Chain:
    """A fresh runtime with our three programs and nothing else."""
    return Chain()
