//! What must hold for every curve and every trade.

use {
    super::*,
    crate::{constants::*, state::Segment, CurveError},
    proptest::prelude::*,
};

/// Segments at rising prices: each begins at the last one's rounded end or above it.
fn curves() -> impl Strategy<Value = Vec<Segment>> {
    let steps = prop::collection::vec((2u64..1 << 40, 1u64..1 << 20, 1u64..100), 1..=32);
    (1u64..1 << 30, steps)
        .prop_map(|(quote, steps)| {
            let mut price = (quote, 1u64 << 40);
            steps
                .into_iter()
                .map_while(|(base_reserve, part, jump)| {
                    let exact = u128::from(base_reserve) * u128::from(price.0);
                    let quote = exact.div_ceil(u128::from(price.1)) + u128::from(jump);
                    let quote_reserve =
                        u64::try_from(quote).ok().filter(|quote| *quote < 1 << 50)?;
                    let base_for_sale = 1 + part % (base_reserve - 1);
                    let end = base_reserve - base_for_sale;
                    let segment = Segment { base_reserve, quote_reserve, base_for_sale };
                    // One more lamport than the rounded end is above the exact end.
                    let last =
                        u128::from(base_reserve) * u128::from(quote_reserve) / u128::from(end);
                    price = (u64::try_from(last).ok()? + 1, end);
                    Some(segment)
                })
                .collect()
        })
        .prop_filter("at least one segment", |segments: &Vec<Segment>| !segments.is_empty())
}

fn rates() -> impl Strategy<Value = FeeRates> {
    let launch = prop_oneof![Just(0), 0..=MAX_LAUNCH_FEE_BPS];
    let shares = (0..=MAX_PROTOCOL_FEE_BPS, 0..=MAX_CREATOR_FEE_BPS, 0..=MAX_REFERRER_SHARE_BPS);
    (shares, launch).prop_map(|((protocol_bps, creator_bps, referrer_share_bps), launch_bps)| {
        FeeRates { protocol_bps, creator_bps, referrer_share_bps, launch_bps }
    })
}

const NO_FEES: FeeRates =
    FeeRates { protocol_bps: 0, creator_bps: 0, referrer_share_bps: 0, launch_bps: 0 };

fn supply(segments: &[Segment]) -> u64 {
    segments.iter().map(|segment| segment.base_for_sale).sum()
}

fn market(segments: &[Segment], sold: u64, rates: FeeRates, referred: bool) -> Market<&[Segment]> {
    let sale_supply = supply(segments);
    Market {
        segments,
        sale_supply,
        raise_target: validate(segments, sale_supply).unwrap(),
        sold,
        quote_reserve: place_of(segments, sold).unwrap().reserve,
        rates,
        referred,
    }
}

/// A part of `whole` in thousandths of a thousandth.
fn part(whole: u64, millionths: u64) -> u64 {
    u64::try_from(u128::from(whole) * u128::from(millionths) / 1_000_000).unwrap()
}

