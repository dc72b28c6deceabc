//! The quotes against `tests/vectors/curve.json`, which an independent model wrote.

use {
    super::*,
    crate::{
        error::Checked,
        state::{LaunchFee, Segment},
        CurveError,
    },
    serde::Deserialize,
};

const VECTORS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/curve.json"));

#[derive(Deserialize)]
struct Vectors {
    curves: Vec<Curve>,
    invalid: Vec<Invalid>,
    refunds: Vec<Refund>,
    launch_fees: Vec<(u16, u16, u16, i64, u16)>,
}

#[derive(Deserialize)]
struct Refund {
    quote_reserve: u64,
    sold: u64,
    base_in: u64,
    quote_out: Option<u64>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Curve {
    name: String,
    segments: Vec<(u64, u64, u64)>,
    rates: (u16, u16, u16),
    sale_supply: u64,
    raise_target: u64,
    places: Vec<(u64, u64, u8, u64, u64)>,
    trades: Vec<Trade>,
}

#[derive(Deserialize)]
struct Trade {
    kind: String,
    sold: u64,
    amount: u64,
    referred: bool,
    launch_bps: u16,
    quote: Option<Expected>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    base: u64,
    amount: u64,
    protocol: u64,
    creator: u64,
    referrer: u64,
    launch: u64,
    total: u64,
}

#[derive(Deserialize)]
struct Invalid {
    name: String,
    segments: Vec<(u64, u64, u64)>,
    sale_supply: u64,
}

fn vectors() -> Vectors {
    serde_json::from_str(VECTORS).unwrap()
}

fn segments(rows: &[(u64, u64, u64)]) -> Vec<Segment> {
    rows.iter()
        .map(|&(base_reserve, quote_reserve, base_for_sale)| Segment {
            base_reserve,
            quote_reserve,
            base_for_sale,
        })
        .collect()
}

fn quote(curve: &Curve, trade: &Trade) -> Checked<Quote> {
    let segments = segments(&curve.segments);
    let (protocol_bps, creator_bps, referrer_share_bps) = curve.rates;
    let market = Market {
        segments: segments.as_slice(),
        sale_supply: curve.sale_supply,
        raise_target: curve.raise_target,
        sold: trade.sold,
        quote_reserve: place_of(segments.as_slice(), trade.sold)?.reserve,
        rates: FeeRates {
            protocol_bps,
            creator_bps,
            referrer_share_bps,
            launch_bps: trade.launch_bps,
        },
        referred: trade.referred,
    };
    match trade.kind.as_str() {
        "buy_exact_in" => market.buy_exact_in(trade.amount),
        "buy_exact_out" => market.buy_exact_out(trade.amount),
        "sell" => market.sell(trade.amount),
        other => panic!("no trade is called {other}"),
    }
}

#[test]
fn valid_curves_raise_what_the_model_says() {
    for curve in vectors().curves {
        let raise = validate(&segments(&curve.segments), curve.sale_supply);
        assert_eq!(raise, Ok(curve.raise_target), "{}", curve.name);
    }
}

#[test]
fn invalid_segments_are_refused() {
    for case in vectors().invalid {
        let found = validate(&segments(&case.segments), case.sale_supply);
        assert_eq!(found, Err(CurveError::InvalidSegments), "{}", case.name);
    }
}

#[test]
fn places_agree_with_the_model() {
    for curve in vectors().curves {
        let segments = segments(&curve.segments);
        for (sold, reserve, segment, virtual_base, virtual_quote) in curve.places {
            let expected = Place { segment, virtual_base, virtual_quote, reserve };
            assert_eq!(
                place_of(segments.as_slice(), sold),
                Ok(expected),
                "{} at {sold}",
                curve.name
            );
        }
    }
}

#[test]
fn quotes_agree_with_the_model() {
    for curve in vectors().curves {
        for trade in &curve.trades {
            let said = format!("{}: {} {} at {}", curve.name, trade.kind, trade.amount, trade.sold);
            match (quote(&curve, trade), &trade.quote) {
                (Ok(found), Some(expected)) => assert_same(&found, expected, &said),
                (Err(found), None) => assert_eq!(Some(format!("{found:?}")), trade.error, "{said}"),
                (found, _) => panic!("{said}: {found:?} where the model differs"),
            }
        }
    }
}

#[test]
fn launch_fees_agree_with_the_model() {
    for (start_bps, seconds, half_life, elapsed, bps) in vectors().launch_fees {
        let fee = LaunchFee { start_bps, seconds, half_life };
        assert_eq!(fee.bps_at(elapsed), bps, "{fee:?} after {elapsed}");
    }
}

#[test]
fn refunds_agree_with_the_model() {
    for case in vectors().refunds {
        let said = format!("{} of {} for {}", case.base_in, case.sold, case.quote_reserve);
        match refund(case.quote_reserve, case.sold, case.base_in) {
            Ok(found) => assert_eq!(Some(found), case.quote_out, "{said}"),
            Err(error) => assert_eq!(Some(format!("{error:?}")), case.error, "{said}"),
        }
    }
}

fn assert_same(found: &Quote, expected: &Expected, said: &str) {
    let fees = found.fees;
    assert_eq!(
        (
            found.base,
            found.amount,
            fees.protocol,
            fees.creator,
            fees.referrer,
            fees.launch,
            found.total
        ),
        (
            expected.base,
            expected.amount,
            expected.protocol,
            expected.creator,
            expected.referrer,
            expected.launch,
            expected.total
        ),
        "{said}"
    );
}
