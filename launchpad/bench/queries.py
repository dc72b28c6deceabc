"""The SQL with which benches make up rows faster than any chain would bring them."""

import asyncpg

_TOKENS = """INSERT INTO tokens (mint, creator, curve, token_program, name, symbol, uri, decimals, supply, supply_mode,
    creation_fee, launched_at, slot, signature)
  SELECT 'mint' || lpad(n::text, 40, '0'), 'creator' || n % 500, 'curve' || n, 'program', 'Token ' || n, 'T' || n, '',
    9, 1000000000000000000, 'fixed', 0, now() - interval '2 days' + n * interval '1 second', 1000 + n, 'launch' || n
  FROM generate_series(1, $1::int) n"""
_CURVES = """INSERT INTO curves (mint, address, creator, status, decimals, sale_supply, liquidity_supply, sold,
    quote_reserve, raise_target, virtual_base, virtual_quote, protocol_fee_bps, creator_fee_bps, referrer_share_bps,
    segments, price, opened_at, position)
  SELECT mint, curve, creator, 'trading', 9, 793100000000000000, 206900000000000000, 0, 0, 85005359057,
    1073000000000000000, 30000000000, 50, 30, 0, jsonb_build_array(jsonb_build_object('base_reserve',
      1073000000000000000, 'quote_reserve', 30000000000, 'base_for_sale', 793100000000000000)),
    0.00000002796, launched_at, slot << 29
  FROM tokens"""
_HOLDERS = """INSERT INTO holders (mint, owner, balance, first_trade_at)
  SELECT t.mint, 'trader' || ((row_number() OVER () * 7 + n) % 5000), 1000000000000 * n,
    t.launched_at + n * interval '1 minute'
  FROM tokens t CROSS JOIN generate_series(1, $1::int) n ON CONFLICT DO NOTHING"""
# Trades of one span of time, spread evenly over it and by chance over the tokens.
_TRADES = """WITH made AS (
    SELECT n, 'mint' || lpad((1 + floor($2::int * random()))::int::text, 40, '0') AS mint,
      'trader' || floor(random() * 5000)::int AS trader, random() < 0.55 AS is_buy,
      floor(1000000 + random() * 500000000)::bigint AS amount, 0.00000002796 * (0.8 + random() * 0.4) AS price,
      $4::timestamptz + (n - 1) * $5::interval / $1::int AS moment,
      (($3::bigint + n / 4000) << 29) + (n % 4000) * 4096 AS position
    FROM generate_series(1, $1::int) n
  ), stored AS (
    INSERT INTO trades (signature, instruction, "inner", position, slot, traded_at, mint, trader, program, side,
      base_amount, quote_amount, protocol_fee, creator_fee, referrer_fee, price, sold, quote_reserve, virtual_base,
      virtual_quote)
    SELECT 'trade' || position, 0, 0, position, position >> 29, moment, mint, trader, 'bonding_curve',
      CASE WHEN is_buy THEN 'buy' ELSE 'sell' END, 1000000, amount, 0, 0, 0, price, 0, 30000000000, 1, 1 FROM made
  ) UPDATE curves c SET trade_count = c.trade_count + s.trades, volume_quote = c.volume_quote + s.volume,
      price = s.price, last_trade_at = s.moment
    FROM (SELECT mint, count(*) AS trades, sum(amount) AS volume, max(moment) AS moment,
      (array_agg(price ORDER BY position DESC))[1] AS price FROM made GROUP BY mint) s
    WHERE c.mint = s.mint"""


async def make_tokens(connection: asyncpg.Connection, tokens: int, holders: int) -> None:
    """`tokens` tokens on their curves, each with so many holders."""
    async with connection.transaction():
        await connection.execute(_TOKENS, tokens)
        await connection.execute(_CURVES)
        await connection.execute(_HOLDERS, holders)
    for table in ("tokens", "curves", "holders"):
        await connection.execute(f"ANALYZE {table}")


async def make_trades(
    connection: asyncpg.Connection, count: int, tokens: int, slot: int, start: object, span: object
) -> None:
    """`count` trades from `start` (a datetime) over `span` (a timedelta), from `slot` on."""
    await connection.execute(_TRADES, count, tokens, slot, start, span)


async def settle(connection: asyncpg.Connection) -> None:
    """Let the planner know what was made."""
    for table in ("trades", "token_metrics"):
        await connection.execute(f"VACUUM ANALYZE {table}")


async def streamed(connection: asyncpg.Connection) -> tuple[int, int, int, int]:
    """How many trades are stored, how many the curves count, and frames of them on the market: all, and different."""
    row = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM trades) AS stored, (SELECT sum(trade_count) FROM curves)::bigint AS counted, "
        "count(*) AS frames, count(DISTINCT (data ->> 'signature', data ->> 'instruction', data ->> 'inner')) AS n "
        "FROM outbox WHERE channel = 'market' AND type = 'trade'"
    )
    return row["stored"], row["counted"], row["frames"], row["n"]