fn millionths() -> impl Strategy<Value = u64> {
    0u64..=1_000_000
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_reserve_never_falls_as_more_is_sold(segments in curves(), at in millionths(), more in millionths()) {
        let all = supply(&segments);
        let less = part(all, at);
        let more = less + part(all - less, more);
        prop_assert!(place_of(segments.as_slice(), less).unwrap().reserve <= place_of(segments.as_slice(), more).unwrap().reserve);
    }

    #[test]
    fn sold_within_is_the_exact_inverse(segments in curves(), at in millionths()) {
        let all = supply(&segments);
        let sold = part(all, at);
        let reserve = place_of(segments.as_slice(), sold).unwrap().reserve;
        let (most, place) = sold_within(segments.as_slice(), reserve).unwrap();
        prop_assert_eq!(Ok(place), place_of(segments.as_slice(), most));
        prop_assert!(most >= sold);
        prop_assert_eq!(place_of(segments.as_slice(), most).unwrap().reserve, reserve);
        if most < all {
            prop_assert!(place_of(segments.as_slice(), most + 1).unwrap().reserve > reserve);
        }
    }

    #[test]
    fn the_spot_price_never_falls(segments in curves(), at in millionths(), more in millionths()) {
        let all = supply(&segments);
        let less = part(all, at);
        let (low, high) = (less, less + part(all - less, more));
        let (low, high) = (place_of(segments.as_slice(), low).unwrap(), place_of(segments.as_slice(), high).unwrap());
        // Rounded up, the lower price may be too high by one lamport.
        let left = u128::from(low.virtual_quote - 1) * u128::from(high.virtual_base);
        prop_assert!(left <= u128::from(high.virtual_quote) * u128::from(low.virtual_base));
    }

    #[test]
    fn a_buy_charges_at_most_what_was_offered_and_leaves_no_unit_affordable(
        segments in curves(), rates in rates(), at in millionths(), money in 1u64..1 << 55,
    ) {
        let all = supply(&segments);
        let market = market(&segments, part(all, at), rates, false);
        if let Ok(quote) = market.buy_exact_in(money) {
            prop_assert!(quote.total <= money);
            if market.sold + quote.base < all {
                let more = market.buy_exact_out(quote.base + 1).unwrap();
                prop_assert!(more.total > money);
            }
            prop_assert_eq!(market.buy_exact_out(quote.base), Ok(quote));
        }
    }

    #[test]
    fn a_round_trip_without_fees_returns_exactly_its_cost(segments in curves(), at in millionths(), size in millionths()) {
        let all = supply(&segments);
        let sold = part(all, at);
        let before = market(&segments, sold, NO_FEES, false);
        if let Ok(bought) = before.buy_exact_out(part(all - sold, size).max(1)) {
            let after = market(&segments, sold + bought.base, NO_FEES, false);
            if let Ok(returned) = after.sell(bought.base) {
                prop_assert_eq!(returned.total, bought.total);
                prop_assert_eq!(returned.place, place_of(segments.as_slice(), sold).unwrap());
            }
        }
    }

    #[test]
    fn a_round_trip_with_fees_never_gains(segments in curves(), rates in rates(), at in millionths(), size in millionths()) {
        let all = supply(&segments);
        let sold = part(all, at);
        let before = market(&segments, sold, rates, true);
        if let Ok(bought) = before.buy_exact_out(part(all - sold, size).max(1)) {
            let after = market(&segments, sold + bought.base, rates, true);
            if let Ok(returned) = after.sell(bought.base) {
                prop_assert!(returned.total <= bought.total);
            }
        }
    }

    #[test]
    fn splitting_a_buy_never_makes_it_cheaper(segments in curves(), rates in rates(), at in millionths(), cut in millionths()) {
        let all = supply(&segments);
        let sold = part(all, at);
        let left = all - sold;
        let first = part(left, cut);
        let whole = market(&segments, sold, rates, false).buy_exact_out(left);
        let one = market(&segments, sold, rates, false).buy_exact_out(first);
        let two = market(&segments, sold + first, rates, false).buy_exact_out(left - first);
        if let (Ok(whole), Ok(one), Ok(two)) = (whole, one, two) {
            prop_assert!(one.total + two.total >= whole.total);
            prop_assert_eq!(one.amount + two.amount, whole.amount);
        }
    }

    #[test]
    fn fees_are_split_without_loss(amount in 0u64..1 << 60, rates in rates()) {
        let alone = rates.on(amount, false).unwrap();
        let shared = rates.on(amount, true).unwrap();
        prop_assert_eq!(alone.total().unwrap(), shared.total().unwrap());
        prop_assert_eq!(alone.protocol, shared.protocol + shared.referrer);
        prop_assert!(shared.referrer <= shared.protocol);
    }

    #[test]
    fn everything_can_be_sold_back_down_to_an_empty_reserve(segments in curves(), rates in rates()) {
        let all = supply(&segments);
        let market = market(&segments, all, rates, false);
        match market.sell(all) {
            Ok(quote) => prop_assert_eq!((quote.amount, quote.place.reserve), (market.raise_target, 0)),
            Err(error) => prop_assert_eq!(error, CurveError::AmountTooSmall),
        }
    }
}

proptest! {
    #[test]
    fn refunds_in_any_order_and_size_empty_the_reserve(
        reserve in 1u64.., sold in 1u64.., cuts in prop::collection::vec(millionths(), 0..20),
    ) {
        let (mut left, mut out) = (reserve, sold);
        for cut in cuts {
            let base = part(out, cut);
            if let Ok(paid) = refund(left, out, base) {
                // Nobody gets more than their part of the first reserve by coming later or earlier.
                let fair = u128::from(reserve) * u128::from(base) / u128::from(sold);
                prop_assert!(u128::from(paid) >= fair);
                (left, out) = (left - paid, out - base);
            }
        }
        if out > 0 {
            prop_assert_eq!(refund(left, out, out), Ok(left));
        } else {
            prop_assert_eq!(left, 0);
        }
    }
}

#[test]
fn the_classic_curve_raises_what_it_is_known_for() {
    let segments = [Segment {
        base_reserve: 1_073_000_000 * 1_000_000_000,
        quote_reserve: 30 * 1_000_000_000,
        base_for_sale: 793_100_000 * 1_000_000_000,
    }];
    let market = market(&segments, 0, NO_FEES, false);
    assert_eq!(market.raise_target, 85_005_359_057);
    let first = market.buy_exact_in(1_000_000_000).unwrap();
    assert_eq!(first.base / 100_000_000, 346_129_032, "34 612 903.2 tokens for the first SOL");
}

#[test]
fn more_than_the_segments_have_cannot_be_sold() {
    let segments = [Segment { base_reserve: 10, quote_reserve: 10, base_for_sale: 5 }];
    assert_eq!(place_of(segments.as_slice(), 6), Err(CurveError::Overflow));
    let none: &[Segment] = &[];
    assert_eq!(place_of(none, 0), Err(CurveError::InvalidSegments));
    assert_eq!(sold_within(none, 0), Err(CurveError::InvalidSegments));
}
