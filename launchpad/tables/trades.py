"""Trades, fee payments, token accounts and holders."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Computed, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Price, Table


class Trade(Table):
    """One `Traded` event of a curve or swap in a pool. The key makes replaying any range harmless.

    Of a swap, `virtual_base` and `virtual_quote` are the pool's reserves after it. What is not
    `counted` moves neither price nor volume: swaps in pools that are not the graduate's own.

    `position` orders trades across the chain: slot, then place in the slot, then
    instruction (see launchpad.indexer.position); it is also the cursor of lists.
    """

    __tablename__ = "trades"

    signature: Mapped[str] = mapped_column(String(88), primary_key=True)
    instruction: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    inner: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int] = mapped_column(Lamports)
    slot: Mapped[int] = mapped_column(Lamports)
    traded_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    mint: Mapped[str] = mapped_column(String(44))
    trader: Mapped[str] = mapped_column(String(44))
    program: Mapped[str] = mapped_column(String(16))  # bonding_curve, amm, raydium
    side: Mapped[str] = mapped_column(String(4))  # buy, sell
    base_amount: Mapped[Decimal] = mapped_column(Base_u64)
    quote_amount: Mapped[int] = mapped_column(Lamports)
    protocol_fee: Mapped[int] = mapped_column(Lamports)
    creator_fee: Mapped[int] = mapped_column(Lamports)
    referrer_fee: Mapped[int] = mapped_column(Lamports)
    referrer: Mapped[str | None] = mapped_column(String(44))
    price: Mapped[Decimal] = mapped_column(Price)
    sold: Mapped[Decimal] = mapped_column(Base_u64)
    quote_reserve: Mapped[int] = mapped_column(Lamports)
    virtual_base: Mapped[Decimal] = mapped_column(Base_u64)
    virtual_quote: Mapped[Decimal] = mapped_column(Base_u64)
    compute_units: Mapped[int | None] = mapped_column(Lamports)
    # What the whole transaction paid beyond 5 000 lamports a signature.
    priority_fee: Mapped[int | None] = mapped_column(Lamports)
    finalized: Mapped[bool] = mapped_column(server_default=text("false"))
    launch_fee: Mapped[int] = mapped_column(Lamports, server_default=text("0"))
    liquidity_fee: Mapped[int] = mapped_column(Lamports, server_default=text("0"))
    venue: Mapped[str] = mapped_column(String(8), server_default="curve")  # curve, amm, raydium
    pool: Mapped[str | None] = mapped_column(String(44))
    counted: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        Index("ix_trades_mint_position", "mint", text("position DESC")),
        Index("ix_trades_trader_position", "trader", text("position DESC")),
        Index("ix_trades_traded_at", "traded_at"),
        Index("ix_trades_position", text("position DESC")),
        Index("ix_trades_pool_position", "pool", text("position DESC"), postgresql_where=text("pool IS NOT NULL")),
        {"postgresql_partition_by": "RANGE (traded_at)"},
    )


class FeeEvent(Table):
    """One fee that was claimed or swept (`FeesClaimed`); of a pool that is no graduate's own, `mint` is null."""

    __tablename__ = "fee_events"

    signature: Mapped[str] = mapped_column(String(88), primary_key=True)
    instruction: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    inner: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int] = mapped_column(Lamports)
    slot: Mapped[int] = mapped_column(Lamports)
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    mint: Mapped[str | None] = mapped_column(String(44), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # protocol, creator, referrer, creation
    recipient: Mapped[str] = mapped_column(String(44), index=True)
    amount: Mapped[int] = mapped_column(Lamports)
    finalized: Mapped[bool] = mapped_column(server_default=text("false"))
    pool: Mapped[str | None] = mapped_column(String(44))

    __table_args__ = (Index("ix_fee_events_position", text("position DESC")),)


class TokenAccount(Table):
    """What the chain last said of one token account of a launched token.

    `position` is that of the transaction that said it, so that replays and late
    arrivals never bring back an older balance.
    """

    __tablename__ = "token_accounts"

    account: Mapped[str] = mapped_column(String(44), primary_key=True)
    mint: Mapped[str] = mapped_column(String(44))
    owner: Mapped[str] = mapped_column(String(44))
    amount: Mapped[Decimal] = mapped_column(Base_u64)
    position: Mapped[int] = mapped_column(Lamports)

    __table_args__ = (Index("ix_token_accounts_mint_owner", "mint", "owner"),)


class Holder(Table):
    """A wallet's holding of one token, and the sums that its profit is worked out from.

    `balance` is the sum of the owner's rows in `token_accounts`; the
    four sums come from indexed trades, fees included, so they do not depend on order.

    `magnitude` is how many digits `balance` has, null for nothing. It stands in the index in the place
    of the balance, because it seldom changes: a trade then leaves every index as it is.
    """

    __tablename__ = "holders"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    owner: Mapped[str] = mapped_column(String(44), primary_key=True)
    balance: Mapped[Decimal] = mapped_column(Base_u64, server_default="0")
    base_bought: Mapped[Decimal] = mapped_column(Base_u64, server_default="0")
    base_sold: Mapped[Decimal] = mapped_column(Base_u64, server_default="0")
    quote_spent: Mapped[int] = mapped_column(Lamports, server_default="0")
    quote_received: Mapped[int] = mapped_column(Lamports, server_default="0")
    first_trade_at: Mapped[datetime | None] = mapped_column(Instant)
    last_trade_at: Mapped[datetime | None] = mapped_column(Instant)
    balance_position: Mapped[int] = mapped_column(Lamports, server_default="0")
    magnitude: Mapped[int | None] = mapped_column(
        SmallInteger, Computed("length((NULLIF(balance, (0)::numeric))::text)", persisted=True)
    )

    __table_args__ = (
        Index(
            "ix_holders_mint_magnitude",
            *("mint", text("magnitude DESC")),
            postgresql_where=text("magnitude IS NOT NULL"),
        ),
        Index("ix_holders_owner", "owner"),
    )
