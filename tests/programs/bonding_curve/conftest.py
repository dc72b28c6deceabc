import pytest

from tests.programs.curve_market import Market, create_config, open_market
from tests.programs.harness import CURVE, Chain


@pytest.fixture
def bare() -> Chain:
    """A runtime with the bonding curve and no config yet."""
    return Chain([CURVE])


@pytest.fixture
def chain(bare: Chain) -> Chain:
    """A runtime with the bonding curve and its config."""
    create_config(bare)
    return bare


@pytest.fixture
def market(chain: Chain) -> Market:
    """A classic curve of a Token-2022 mint."""
    return open_market(chain)
