//! Layouts, pinned on real bytes: a published account is never rearranged.

use {
    super::*,
    crate::{
        constants::*,
        error::AmmError,
        math::{accumulate, ratio, Reserves},
    },
    anchor_lang::prelude::*,
};

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn bytes_of<T: AccountSerialize>(account: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    account.try_serialize(&mut bytes).unwrap();
    bytes
}

/// A sequence of fields as they lie in an account.
struct Layout(Vec<u8>);

impl Layout {
    fn of<T: Discriminator>() -> Self {
        Layout(T::DISCRIMINATOR.to_vec())
    }
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }
    fn key(self, byte: u8) -> Self {
        self.bytes(&[byte; 32])
    }
    fn u16(self, value: u16) -> Self {
        self.bytes(&value.to_le_bytes())
    }
    fn u64(self, value: u64) -> Self {
        self.bytes(&value.to_le_bytes())
    }
}

fn pool() -> Pool {
    Pool {
        version: ACCOUNT_VERSION,
        bump: 254,
        base_mint: key(1),
        quote_mint: key(2),
        base_vault: key(3),
        quote_vault: key(4),
        lp_mint: key(5),
        base_token_program: key(6),
        quote_token_program: key(7),
        opener: key(8),
        creator: key(9),
        authority: key(10),
        index: 258,
        canonical: false,
        base_decimals: 6,
        quote_decimals: 9,
        base_taxed: true,
        quote_taxed: false,
        pays_creator: true,
        creator_fee_bps: 30,
        lp_supply: 1_001,
        base_reserve: 102,
        quote_reserve: 103,
        protocol_fees: 104,
        creator_fees: 105,
        opened_at: 106,
        observed_at: 107,
        base_price_cumulative: [108, 109, 110],
        quote_price_cumulative: [111, 112, 113],
        reserved: [7; 128],
    }
}

#[test]
fn a_pool_lies_as_published() {
    let keys = (1..=10).fold(Layout::of::<Pool>().bytes(&[1, 254]), Layout::key);
    let flags = keys.u16(258).bytes(&[0, 6, 9, 1, 0, 1]).u16(30).u64(1_001);
    let expected = (102..=113).fold(flags, Layout::u64).bytes(&[7; 128]);
    assert_eq!(bytes_of(&pool()), expected.0);
    assert_eq!(expected.0.len(), Pool::SPACE);
}

#[test]
fn a_swap_reads_the_same_pool_where_it_lies() {
    let account = pool();
    let bytes = bytes_of(&account);
    let found = PoolBytes::new(&bytes);
    assert!(found.is_current());
    let places = [
        (Named::BaseMint, 1),
        (Named::QuoteMint, 2),
        (Named::BaseVault, 3),
        (Named::QuoteVault, 4),
        (Named::LpMint, 5),
        (Named::BaseTokenProgram, 6),
        (Named::QuoteTokenProgram, 7),
    ];
    for (place, byte) in places {
        assert!(found.names(place, &key(byte)), "{place:?}");
        assert!(!found.names(place, &key(byte + 1)), "{place:?}");
    }
    let ledger = found.ledger().unwrap();
    assert_eq!(ledger, account.ledger());
    assert_eq!(found.signer(&ledger), Ok(account.signer()));
}

#[test]
fn a_swap_writes_its_numbers_and_nothing_else() {
    let mut account = pool();
    let mut bytes = bytes_of(&account);
    account.creator_fee_bps = 1;
    account.lp_supply = 2;
    account.base_reserve = 3;
    account.quote_reserve = 4;
    account.protocol_fees = 5;
    account.creator_fees = 6;
    account.observed_at = -7;
    account.base_price_cumulative = [8, 9, 10];
    account.quote_price_cumulative = [11, 12, 13];
    store_ledger(&mut bytes, &account.ledger()).unwrap();
    assert_eq!(bytes, bytes_of(&account));
    let mut numbers = Vec::new();
    account.ledger().serialize(&mut numbers).unwrap();
    assert_eq!(numbers.len(), Ledger::LEN);
}

#[test]
fn an_account_cut_short_is_an_error_and_not_a_panic() {
    let bytes = bytes_of(&pool());
    for length in [8, 9, 41, 200, 300, 400] {
        let found = PoolBytes::new(&bytes[..length]);
        assert!(found.ledger().is_err());
        assert!(!found.names(Named::QuoteTokenProgram, &key(99)));
        assert!(found.signer(&pool().ledger()).is_err() || length >= 298);
    }
    assert!(store_ledger(&mut [0; 200], &pool().ledger()).is_err());
}

#[test]
fn a_pool_signs_with_the_seeds_of_its_kind() {
    let free = pool();
    free.signer().with(|seeds| {
        assert_eq!(seeds.len(), 6);
        assert_eq!(seeds[..3], [POOL_SEED, key(1).as_ref(), key(2).as_ref()]);
        assert_eq!(seeds[3..], [key(8).as_ref(), &[2, 1], &[254]]);
    });
    let canonical = Pool { canonical: true, ..free };
    canonical.signer().with(|seeds| {
        assert_eq!(seeds, [POOL_SEED, key(1).as_ref(), &[254]]);
    });
}

fn config() -> Config {
    let tier =
        |min_market_cap_quote, creator_fee_bps| FeeTier { min_market_cap_quote, creator_fee_bps };
    Config {
        version: ACCOUNT_VERSION,
        bump: 253,
        authority: key(1),
        pending_authority: key(2),
        fee_recipient: key(3),
        lp_fee_bps: 20,
        protocol_fee_bps: 5,
        paused: true,
        reserved: [7; 128],
        tiers: vec![tier(0, 30), tier(1_000, 20), tier(5_000, 10)],
    }
}

