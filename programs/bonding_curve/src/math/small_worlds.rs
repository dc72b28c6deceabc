//! Every tiny curve and every way to trade on it, up to four trades long: no
//! sampling, so what is asserted here is proved for these sizes.

use {
    super::*,
    crate::{state::Segment, CurveError},
    std::collections::BTreeSet,
};

/// Nothing, a little on every fee, and the caps; the last with a launch fee.
const RATES: [FeeRates; 4] =
    [rates(0, 0, 0), rates(50, 30, 0), rates(200, 200, 0), rates(1, 200, 5_000)];
const TRADES: usize = 4;
/// Lamports offered to `buy_exact_in`: too little, enough, and more than there is to buy.
const OFFERS: [u64; 7] = [1, 2, 3, 5, 9, 40, u64::MAX];

const fn rates(protocol_bps: u16, creator_bps: u16, launch_bps: u16) -> FeeRates {
    FeeRates { protocol_bps, creator_bps, referrer_share_bps: 2_000, launch_bps }
}

fn segments(most_base: u64, most_quote: u64) -> Vec<Segment> {
    let mut found = vec![];
    for base_reserve in 2..=most_base {
        for base_for_sale in 1..base_reserve {
            for quote_reserve in 1..=most_quote {
                found.push(Segment { base_reserve, quote_reserve, base_for_sale });
            }
        }
    }
    found
}

/// Every valid curve of one segment up to 8 base and 6 quote, and of two up to 5 and 4.
fn curves() -> Vec<Vec<Segment>> {
    let mut found: Vec<_> = segments(8, 6).into_iter().map(|segment| vec![segment]).collect();
    let small = segments(5, 4);
    for first in &small {
        found.extend(small.iter().map(|second| vec![*first, *second]));
    }
    found.retain(|curve| validate(curve, supply(curve)).is_ok());
    assert!(found.len() > 300, "{} curves", found.len());
    found
}

fn supply(curve: &[Segment]) -> u64 {
    curve.iter().map(|segment| segment.base_for_sale).sum()
}

fn reserve(curve: &[Segment], sold: u64) -> u64 {
    place_of(curve, sold).unwrap().reserve
}

fn market(curve: &[Segment], sold: u64, rates: FeeRates) -> Market<&[Segment]> {
    Market {
        segments: curve,
        sale_supply: supply(curve),
        raise_target: validate(curve, supply(curve)).unwrap(),
        sold,
        quote_reserve: reserve(curve, sold),
        rates,
        referred: false,
    }
}

/// One trader among others: what the curve has sold, what of it is his, and his lamports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct World {
    sold: u64,
    held: u64,
    lamports: i64,
}

impl World {
    fn after(self, curve: &[Segment], quote: &Quote, is_buy: bool) -> World {
        let total = i64::try_from(quote.total).unwrap();
        let next = if is_buy {
            let (sold, held) = (self.sold + quote.base, self.held + quote.base);
            World { sold, held, lamports: self.lamports - total }
        } else {
            let (sold, held) = (self.sold - quote.base, self.held - quote.base);
            World { sold, held, lamports: self.lamports + total }
        };
        let fees = quote.fees.total().unwrap();
        let expected = if is_buy { quote.amount + fees } else { quote.amount - fees };
        assert_eq!(quote.total, expected, "settled as quoted");
        assert_eq!(quote.place.reserve, reserve(curve, next.sold), "the reserve is F(sold)");
        let moved = reserve(curve, self.sold).abs_diff(reserve(curve, next.sold));
        assert_eq!(moved, quote.amount, "the quote is the step of F");
        next
    }

    /// What he has, were everything sold back before fees.
    fn wealth(self, curve: &[Segment]) -> i64 {
        let worth = reserve(curve, self.sold) - reserve(curve, self.sold - self.held);
        self.lamports + i64::try_from(worth).unwrap()
    }

    /// Every world that one trade leads to.
    fn next(self, curve: &[Segment], rates: FeeRates) -> Vec<World> {
        let market = market(curve, self.sold, rates);
        let bought = (1..=supply(curve) + 1).map(|base| market.buy_exact_out(base));
        let paid = OFFERS.iter().map(|offer| {
            let quote = market.buy_exact_in(*offer)?;
            assert!(quote.total <= *offer, "charged more than was offered");
            Ok(quote)
        });
        let sold = (1..=self.held).map(|base| market.sell(base));
        let buys = bought.chain(paid).flatten().map(|quote| self.after(curve, &quote, true));
        buys.chain(sold.flatten().map(|quote| self.after(curve, &quote, false))).collect()
    }
}

