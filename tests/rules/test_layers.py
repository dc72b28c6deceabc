"""The layers of docs/architecture.md: who may import, write, commit and tell."""

import ast
import re

DOORS = {"api", "chat", "web"}
CHAIN_LIBRARIES = {"anchorpy", "anchorpy_core", "solana", "solders"}
SQL_VERBS = {"select", "insert", "update", "delete", "text"}
SQL_TEXT = re.compile(
    r"^\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s)", re.DOTALL
)
SQL_PLACES = re.compile(r"(^|/)queries(_\w+)?\.py$|(^|/)queries/|^launchpad/tables/|^launchpad/indexer/writer(\.py|/)")
# The outbox itself (the row that `publish` writes, the publisher that reads it), and a bench that plays its part.
OUTBOX = re.compile(r"^launchpad/(live|outbox|bench/fanout)(\.py|/)")


def _tops(source):
    return {module.partition(".")[0] for module in source.imports()}


def test_the_domain_imports_no_door(sources):
    guilty = [s.name for s in sources if s.name.startswith("launchpad/") and _tops(s) & DOORS]
    assert guilty == []


def test_no_door_imports_another(sources):
    doors = [s for s in sources if s.name.partition("/")[0] in DOORS]
    guilty = [s.name for s in doors if _tops(s) & (DOORS - {s.name.partition("/")[0]})]
    assert guilty == []


def test_only_chain_and_localnet_know_the_solana_libraries(sources):
    allowed = ("launchpad/chain/", "launchpad/localnet/")
    guilty = [s.name for s in sources if _tops(s) & CHAIN_LIBRARIES and not s.name.startswith(allowed)]
    assert guilty == []


def test_sql_stands_only_where_queries_live(sources):
    guilty = [
        s.name
        for s in sources
        if not SQL_PLACES.search(s.name) and not OUTBOX.search(s.name) and (_sql_calls(s) or _sql_texts(s))
    ]
    assert guilty == []


def _sql_calls(source):
    names = {
        alias.asname or alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
        if alias.name in SQL_VERBS
    }
    return [call for call in source.calls() if isinstance(call.func, ast.Name) and call.func.id in names]


def _sql_texts(source):
    strings = (node.value for node in ast.walk(source.tree) if isinstance(node, ast.Constant))
    return [value for value in strings if isinstance(value, str) and SQL_TEXT.search(value)]


def test_only_the_session_scope_and_the_indexer_commit(sources):
    # The local cluster keeps a ledger of its own, which is no part of the product's database; Kafka has offsets.
    allowed = re.compile(r"^launchpad/(db\.py|indexer/|localnet/|bus/kafka_bus\.py$)")
    guilty = [s.name for s in sources if not allowed.search(s.name) and _methods(s, {"commit"})]
    assert guilty == []


def _methods(source, names):
    return [call for call in source.calls() if isinstance(call.func, ast.Attribute) and call.func.attr in names]


def test_only_the_indexers_handlers_record(sources):
    guilty = [
        f"{source.name}:{call.lineno}"
        for source in sources
        if source.name != "launchpad/indexer/handlers.py"
        for call in source.calls()
        if _called(call).startswith("record_")
    ]
    assert guilty == []


def _called(call):
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def test_redis_channels_are_told_only_by_the_outbox(sources):
    guilty = [
        f"{source.name}:{call.lineno}"
        for source in sources
        if not OUTBOX.search(source.name) and "redis" in _tops(source)
        for call in _methods(source, {"publish", "spublish"})
        if not (isinstance(call.func.value, ast.Name) and call.func.value.id == "live")
    ]
    assert guilty == []


def test_only_config_reads_the_environment(sources):
    guilty = [
        f"{source.name}:{node.lineno}"
        for source in sources
        if source.name != "launchpad/config.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv", "putenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert guilty == []


def test_nobody_waits_in_a_way_that_can_swallow_the_end(sources):
    # Until Python 3.12 `asyncio.wait_for` answers with a result that came as its task was cancelled;
    # `asyncio.timeout` does not.
    guilty = [f"{source.name}:{call.lineno}" for source in sources for call in _methods(source, {"wait_for"})]
    assert guilty == []
