/** What adding to a pool takes and taking out of it gives: the server's arithmetic, for figures before it is asked. */

/** @typedef {{base: bigint, quote: bigint, shares: bigint}} Depth reserves and all shares */
/** @typedef {{base: bigint, quote: bigint, worstBase: bigint, worstQuote: bigint, shares: bigint, worstShares: bigint}} Change */

const BPS = 10_000n;

/** @param {bigint} numerator @param {bigint} denominator */
const up = (numerator, denominator) => (numerator + denominator - 1n) / denominator;

/** The other side at the pool's ratio. @param {"base" | "quote"} side @param {bigint} amount @param {Depth} pool */
export function matching(side, amount, pool) {
  return side === "quote" ? up(amount * pool.base, pool.quote) : up(amount * pool.quote, pool.base);
}

/**
 * Adding one side's amount and what of the other belongs to it; null where that is less than one share.
 * @param {"base" | "quote"} side the one that was typed @param {bigint} amount @param {Depth} pool @param {bigint} slippage basis points
 * @returns {Change | null}
 */
export function adding(side, amount, pool, slippage) {
  const [own, other] = side === "quote" ? [pool.quote, pool.base] : [pool.base, pool.quote];
  const most = up(amount * other * (BPS + slippage), own * BPS);
  const within = [(amount * pool.shares) / own, (most * pool.shares) / other];
  const shares = within[0] < within[1] ? within[0] : within[1];
  if (shares === 0n) return null;
  const worstShares = (shares * (BPS - slippage)) / BPS || 1n;
  const [worstBase, worstQuote] = side === "quote" ? [most, amount] : [amount, most];
  return { base: up(shares * pool.base, pool.shares), quote: up(shares * pool.quote, pool.shares), worstBase, worstQuote, shares, worstShares };
}

/**
 * Taking shares out; null where they return nothing.
 * @param {bigint} shares @param {Depth} pool @param {bigint} slippage basis points @returns {Change | null}
 */
export function taking(shares, pool, slippage) {
  const [base, quote] = [(shares * pool.base) / pool.shares, (shares * pool.quote) / pool.shares];
  if (base === 0n || quote === 0n) return null;
  const least = (/** @type {bigint} */ side) => (side * (BPS - slippage)) / BPS;
  return { base, quote, worstBase: least(base), worstQuote: least(quote), shares, worstShares: shares };
}

/** A wallet's part of all shares in basis points, once some were added or taken out. @param {bigint} held @param {bigint} change @param {Depth} pool */
export function partAfter(held, change, pool) {
  const all = pool.shares + change;
  return all > 0n ? Number(((held + change) * BPS) / all) : 0;
}