#[test]
fn no_sequence_of_trades_makes_a_lamport() {
    for curve in curves() {
        for rates in RATES {
            for others in 0..supply(&curve) {
                let start = World { sold: others, held: 0, lamports: 0 };
                let mut reached = BTreeSet::from([start]);
                for _ in 0..TRADES {
                    let worlds = reached.iter().flat_map(|world| world.next(&curve, rates));
                    let worlds: BTreeSet<_> = worlds.collect();
                    for world in &worlds {
                        let gain = world.wealth(&curve);
                        assert!(gain <= 0, "{gain} gained on {curve:?} with {rates:?}: {world:?}");
                        let free = rates == RATES[0];
                        assert!(!free || gain == 0, "lost without fees on {curve:?}: {world:?}");
                    }
                    reached.extend(worlds);
                }
            }
        }
    }
}

#[test]
fn splitting_a_trade_never_helps() {
    for curve in curves() {
        for rates in RATES {
            for sold in 0..supply(&curve) {
                for one in 1..=supply(&curve) - sold {
                    for two in 1..=supply(&curve) - sold - one {
                        assert_split(&curve, rates, sold, one, two);
                    }
                }
            }
        }
    }
}

fn assert_split(curve: &[Segment], rates: FeeRates, sold: u64, one: u64, two: u64) {
    let (here, middle, end) = (sold, sold + one, sold + one + two);
    let buys = [
        market(curve, here, rates).buy_exact_out(one),
        market(curve, middle, rates).buy_exact_out(two),
    ];
    if let ([Ok(first), Ok(second)], Ok(whole)) =
        (buys, market(curve, here, rates).buy_exact_out(one + two))
    {
        assert!(first.total + second.total >= whole.total, "buying {one} and {two} on {curve:?}");
    }
    let sells = [market(curve, end, rates).sell(two), market(curve, middle, rates).sell(one)];
    if let ([Ok(first), Ok(second)], Ok(whole)) = (sells, market(curve, end, rates).sell(one + two))
    {
        assert!(first.total + second.total <= whole.total, "selling {two} and {one} on {curve:?}");
    }
}

#[test]
fn the_reserve_never_falls_and_the_end_is_exact() {
    for curve in curves() {
        let all = supply(&curve);
        let raise = validate(&curve, all).unwrap();
        assert_eq!((reserve(&curve, 0), reserve(&curve, all)), (0, raise));
        for sold in 0..all {
            assert!(reserve(&curve, sold) <= reserve(&curve, sold + 1), "{curve:?}");
            for rates in RATES {
                let market = market(&curve, sold, rates);
                for quote in [market.buy_exact_in(u64::MAX / 4), market.buy_exact_out(u64::MAX)] {
                    let quote = quote.unwrap();
                    assert_eq!(quote.base, all - sold, "what is left is sold, and no more");
                    assert_eq!(quote.place.reserve, raise, "the raise is exact");
                }
            }
        }
        let over = market(&curve, all, RATES[1]);
        assert_eq!(over.buy_exact_in(9), Err(CurveError::AmountTooSmall));
        assert_eq!(over.buy_exact_out(1), Err(CurveError::AmountTooSmall));
        assert_eq!(over.sell(all + 1), Err(CurveError::InsufficientSold));
    }
}

/// Pays refunds in every order and size, and checks what is left when the last unit came back.
fn refund_every_way(reserve: u64, sold: u64) {
    if sold == 0 {
        assert_eq!(reserve, 0, "nothing is left behind");
        return;
    }
    for base in 1..=sold {
        match refund(reserve, sold, base) {
            Ok(paid) => {
                let (share, whole) = (u128::from(reserve) * u128::from(base), u128::from(sold));
                assert!(u128::from(paid) * whole <= share, "more than its part");
                assert!(u128::from(paid + 1) * whole > share, "a lamport too little");
                refund_every_way(reserve - paid, sold - base);
            }
            Err(error) => assert_eq!(error, CurveError::AmountTooSmall),
        }
    }
}

#[test]
fn refunds_return_everything_to_the_last_lamport() {
    for reserve in 1..=12 {
        for sold in 1..=8 {
            refund_every_way(reserve, sold);
            assert_eq!(refund(reserve, sold, sold), Ok(reserve), "the last holder gets all");
        }
    }
}
