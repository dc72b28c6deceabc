"""Rows and columns as text, which costs a fraction of what arrays of parameters do: a driver looks at each element."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

# What Python prints for no value. It ends fields and lists of numbers, addresses and words of ours, none of
# which is ever this word or holds a comma; text that may be anything is escaped, or travels as an array.
NULL = "None"
COMMA = ","


class Writes(Protocol):
    """What takes statements that write: a connection, or launchpad.indexer.ahead in its place."""

    async def execute(self, query: str, *args: Any) -> Any:
        """Run one statement."""

    async def copy_to_table(self, table_name: str, **options: Any) -> Any:
        """Append rows."""


def joined(column: Sequence[Any]) -> str | None:
    """A column as `split_of` takes it apart; None where it holds no value at all."""
    if column.count(None) == len(column):
        return None
    return COMMA.join(map(str, column))


def split_of(number: int) -> str:
    """SQL for the texts of a column that a parameter brings as `joined` made it."""
    return f"string_to_array(${number}::text, '{COMMA}', '{NULL}')"


def lines(rows: Iterable[Sequence[Any]], columns: Sequence[str], free: Collection[str]) -> str:
    """Rows as COPY takes them, a line each; text of the columns `free` may be anything."""
    form = "\t".join(["%s"] * len(columns))
    places = [columns.index(name) for name in free]
    return "\n".join([form % _cells(row, places) for row in rows])


def _cells(row: Sequence[Any], free: Sequence[int]) -> tuple[Any, ...]:
    if not free:
        return tuple(row)
    cells = list(row)
    for place in free:
        cells[place] = _escaped(cells[place])
    return tuple(cells)


def _escaped(value: str | None) -> str:
    """With the escape itself, and what ends fields and lines, escaped, so that no text looks like no value."""
    if value is None:
        return NULL
    if value == NULL:
        return "\\" + value
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


async def copy(
    connection: Writes,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    free: Collection[str],
) -> None:
    """Append rows that are known to be new; nothing happens where there are none."""
    body = lines(rows, columns, free)
    if body:
        source = source_of(body + "\n")
        await connection.copy_to_table(table, source=source, columns=columns, format="text", null=NULL)


def source_of(body: str) -> memoryview:
    """What COPY is given: of a file asyncpg makes a class each time, which keeps it until the collector comes."""
    return memoryview(body.encode())
