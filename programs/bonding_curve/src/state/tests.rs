//! Layouts, pinned on real bytes: a published account is never rearranged.

use {
    super::*,
    crate::{constants::*, error::CurveError, math::SegmentList},
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
#[derive(Default)]
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

fn curve() -> Curve {
    let segment = |n| Segment { base_reserve: n, quote_reserve: n + 1, base_for_sale: n + 2 };
    Curve {
        version: ACCOUNT_VERSION,
        bump: 254,
        mint: key(1),
        creator: key(2),
        authority: key(3),
        token_program: key(4),
        base_vault: key(5),
        decimals: 9,
        status: CurveStatus::Complete,
        protocol_fee_bps: 50,
        creator_fee_bps: 30,
        referrer_share_bps: 2_000,
        launch_fee: LaunchFee { start_bps: 11, seconds: 12, half_life: 13 },
        sale_supply: 101,
        liquidity_supply: 102,
        sold: 103,
        quote_reserve: 104,
        raise_target: 105,
        protocol_fees: 106,
        creator_fees: 107,
        launch_fees: 108,
        rent_reserve: 109,
        opened_at: 110,
        completed_at: 111,
        deadline: 112,
        rules_end: 113,
        team_payout: 0,
        treasury_payout: 0,
        terms: key(6),
        pool: key(7),
        graduated_at: 114,
        lp_mint: key(8),
        reserved: [8; 24],
        segments: vec![segment(1_000), segment(2_000)],
    }
}

#[test]
fn a_curve_lies_as_published() {
    let keys = (1..=5).fold(Layout::of::<Curve>().bytes(&[1, 254]), Layout::key);
    let rates = keys.bytes(&[9, 1]).u16(50).u16(30).u16(2_000);
    let rules = rates.u16(11).u16(12).u16(13);
    let numbers = (101..=113).chain([0, 0]).fold(rules, Layout::u64);
    let numbers = numbers.key(6).key(7).u64(114).key(8).bytes(&[8; 24]);
    let segments = numbers.bytes(&2u32.to_le_bytes());
    let expected =
        [1_000, 1_001, 1_002, 2_000, 2_001, 2_002].into_iter().fold(segments, Layout::u64);
    assert_eq!(bytes_of(&curve()), expected.0);
}

#[test]
fn each_stage_of_a_life_has_its_own_invariant() {
    let trading = Ledger {
        status: CurveStatus::Trading,
        sale_supply: 10,
        sold: 4,
        quote_reserve: 40,
        raise_target: 100,
        ..curve().ledger()
    };
    let lamports = 109 + 40 + 106 + 107 + 108;
    let refunding =
        Ledger { status: CurveStatus::Refunding, quote_reserve: 148, launch_fees: 0, ..trading };
    let emptied = Ledger { sold: 0, quote_reserve: 0, ..refunding };
    let complete =
        Ledger { status: CurveStatus::Complete, sold: 10, quote_reserve: 100, ..trading };
    for (sound, held) in
        [(trading, lamports), (refunding, lamports), (emptied, lamports - 148), (complete, 530)]
    {
        assert_eq!(sound.invariant(held), Ok(()));
        assert_eq!(sound.invariant(held - 1), Err(CurveError::InvariantViolated));
    }
    let unsound = [
        Ledger { sold: 10, ..trading },
        Ledger { sold: 11, ..trading },
        Ledger { sold: 9, ..complete },
        Ledger { quote_reserve: 99, ..complete },
        Ledger { deadline: 0, ..refunding },
        Ledger { sold: 0, ..refunding },
        Ledger { quote_reserve: 0, ..refunding },
        Ledger { sold: 10, ..refunding },
        Ledger { launch_fees: 1, ..refunding },
        Ledger { quote_reserve: 101, ..trading },
    ];
    for ledger in unsound {
        assert_eq!(ledger.invariant(u64::MAX), Err(CurveError::InvariantViolated), "{ledger:?}");
    }
}

#[test]
fn trading_ends_at_the_deadline_itself() {
    let open = Ledger { status: CurveStatus::Trading, ..curve().ledger() };
    assert_eq!(open.require_trading(111), Ok(()));
    assert_eq!(open.require_trading(112), Err(CurveError::SaleEnded));
    assert_eq!(Ledger { deadline: 0, ..open }.require_trading(i64::MAX), Ok(()));
    let over = Ledger { status: CurveStatus::Refunding, ..open };
    assert_eq!(over.require_trading(111), Err(CurveError::CurveNotTrading));
}

#[test]
fn a_curves_space_is_exact_for_its_segments() {
    let mut account = curve();
    for count in [1, 2, usize::from(MAX_SEGMENTS)] {
        account.segments = vec![account.segments[0]; count];
        assert_eq!(Curve::space(count), bytes_of(&account).len());
    }
}

#[test]
fn a_trade_reads_the_same_curve_where_it_lies() {
    let account = curve();
    let bytes = bytes_of(&account);
    let found = CurveBytes::new(&bytes);
    assert!(found.is_current());
    assert_eq!(found.bump(), Ok(254));
    assert!(found.has_mint(&key(1)) && !found.has_mint(&key(2)));
    assert!(found.has_token_program(&key(4)) && !found.has_token_program(&key(5)));
    assert!(found.has_base_vault(&key(5)) && !found.has_base_vault(&key(4)));
    assert_eq!(found.ledger().unwrap(), account.ledger());
    let segments = found.segments().unwrap();
    let unpacked: Vec<_> = (0..segments.count()).filter_map(|index| segments.at(index)).collect();
    assert_eq!(unpacked, account.segments);
    assert_eq!(segments.at(2), None);
}

#[test]
fn a_trade_writes_its_numbers_and_nothing_else() {
    let mut account = curve();
    let mut bytes = bytes_of(&account);
    account.status = CurveStatus::Trading;
    account.sold = 1;
    account.quote_reserve = 2;
    account.protocol_fees = 3;
    account.creator_fees = 4;
    account.launch_fees = 6;
    account.completed_at = -5;
    store_ledger(&mut bytes, &account.ledger()).unwrap();
    assert_eq!(bytes, bytes_of(&account));
    let mut numbers = Vec::new();
    account.ledger().serialize(&mut numbers).unwrap();
    assert_eq!(numbers.len(), Ledger::LEN);
}

#[test]
fn an_account_cut_short_is_an_error_and_not_a_panic() {
    let bytes = bytes_of(&curve());
    for length in [8, 9, 41, 200, 300, 430, bytes.len() - 1] {
        let found = CurveBytes::new(&bytes[..length]);
        assert!(found.segments().is_err());
        assert!(!found.has_mint(&key(9)));
    }
    assert!(store_ledger(&mut [0; 200], &curve().ledger()).is_err());
}

#[test]
fn a_config_lies_as_published() {
    let config = Config {
        version: ACCOUNT_VERSION,
        bump: 253,
        authority: key(1),
        pending_authority: key(2),
        fee_recipient: key(3),
        protocol_fee_bps: 50,
        creator_fee_bps: 30,
        referrer_share_bps: 2_000,
        keeper_bounty: 101,
        paused: true,
        lookup_table: key(4),
        reserved: [7; 128],
    };
    let keys = (1..=3).fold(Layout::of::<Config>().bytes(&[1, 253]), Layout::key);
    let expected = keys.u16(50).u16(30).u16(2_000).u64(101).bytes(&[1]).key(4).bytes(&[7; 128]);
    let bytes = bytes_of(&config);
    assert_eq!(bytes, expected.0);
    assert_eq!(bytes.len(), 8 + Config::INIT_SPACE);
    assert!(Config::is_paused(&bytes));
    assert!(!Config::is_paused(&bytes_of(&Config { paused: false, ..config })));
    assert!(Config::is_paused(&[]), "what cannot be read does not open the door");
}

#[test]
fn a_referrers_account_lies_as_published() {
    let fees = ReferrerFees {
        version: ACCOUNT_VERSION,
        bump: 252,
        referrer: key(1),
        earned: 101,
        unclaimed: 102,
        reserved: [7; 64],
    };
    let expected =
        Layout::of::<ReferrerFees>().bytes(&[1, 252]).key(1).u64(101).u64(102).bytes(&[7; 64]);
    assert_eq!(bytes_of(&fees), expected.0);
    assert_eq!(expected.0.len(), 8 + ReferrerFees::INIT_SPACE);

    let mut bytes = bytes_of(&fees);
    assert_eq!(ReferrerFees::referrer_of(&bytes), Ok(key(1)));
    ReferrerFees::earn(&mut bytes, 9).unwrap();
    assert_eq!(bytes, bytes_of(&ReferrerFees { earned: 110, unclaimed: 111, ..fees }));
    assert_eq!(ReferrerFees::earn(&mut bytes, u64::MAX), Err(CurveError::Overflow));
    assert_eq!(ReferrerFees::referrer_of(&bytes[..41]), Err(CurveError::InvalidReferrer));
    assert_eq!(ReferrerFees::earn(&mut bytes[..41], 1), Err(CurveError::InvalidReferrer));
}

#[test]
fn a_shape_lies_as_published_at_the_address_of_its_segments() {
    let segments = vec![
        Segment { base_reserve: 1_000, quote_reserve: 50, base_for_sale: 100 },
        Segment { base_reserve: 1_000, quote_reserve: 70, base_for_sale: 200 },
    ];
    let shape = Shape::new(segments.clone(), 251).unwrap();
    let head = Layout::of::<Shape>().bytes(&[1, 251]).u64(300).u64(6 + 18);
    let expected = [1_000, 50, 100, 1_000, 70, 200]
        .into_iter()
        .fold(head.bytes(&2u32.to_le_bytes()), Layout::u64);
    assert_eq!(bytes_of(&shape), expected.0);
    assert_eq!(expected.0.len(), Shape::space(2));
    let content = &expected.0[26..];
    assert_eq!(Shape::hash_of(&segments).unwrap(), solana_sha256_hasher::hash(content).to_bytes());
    assert_eq!(Shape::new(vec![], 0), Err(CurveError::InvalidSegments));
    let huge = Segment { base_reserve: u64::MAX, quote_reserve: 1, base_for_sale: u64::MAX - 1 };
    assert_eq!(Shape::new(vec![huge; 2], 0), Err(CurveError::InvalidSegments));
}

#[test]
fn a_position_lies_as_published_and_buys_read_it_there() {
    let position = Position {
        bought: 101,
        last_slot: 102,
        allowlisted: true,
        pledged: 103,
        reserved: [7; 32],
        ..Position::new(key(1), key(2), 250)
    };
    let head = Layout::of::<Position>().bytes(&[1, 250]).key(1).key(2).u64(101).u64(102);
    let expected = head.bytes(&[1]).u64(103).bytes(&[7; 32]);
    let mut bytes = bytes_of(&position);
    assert_eq!(bytes, expected.0);
    assert_eq!(bytes.len(), Position::SPACE);

    let read = Purchases { bought: 101, last_slot: 102, allowlisted: true, pledged: 103 };
    assert_eq!(Purchases::read(&bytes, &key(1), &key(2)), Ok(read));
    for (mint, wallet) in [(3, 2), (1, 3), (2, 1)] {
        let foreign = Purchases::read(&bytes, &key(mint), &key(wallet));
        assert_eq!(foreign, Err(CurveError::MissingPosition));
    }
    read.after(9, 200).unwrap().store(&mut bytes).unwrap();
    assert_eq!(bytes, bytes_of(&Position { bought: 110, last_slot: 200, ..position }));
    assert_eq!(read.after(u64::MAX, 1), Err(CurveError::Overflow));
    assert_eq!(Purchases::read(&bytes[..98], &key(1), &key(2)), Err(CurveError::InvariantViolated));
    assert_eq!(read.store(&mut bytes[..89]), Err(CurveError::InvariantViolated));
    bytes[8] = 2;
    assert_eq!(Purchases::read(&bytes, &key(1), &key(2)), Err(CurveError::MissingPosition));
}

#[test]
fn discriminators_are_those_of_the_names() {
    assert_eq!(Curve::DISCRIMINATOR, [191, 180, 249, 66, 180, 71, 51, 182]);
    assert_eq!(Config::DISCRIMINATOR, [155, 12, 170, 224, 30, 250, 204, 130]);
    assert_eq!(ReferrerFees::DISCRIMINATOR, [34, 129, 235, 130, 64, 71, 32, 205]);
    assert_eq!(Shape::DISCRIMINATOR, [52, 134, 237, 196, 191, 216, 131, 201]);
}
