"""How far the periodic jobs came."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Lamports, Table


class WorkerPosition(Table):
    """The newest `chain_events.ordinal` that a job has taken in; moves in the transaction of what it wrote."""

    __tablename__ = "worker_positions"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(Lamports)
