import pytest

from tests.programs.fee_router.routes import ALL, Route, open_route, split
from tests.programs.harness import Chain


@pytest.fixture
def chain() -> Chain:
    """A fresh runtime with every program that a router speaks to."""
    return Chain(ALL)


@pytest.fixture
def empty(chain: Chain) -> Route:
    """A router without recipients."""
    return open_route(chain)


@pytest.fixture
def route(empty: Route) -> Route:
    """A router of three, of whom the second has a half."""
    empty.change(split(2_500, 5_000, 2_500))
    return empty
