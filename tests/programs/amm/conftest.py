import pytest

from tests.programs.harness import AMM, Chain
from tests.programs.pool_market import Pool, create_config, free_pool, graduated


@pytest.fixture
def bare() -> Chain:
    """A runtime with the pools' program and no config yet."""
    return Chain([AMM])


@pytest.fixture
def chain(bare: Chain) -> Chain:
    """A runtime with the pools' program and its config."""
    create_config(bare)
    return bare


@pytest.fixture
def pool(chain: Chain) -> Pool:
    """A graduate's pool."""
    return graduated(chain)


@pytest.fixture
def free(chain: Chain) -> Pool:
    """A pool of anybody's."""
    return free_pool(chain)
