//! The arithmetic against `tests/vectors/amm.json`, which an independent model wrote.

use {super::*, crate::error::Checked, serde::Deserialize};

const VECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/amm.json"));

#[derive(Deserialize)]
struct Vectors {
    pools: Vec<Pool>,
    firsts: Vec<First>,
    sums: Vec<Sum>,
}

#[derive(Deserialize)]
struct Pool {
    name: String,
    reserves: (u64, u64),
    rates: (u16, u16, u16),
    supply: u64,
    swaps: Vec<Swap>,
    deposits: Vec<Deposit>,
    withdrawals: Vec<Withdrawal>,
}

#[derive(Deserialize)]
struct Swap {
    kind: String,
    amount: u64,
    result: Option<Swapped>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Swapped {
    base: u64,
    amount: u64,
    lp: u64,
    protocol: u64,
    creator: u64,
    total: u64,
}

#[derive(Deserialize)]
struct Deposit {
    limits: (u64, u64),
    result: Option<Changed>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Withdrawal {
    shares: u64,
    result: Option<Changed>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct First {
    deposit: (u64, u64),
    result: Option<Changed>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Changed {
    shares: u64,
    base: u64,
    quote: u64,
}

#[derive(Deserialize)]
struct Sum {
    before: String,
    numerator: u64,
    denominator: u64,
    seconds: u64,
    after: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(VECTORS).unwrap()
}

fn reserves((base, quote): (u64, u64)) -> Reserves {
    Reserves { base, quote }
}

fn market(pool: &Pool) -> Market {
    let (lp_bps, protocol_bps, creator_bps) = pool.rates;
    let rates = FeeRates { lp_bps, protocol_bps, creator_bps };
    Market { reserves: reserves(pool.reserves), rates }
}

fn quote(market: &Market, swap: &Swap) -> Checked<Quote> {
    match swap.kind.as_str() {
        "buy_exact_in" => market.buy_exact_in(swap.amount),
        "buy_exact_out" => market.buy_exact_out(swap.amount),
        "sell_exact_in" => market.sell_exact_in(swap.amount),
        "sell_exact_out" => market.sell_exact_out(swap.amount),
        other => panic!("no swap is called {other}"),
    }
}

fn assert_same<T: core::fmt::Debug + PartialEq>(
    found: Checked<T>,
    expected: Option<T>,
    error: Option<String>,
    said: &str,
) {
    match found {
        Ok(found) => assert_eq!(Some(found), expected, "{said}"),
        Err(found) => assert_eq!(Some(format!("{found:?}")), error, "{said}"),
    }
}

#[test]
fn swaps_agree_with_the_model() {
    for pool in vectors().pools {
        let market = market(&pool);
        for swap in pool.swaps {
            let said = format!("{}: {} {}", pool.name, swap.kind, swap.amount);
            let expected = swap.result.as_ref().map(|is| Quote {
                base: is.base,
                amount: is.amount,
                fees: Fees { lp: is.lp, protocol: is.protocol, creator: is.creator },
                total: is.total,
            });
            assert_same(quote(&market, &swap), expected, swap.error, &said);
        }
    }
}

#[test]
fn shares_agree_with_the_model() {
    for pool in vectors().pools {
        let (held, supply) = (reserves(pool.reserves), pool.supply);
        for row in pool.deposits {
            let found = shares_within(reserves(row.limits), held, supply)
                .and_then(|shares| Ok((shares, cost_of(shares, held, supply)?)));
            let expected = row.result.map(|is| (is.shares, reserves((is.base, is.quote))));
            assert_same(found, expected, row.error, &format!("{}: {:?}", pool.name, row.limits));
        }
        for row in pool.withdrawals {
            let expected = row.result.map(|is| reserves((is.base, is.quote)));
            let said = format!("{}: {} shares", pool.name, row.shares);
            assert_same(worth_of(row.shares, held, supply), expected, row.error, &said);
        }
    }
}

#[test]
fn first_deposits_agree_with_the_model() {
    for row in vectors().firsts {
        let expected = row.result.map(|is| is.shares);
        assert_same(first_shares(reserves(row.deposit)), expected, row.error, "first deposit");
    }
}

/// A decimal number of at most 192 bits.
fn parsed(text: &str) -> Cumulative {
    text.bytes().fold([0; 3], |sum, digit| {
        let mut carry = u128::from(digit - b'0');
        sum.map(|limb| {
            let value = u128::from(limb) * 10 + carry;
            carry = value >> 64;
            u64::try_from(value & u128::from(u64::MAX)).unwrap()
        })
    })
}

#[test]
fn price_sums_agree_with_the_model() {
    for row in vectors().sums {
        let price = ratio(row.numerator, row.denominator).unwrap();
        let found = accumulate(parsed(&row.before), price, row.seconds);
        assert_eq!(found, parsed(&row.after), "{} / {}", row.numerator, row.denominator);
    }
}
