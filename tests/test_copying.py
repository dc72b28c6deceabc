"""Rows by COPY arrive as they were."""

import gc
import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal

from launchpad.copying import copy


async def test_whatever_a_row_holds_arrives_as_it_was(connection):
    await connection.execute(
        "CREATE TEMP TABLE things (a text, b bigint, c numeric, d boolean, e timestamptz, f json, g numeric)"
    )
    moment = datetime(2026, 11, 21, 13, 37, 5, 250_000, tzinfo=UTC)
    rows = [
        ("plain", 1, 2**64 - 1, True, moment, '{"a":"\\\\ \\" \\n"}', Decimal("1E-20")),
        ("back\\slash\ttab\nline\rreturn", -(2**63), 0, False, moment, "[]", Decimal("12.50")),
        ("None", 0, 0, True, moment, "{}", Decimal(1)),
        ("\\N", None, None, None, None, None, None),
        ("", 0, 0, False, moment, '"ä€😀"', Decimal(0)),
        (None, 0, 0, False, moment, "{}", Decimal(0)),
    ]
    await copy(connection, "things", ("a", "b", "c", "d", "e", "f", "g"), rows, free=("a", "f"))
    await copy(connection, "things", ("a",), [], free=())
    assert [tuple(row) for row in await connection.fetch("SELECT * FROM things")] == rows


async def test_what_was_copied_is_let_go_at_once(connection):
    await connection.execute("CREATE TEMP TABLE long (a text)")
    gc.disable()
    tracemalloc.start()
    try:
        await copy(connection, "long", ("a",), [("x" * 1000,)] * 5000, free=())
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    assert held < 1_000_000
