//! Every tiny pool and every step in it: no sampling, so what is asserted here
//! is proved for these sizes. A rule that holds for each step from each state
//! holds for every sequence that stays within them.

use super::*;

const RATES: [FeeRates; 3] = [rates(0, 0, 0), rates(20, 5, 30), rates(100, 50, 100)];
const LARGEST: u64 = 24;
const SUPPLIES: [u64; 3] = [1_001, 1_500, 4_321];

const fn rates(lp_bps: u16, protocol_bps: u16, creator_bps: u16) -> FeeRates {
    FeeRates { lp_bps, protocol_bps, creator_bps }
}

fn pools() -> impl Iterator<Item = Reserves> {
    (1..=LARGEST).flat_map(|base| (1..=LARGEST).map(move |quote| Reserves { base, quote }))
}

/// All four swaps of an amount that are possible, with the reserves they leave.
fn swaps(reserves: Reserves, rates: FeeRates, amount: u64) -> Vec<(bool, Quote, Reserves)> {
    let market = Market { reserves, rates };
    let quotes = [
        (true, market.buy_exact_in(amount)),
        (true, market.buy_exact_out(amount)),
        (false, market.sell_exact_in(amount)),
        (false, market.sell_exact_out(amount)),
    ];
    let possible = quotes.into_iter().filter_map(|(is_buy, quote)| Some((is_buy, quote.ok()?)));
    possible
        .filter_map(|(is_buy, quote)| Some((is_buy, quote, reserves.after(&quote, is_buy).ok()?)))
        .collect()
}

/// Whether a share of the second state is worth at least one of the first.
fn keeps_worth(before: (Reserves, u64), after: (Reserves, u64)) -> bool {
    let squared = |shares: u64| u128::from(shares) * u128::from(shares);
    after.0.k() * squared(before.1) >= before.0.k() * squared(after.1)
}

#[test]
fn no_swap_lowers_k_or_empties_a_side() {
    for reserves in pools() {
        for rates in RATES {
            for amount in 1..=LARGEST {
                for (is_buy, quote, after) in swaps(reserves, rates, amount) {
                    assert!(after.k() >= reserves.k(), "{reserves:?} {rates:?} {quote:?}");
                    assert!(after.base > 0 && after.quote > 0);
                    let fees = quote.fees.total().unwrap();
                    let total = if is_buy { quote.amount + fees } else { quote.amount - fees };
                    assert_eq!(quote.total, total, "settled as quoted");
                }
            }
        }
    }
}

#[test]
fn no_round_trip_and_no_split_gains() {
    for reserves in pools() {
        for rates in RATES {
            for one in 1..=LARGEST / 2 {
                for (is_buy, first, between) in swaps(reserves, rates, one) {
                    let back = Market { reserves: between, rates };
                    if is_buy {
                        let returned =
                            back.sell_exact_in(first.base).map_or(0, |quote| quote.total);
                        assert!(returned <= first.total, "{reserves:?} {rates:?} {first:?}");
                    } else if let Ok(again) = back.buy_exact_in(first.total) {
                        assert!(again.base <= first.base, "{reserves:?} {rates:?} {first:?}");
                    }
                }
                assert_no_split_gains(reserves, rates, one);
            }
        }
    }
}

/// Without fees that stay in the pool, two buys never cost less than one of both.
fn assert_no_split_gains(reserves: Reserves, rates: FeeRates, one: u64) {
    let market = Market { reserves, rates };
    for two in 1..=LARGEST / 2 {
        let Ok(first) = market.buy_exact_out(one) else { continue };
        let Ok(between) = reserves.after(&first, true) else { continue };
        let second = Market { reserves: between, rates }.buy_exact_out(two);
        if let (Ok(second), Ok(whole)) = (second, market.buy_exact_out(one + two)) {
            assert!(
                first.total + second.total >= whole.total,
                "{reserves:?} {rates:?} {one} {two}"
            );
        }
    }
}

#[test]
fn no_deposit_and_no_withdrawal_lowers_the_worth_of_a_share() {
    for reserves in pools() {
        for supply in SUPPLIES {
            for base in 1..=LARGEST {
                for quote in 1..=LARGEST {
                    let most = Reserves { base, quote };
                    let Ok(shares) = shares_within(most, reserves, supply) else { continue };
                    let cost = cost_of(shares, reserves, supply).unwrap();
                    assert!(cost.base <= most.base && cost.quote <= most.quote);
                    let after = Reserves {
                        base: reserves.base + cost.base,
                        quote: reserves.quote + cost.quote,
                    };
                    let grown = supply + shares;
                    assert!(keeps_worth((reserves, supply), (after, grown)));
                    if let Ok(back) = worth_of(shares, after, grown) {
                        assert!(back.base <= cost.base && back.quote <= cost.quote);
                    }
                }
            }
            for shares in 1..=supply - 1_000 {
                let Ok(worth) = worth_of(shares, reserves, supply) else { continue };
                let left = Reserves {
                    base: reserves.base - worth.base,
                    quote: reserves.quote - worth.quote,
                };
                assert!(keeps_worth((reserves, supply), (left, supply - shares)));
            }
        }
    }
}

#[test]
fn who_deposits_first_and_gives_more_takes_nothing_from_the_second() {
    let smallest = Reserves { base: 1_001, quote: 1_001 };
    assert_eq!(first_shares(smallest), Ok(1_001), "one share is the opener's, the others nobody's");
    for gift in (0..=60_000).step_by(997) {
        let inflated = Reserves { base: smallest.base + gift, quote: smallest.quote + gift };
        for second in (1..=4_000).step_by(37) {
            let most = Reserves { base: second, quote: second };
            let Ok(shares) = shares_within(most, inflated, 1_001) else { continue };
            let cost = cost_of(shares, inflated, 1_001).unwrap();
            let after =
                Reserves { base: inflated.base + cost.base, quote: inflated.quote + cost.quote };
            // All that the opener put in, against what his one share returns now.
            let his = worth_of(1, after, 1_001 + shares).map_or(0, |worth| worth.base);
            assert!(his <= smallest.base + gift, "the opener gained");
            let theirs = worth_of(shares, after, 1_001 + shares).map_or(0, |worth| worth.base);
            assert!(
                theirs + 1 >= cost.base,
                "the second lost {} of {}",
                cost.base - theirs,
                cost.base
            );
        }
    }
}
