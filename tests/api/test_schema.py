"""Whatever the description allows, and much that it does not, is answered without a fault of ours."""

import threading

import hypothesis
import pytest
import schemathesis
import uvicorn
from hypothesis import strategies
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from launchpad.config import Settings

EXAMPLES = 12
# An event stream does not end, so nothing can wait for its whole answer; test_streams.py reads it.
ENDLESS = "/api/stream"
CHECKS_OF = {
    GenerationMode.POSITIVE: (
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ),
    GenerationMode.NEGATIVE: (not_a_server_error,),
}


@pytest.fixture(scope="session")
def served(market, wait_until):
    """A second application over the market's stores, behind a server in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(create_app(market.client.app.state.settings), port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def _questions():
    """Every operation with what fits its description, and with what does not where it takes anything at all."""
    schema = schemathesis.openapi.from_dict(create_app(Settings(_env_file=None)).openapi())
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path == ENDLESS:
            continue
        yield pytest.param(operation, GenerationMode.POSITIVE, id=f"{operation.label} as described")
        if operation.body or any(operation.iter_parameters()):
            yield pytest.param(operation, GenerationMode.NEGATIVE, id=f"{operation.label} not as described")


@pytest.mark.parametrize(("operation", "mode"), _questions())
def test_no_request_ends_in_a_fault(market, served, operation, mode):
    known = {"mint": market.mint, "wallet": market.trader.address}

    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), real=strategies.booleans())
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def ask(case, real):
        if real:
            case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
        answer = case.call(base_url=served, timeout=30)
        case.validate_response(answer, checks=CHECKS_OF[mode])

    ask()