#[test]
fn a_config_lies_as_published() {
    let keys = (1..=3).fold(Layout::of::<Config>().bytes(&[1, 253]), Layout::key);
    let fixed = keys.u16(20).u16(5).bytes(&[1]).bytes(&[7; 128]).bytes(&3u32.to_le_bytes());
    let expected = fixed.u64(0).u16(30).u64(1_000).u16(20).u64(5_000).u16(10);
    let bytes = bytes_of(&config());
    assert_eq!(bytes, expected.0);
    let longest = Config { tiers: vec![config().tiers[0]; 16], ..config() };
    assert_eq!(bytes_of(&longest).len(), Config::SPACE);
    let found = ConfigBytes::new(&bytes);
    assert!(found.is_paused());
    assert!(!ConfigBytes::new(&bytes_of(&Config { paused: false, ..config() })).is_paused());
    assert!(ConfigBytes::new(&[]).is_paused(), "what cannot be read does not open the door");
    let rates = found.rates(30).unwrap();
    assert_eq!((rates.lp_bps, rates.protocol_bps, rates.creator_bps), (20, 5, 30));
}

#[test]
fn a_market_cap_pays_the_rate_of_the_last_tier_it_reached() {
    let bytes = bytes_of(&config());
    let found = ConfigBytes::new(&bytes);
    let rates = [(0, 30), (999, 30), (1_000, 20), (4_999, 20), (5_000, 10), (u64::MAX, 10)];
    for (market_cap, rate) in rates {
        assert_eq!(found.creator_fee_bps(market_cap), Ok(rate), "{market_cap}");
    }
    let none = bytes_of(&Config { tiers: vec![], ..config() });
    assert_eq!(ConfigBytes::new(&none).creator_fee_bps(1), Ok(0));
    let cut = &bytes[..bytes.len() - 1];
    let refused = ConfigBytes::new(cut).creator_fee_bps(1);
    assert_eq!(refused, Err(AmmError::InvariantViolated));
    assert!(ConfigBytes::new(&bytes[..100]).rates(1).is_err());
}

#[test]
fn tiers_rise_from_zero_within_the_caps() {
    assert!(config().invariant().is_ok());
    let with = |change: fn(&mut Config)| {
        let mut changed = config();
        change(&mut changed);
        changed.invariant()
    };
    assert!(with(|it| it.tiers[0].min_market_cap_quote = 1).is_err());
    assert!(with(|it| it.tiers[2].min_market_cap_quote = 1_000).is_err());
    assert!(with(|it| it.tiers.clear()).is_err());
    assert!(with(|it| it.tiers[1].creator_fee_bps = MAX_CREATOR_FEE_BPS + 1).is_err());
    assert!(with(|it| it.lp_fee_bps = MAX_LP_FEE_BPS + 1).is_err());
    assert!(with(|it| it.protocol_fee_bps = MAX_PROTOCOL_FEE_BPS + 1).is_err());
}

#[test]
fn prices_and_tiers_are_those_that_the_last_second_left() {
    let bytes = bytes_of(&config());
    let mut ledger = pool().ledger();
    let before = ledger;
    // Reserves that changed within the second count from the next one on.
    ledger.observe(before.observed_at, 1_000_000, ConfigBytes::new(&bytes)).unwrap();
    assert_eq!(ledger, before);
    ledger.observe(before.observed_at - 5, 1, ConfigBytes::new(&bytes)).unwrap();
    assert_eq!(ledger, before, "a clock that goes back changes nothing");
    ledger.observe(before.observed_at + 60, 1_000, ConfigBytes::new(&bytes)).unwrap();
    let price = ratio(before.quote_reserve, before.base_reserve).unwrap();
    assert_eq!(ledger.base_price_cumulative, accumulate([108, 109, 110], price, 60));
    let inverse = ratio(before.base_reserve, before.quote_reserve).unwrap();
    assert_eq!(ledger.quote_price_cumulative, accumulate([111, 112, 113], inverse, 60));
    assert_eq!(ledger.creator_fee_bps, 20, "1 000 units at 103 / 102 are worth 1 009");
    let nobody = Ledger { pays_creator: false, ..ledger };
    assert_eq!(nobody.creator_rate(1_000, ConfigBytes::new(&bytes)), Ok(0));
}

#[test]
fn vaults_cover_what_is_recorded() {
    let ledger = pool().ledger();
    assert_eq!(ledger.invariant((102, 103 + 104 + 105)), Ok(()));
    assert_eq!(ledger.invariant((102 + 9, 103 + 104 + 105 + 9)), Ok(()), "gifts change nothing");
    let short = Err(AmmError::InvariantViolated);
    assert_eq!(ledger.invariant((101, 312)), short);
    assert_eq!(ledger.invariant((102, 311)), short);
    assert_eq!(Ledger { lp_supply: 999, ..ledger }.invariant((102, 312)), short);
    assert_eq!(Ledger { base_reserve: 0, ..ledger }.invariant((102, 312)), short);
    assert_eq!(ledger.reserves_within((5, 212)), Ok(Reserves { base: 5, quote: 3 }));
    assert_eq!(ledger.reserves_within((5, 208)), Err(AmmError::Overflow));
}

#[test]
fn discriminators_are_those_of_the_names() {
    assert_eq!(Pool::DISCRIMINATOR, [241, 154, 109, 4, 17, 177, 109, 188]);
    assert_eq!(Config::DISCRIMINATOR, [155, 12, 170, 224, 30, 250, 204, 130]);
}
