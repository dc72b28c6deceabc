"""What all tables share: the metadata with its naming, and the column types of money.

Base (token) amounts are u64 and do not fit a bigint, so they are NUMERIC(20, 0).
Quote amounts are lamports, of which fewer than 2**63 exist: BIGINT. A price is
lamports per base unit, an exact ratio rounded to 20 decimals.
"""

from sqlalchemy import BigInteger, DateTime, MetaData, Numeric
from sqlalchemy.orm import DeclarativeBase

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    },
)

Base_u64 = Numeric(20, 0)
Lamports = BigInteger()
Price = Numeric(40, 20)
Instant = DateTime(timezone=True)


class Table(DeclarativeBase):
    """Root of every mapped table."""

    metadata = metadata
