//! What must hold for every pool, every swap and every change of liquidity.

use {
    super::*,
    crate::{constants::*, error::Checked, AmmError},
    launchpad_common::wide::product,
    proptest::prelude::*,
};

/// Numbers of every magnitude.
fn sized() -> impl Strategy<Value = u64> {
    (0u32..63, any::<u64>()).prop_map(|(shift, value)| (value >> shift).max(1))
}

fn pools() -> impl Strategy<Value = Reserves> {
    (sized(), sized())
        .prop_map(|(base, quote)| Reserves { base, quote })
        .prop_filter("as large as a first deposit", |pool| first_shares(*pool).is_ok())
}

fn rates() -> impl Strategy<Value = FeeRates> {
    (0..=MAX_LP_FEE_BPS, 0..=MAX_PROTOCOL_FEE_BPS, 0..=MAX_CREATOR_FEE_BPS).prop_map(
        |(lp_bps, protocol_bps, creator_bps)| FeeRates { lp_bps, protocol_bps, creator_bps },
    )
}

fn swap(market: &Market, kind: u8, amount: u64) -> (bool, Checked<Quote>) {
    match kind {
        0 => (true, market.buy_exact_in(amount)),
        1 => (true, market.buy_exact_out(amount)),
        2 => (false, market.sell_exact_in(amount)),
        _ => (false, market.sell_exact_out(amount)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn k_never_falls_by_a_swap(
        reserves in pools(), rates in rates(), kind in 0u8..4, amount in sized(),
    ) {
        let (is_buy, quote) = swap(&Market { reserves, rates }, kind, amount);
        if let Ok(after) = quote.and_then(|quote| reserves.after(&quote, is_buy)) {
            prop_assert!(after.k() >= reserves.k());
            prop_assert!(after.base > 0 && after.quote > 0);
        }
    }

    #[test]
    fn nothing_is_lost_between_trader_reserves_and_fees(
        reserves in pools(), rates in rates(), kind in 0u8..4, amount in sized(),
    ) {
        if let (is_buy, Ok(quote)) = swap(&Market { reserves, rates }, kind, amount) {
            let Ok(after) = reserves.after(&quote, is_buy) else { return Ok(()) };
            let owed = quote.fees.protocol + quote.fees.creator;
            let vault = u128::from(after.quote) + u128::from(owed);
            let before = u128::from(reserves.quote);
            let total = u128::from(quote.total);
            prop_assert_eq!(vault, if is_buy { before + total } else { before - total });
        }
    }

    #[test]
    fn a_round_trip_never_gains(
        reserves in pools(), rates in rates(), kind in 0u8..2, amount in sized(),
    ) {
        let (_, bought) = swap(&Market { reserves, rates }, kind, amount);
        let Ok(bought) = bought else { return Ok(()) };
        let Ok(after) = reserves.after(&bought, true) else { return Ok(()) };
        let sold = Market { reserves: after, rates }.sell_exact_in(bought.base);
        if let Ok(sold) = sold {
            prop_assert!(sold.total <= bought.total);
        }
    }

    #[test]
    fn splitting_a_sale_brings_no_more_than_rounding_of_the_fees(
        reserves in pools(), amount in 2u64..1 << 50, cut in 1u64..1 << 50,
    ) {
        let rates = FeeRates { lp_bps: 0, protocol_bps: 0, creator_bps: 0 };
        let market = Market { reserves, rates };
        let first = cut % amount;
        let Ok(whole) = market.sell_exact_in(amount) else { return Ok(()) };
        let Ok(one) = market.sell_exact_in(first) else { return Ok(()) };
        let rest = Market { reserves: reserves.after(&one, false).unwrap(), rates };
        if let Ok(two) = rest.sell_exact_in(amount - first) {
            prop_assert!(one.total + two.total <= whole.total);
        }
    }

    #[test]
    fn exact_in_and_exact_out_agree(
        reserves in pools(), rates in rates(), amount in sized(), is_buy: bool,
    ) {
        let market = Market { reserves, rates };
        let (by_in, by_out) = if is_buy {
            let Ok(by_in) = market.buy_exact_in(amount) else { return Ok(()) };
            (by_in, market.buy_exact_out(by_in.base).unwrap())
        } else {
            let Ok(by_in) = market.sell_exact_in(amount) else { return Ok(()) };
            (by_in, market.sell_exact_out(by_in.total).unwrap())
        };
        // Asking for what an exact input brings never costs more than that input.
        if is_buy {
            prop_assert!(by_out.total <= by_in.total);
        } else {
            prop_assert!(by_out.base <= by_in.base);
        }
    }

    #[test]
    fn fees_round_up_once_and_are_split_without_loss(amount: u64, rates in rates()) {
        let fees = rates.on(amount).unwrap();
        let bps = u128::from(rates.lp_bps + rates.protocol_bps + rates.creator_bps);
        let exact = u128::from(amount) * bps;
        prop_assert_eq!(u128::from(fees.total().unwrap()), exact.div_ceil(10_000));
        prop_assert!(u128::from(fees.lp) >= u128::from(amount) * u128::from(rates.lp_bps) / 10_000);
    }

    #[test]
    fn a_deposit_costs_at_most_its_limits_and_dilutes_nobody(
        reserves in pools(), supply in 1_001u64.., most in (sized(), sized()),
    ) {
        let most = Reserves { base: most.0, quote: most.1 };
        let Ok(shares) = shares_within(most, reserves, supply) else { return Ok(()) };
        let cost = cost_of(shares, reserves, supply).unwrap();
        prop_assert!(cost.base <= most.base && cost.quote <= most.quote);
        // Each side: (reserve + cost) / (supply + shares) >= reserve / supply.
        prop_assert!(product(cost.base, supply) >= product(reserves.base, shares));
        prop_assert!(product(cost.quote, supply) >= product(reserves.quote, shares));
    }

    #[test]
    fn a_withdrawal_leaves_everybody_else_at_least_as_much(
        reserves in pools(), supply in 1_001u64.., shares in sized(),
    ) {
        match worth_of(shares, reserves, supply) {
            Ok(worth) => {
                prop_assert!(product(worth.base, supply) <= product(reserves.base, shares));
                prop_assert!(product(worth.quote, supply) <= product(reserves.quote, shares));
                prop_assert!(worth.base < reserves.base && worth.quote < reserves.quote);
            }
            Err(error) => prop_assert_ne!(error, AmmError::Overflow),
        }
    }

    #[test]
    fn a_deposit_withdrawn_at_once_gains_nothing(
        reserves in pools(), supply in 1_001u64..1 << 60, most in (sized(), sized()),
    ) {
        let most = Reserves { base: most.0, quote: most.1 };
        let Ok(shares) = shares_within(most, reserves, supply) else { return Ok(()) };
        let cost = cost_of(shares, reserves, supply).unwrap();
        let sides = (reserves.base.checked_add(cost.base), reserves.quote.checked_add(cost.quote));
        let (Some(base), Some(quote), Some(all)) = (sides.0, sides.1, supply.checked_add(shares))
        else { return Ok(()) };
        if let Ok(worth) = worth_of(shares, Reserves { base, quote }, all) {
            prop_assert!(worth.base <= cost.base && worth.quote <= cost.quote);
        }
    }

    #[test]
    fn a_gift_to_an_empty_pool_robs_the_next_depositor_of_less_than_a_thousandth(
        gift in 1u64..1 << 55, deposit in 1u64..1 << 40,
    ) {
        // The smallest first deposit, one share to its owner, and a gift that makes shares dear.
        let supply = first_shares(Reserves { base: 1_001, quote: 1_001 }).unwrap();
        let reserves = Reserves { base: 1_001, quote: 1_001 + gift };
        let most = Reserves { base: 1 << 62, quote: gift / 1_000 + deposit };
        if let Ok(shares) = shares_within(most, reserves, supply) {
            let cost = cost_of(shares, reserves, supply).unwrap();
            // The giver owns one share of a thousand and one: what the deposit adds to
            // it is less than what was given away.
            let gained = product(cost.quote, 1) / u128::from(supply);
            prop_assert!(gained <= u128::from(cost.quote / 1_000 + 1));
        }
    }

    #[test]
    fn a_ratio_is_the_quotient_in_binary_fixed_point(numerator: u64, denominator in 1u64..) {
        let found = ratio(numerator, denominator).unwrap();
        let whole = u128::from(numerator) << 64;
        prop_assert_eq!(found, whole / u128::from(denominator));
    }
}

#[test]
fn a_ratio_has_a_denominator() {
    assert_eq!(ratio(1, 0), Err(AmmError::Overflow));
}

#[test]
fn two_hundred_tiny_trades_never_profit() {
    let rates = FeeRates { lp_bps: 20, protocol_bps: 5, creator_bps: 30 };
    let mut reserves = Reserves { base: 1_000_003, quote: 999_983 };
    let (mut base, mut quote) = (1_000i128, 1_000i128);
    let mut k = reserves.k();
    for step in 0..200u64 {
        let market = Market { reserves, rates };
        let (is_buy, found) = swap(&market, u8::try_from(step % 4).unwrap(), 1 + step % 7);
        let Ok(found) = found else { continue };
        reserves = reserves.after(&found, is_buy).unwrap();
        assert!(reserves.k() >= k);
        k = reserves.k();
        let sign = if is_buy { 1 } else { -1 };
        base += sign * i128::from(found.base);
        quote -= sign * i128::from(found.total);
    }
    // At the first price, which is about one to one.
    assert!(base + quote <= 2_000);
}

#[test]
fn the_smallest_trades_never_underflow() {
    let rates = FeeRates { lp_bps: 100, protocol_bps: 50, creator_bps: 100 };
    let market = Market { reserves: Reserves { base: 1 << 40, quote: 1 << 40 }, rates };
    for amount in 1..=100 {
        for kind in 0..4 {
            match swap(&market, kind, amount).1 {
                Ok(quote) => assert!(quote.base > 0 && quote.total > 0),
                Err(error) => assert_eq!(error, AmmError::AmountTooSmall),
            }
        }
    }
}

#[test]
fn a_market_cap_beyond_64_bits_is_the_largest() {
    let reserves = Reserves { base: 1, quote: u64::MAX };
    assert_eq!(market_cap(2, reserves), u64::MAX);
    assert_eq!(market_cap(0, reserves), 0);
}
