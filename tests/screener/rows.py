"""Rows of tokens with figures, made in the database itself: thousands in a second, and the same each time.

Token n is called `Token n`, was launched n seconds ago, has n holders, did n SOL in 24 hours and a tenth of that
in each shorter window, costs n/1000 SOL for a whole token and changed by n - 5 percent within the hour. Every
tenth has graduated, every fifth has a sale half done.
"""

from launchpad.db import connect_directly
from launchpad.tables.metrics import WINDOW_FIGURES, WINDOW_NAMES

_TOKENS = """INSERT INTO tokens (mint, creator, curve, token_program, name, symbol, uri, decimals, supply, supply_mode,
    creation_fee, launched_at, slot, signature, image_uri)
  SELECT '4' || translate(lpad(n::text, 43, 'x'), '0', 'z'), '5' || translate(lpad((n % 7)::text, 43, 'x'), '0', 'z'),
    'curve' || n, 'program', 'Token ' || n, 'T' || n, '', 9, 1000000000000000000, 'fixed', 0,
    now() - n * interval '1 second', n, 'launch' || n, NULL
  FROM generate_series(1, $1::int) n"""
_CURVES = """INSERT INTO curves (mint, address, creator, status, decimals, sale_supply, liquidity_supply, sold,
    quote_reserve, raise_target, virtual_base, virtual_quote, protocol_fee_bps, creator_fee_bps, referrer_share_bps,
    segments, price, opened_at, position)
  SELECT mint, curve, creator, CASE WHEN slot % 10 = 0 THEN 'graduated' ELSE 'trading' END, 9, 793100000000000000,
    206900000000000000, 0, slot * 1000000000, 85005359057, 1073000000000000000, 30000000000, 50, 30, 0,
    jsonb_build_array(jsonb_build_object('base_reserve', 1073000000000000000, 'quote_reserve', 30000000000,
      'base_for_sale', 793100000000000000)), slot * 0.000001, launched_at, slot << 29
  FROM tokens"""
_PLAIN = {
    "mint": "t.mint",
    "creator": "t.creator",
    "launched_at": "t.launched_at",
    "opened_at": "t.launched_at",
    "last_trade_at": "CASE WHEN n % 3 = 0 THEN NULL ELSE t.launched_at END",
    "status": "CASE WHEN n % 10 = 0 THEN 'graduated' ELSE 'trading' END",
    "venue": "CASE WHEN n % 10 = 0 THEN 'amm' ELSE 'curve' END",
    "price": "n * 0.000001",
    "price_sol": "n * 0.001",
    "supply": "1000000000000000000",
    "circulating": "1000000000000000000",
    "market_cap": "n::numeric * 1000000000000000",
    "liquidity": "n * 2000000000",
    "progress_ppm": "CASE WHEN n % 10 = 0 THEN 1000000 WHEN n % 5 = 0 THEN 500000 ELSE 10000 END",
    "trades": "n * 3",
    "volume": "n * 5000000000",
    "holders": "n",
    "updated_at": "now()",
    "distribution_at": "now()",
    "organic": "n % 100",
    "momentum_bps": "n",
    "score": "n % 100",
    **dict.fromkeys(("top_10_bps", "gini_bps", "creator_bps", "sniper_bps", "bundler_bps"), "n % 10000"),
    "fresh_bps": "0",
}


def _of_window(window: str) -> dict[str, str]:
    volume = "n * 1000000000" if window == "24h" else "n * 100000000"
    values = {"volume": volume, "ranked_volume": volume, "buys": "n", "sells": "n / 2", "buyers": "n / 2"}
    values |= {"sellers": "n / 4", "change_bps": "(n - 5) * 100", "high": "n * 0.000001", "low": "n * 0.000001"}
    values |= {"volatility_bps": "n"}
    return {f"{figure}_{window}": values[figure] for figure in WINDOW_FIGURES}


async def fill(url: str, count: int) -> None:
    """`count` tokens with their figures."""
    columns = dict(_PLAIN)
    for window in WINDOW_NAMES:
        columns |= _of_window(window)
    values = ", ".join(columns.values())
    source = "(SELECT tokens.*, slot AS n FROM tokens) t"
    figures = f"INSERT INTO token_metrics ({', '.join(columns)}) SELECT {values} FROM {source}"  # noqa: S608  fixed text
    connection = await connect_directly(url)
    try:
        async with connection.transaction():
            await connection.execute(_TOKENS, count)
            await connection.execute(_CURVES)
            await connection.execute(figures)
        for table in ("tokens", "curves", "token_metrics"):
            await connection.execute(f"ANALYZE {table}")
    finally:
        await connection.close()


def mint_of(number: int) -> str:
    """The mint of token `number`."""
    return "4" + str(number).rjust(43, "x").replace("0", "z")
