"""Rows as the bytes of a file, page by page.

No cell begins with a sign that a spreadsheet would run as a formula: there are addresses,
signatures, words of our own, times and unsigned numbers, and nothing that people typed.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

Form = Literal["csv", "parquet"]
Row = Mapping[str, Any]

MEDIA_TYPES: dict[Form, str] = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}

_U64 = pa.decimal128(20, 0)
_SUM = pa.decimal128(38, 0)
TRADES = pa.schema(
    [
        ("traded_at", pa.timestamp("us", tz="UTC")),
        ("slot", pa.int64()),
        ("signature", pa.string()),
        ("instruction", pa.int16()),
        ("inner", pa.int16()),
        *((name, pa.string()) for name in ("mint", "venue", "pool", "side", "trader")),
        ("base_amount", _U64),
        ("quote_amount", _U64),
        *((f"{whose}_fee", _U64) for whose in ("protocol", "creator", "referrer", "launch", "liquidity")),
        ("price", pa.string()),
        ("counted", pa.bool_()),
        ("finalized", pa.bool_()),
    ]
)
CANDLES = pa.schema(
    [
        ("time", pa.int64()),
        *((name, pa.string()) for name in ("open", "high", "low", "close")),
        ("volume", _SUM),
        ("volume_base", _SUM),
        ("trades", pa.int64()),
    ]
)


class Encoder(Protocol):
    """Takes pages of rows and gives the bytes that are ready after each."""

    def page(self, rows: Sequence[Row]) -> bytes:
        """The bytes of some more rows."""

    def end(self) -> bytes:
        """The last bytes of the file."""


def encoder(form: Form, schema: pa.Schema) -> Encoder:
    """What writes a file of the columns of `schema`."""
    return _Csv(schema) if form == "csv" else _Parquet(schema)


class _Csv:
    """RFC 4180 with a header; absent values are empty."""

    def __init__(self, schema: pa.Schema) -> None:
        self._names = schema.names
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(self._names)

    def page(self, rows: Sequence[Row]) -> bytes:
        """The lines of some more rows."""
        self._writer.writerows([_cell(row[name]) for name in self._names] for row in rows)
        return self.end()

    def end(self) -> bytes:
        """The header, where there were no rows."""
        ready = self._text.getvalue().encode()
        self._text.seek(0)
        self._text.truncate()
        return ready


def _cell(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
    return value


class _Parquet:
    """A row group for each page."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._sink = _Sink()
        self._writer = pq.ParquetWriter(self._sink, schema)

    def page(self, rows: Sequence[Row]) -> bytes:
        """The bytes of one more row group."""
        columns = [pa.array([row[each.name] for row in rows], each.type) for each in self._schema]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        return self._sink.drain()

    def end(self) -> bytes:
        """The footer, without which no reader takes the file."""
        self._writer.close()
        return self._sink.drain()


class _Sink(io.RawIOBase):
    """Holds what was written until it is taken away, and counts all of it."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._total = 0

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, data: Any) -> int:
        """Keep some bytes."""
        size = memoryview(data).nbytes
        self._held += data
        self._total += size
        return size

    def tell(self) -> int:
        """Bytes written since the beginning, those taken away included."""
        return self._total

    def drain(self) -> bytes:
        """What was written since it was last drained."""
        ready = bytes(self._held)
        self._held.clear()
        return ready
