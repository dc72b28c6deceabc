use {
    super::*,
    crate::{
        math::{FeeRates, Market},
        state::Segment,
    },
    proptest::prelude::*,
};

const SEGMENT: Segment =
    Segment { base_reserve: 2_000_000, quote_reserve: 1_000_000, base_for_sale: 1_000_000 };
const RENT: u64 = 77;

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn batch() -> Batch {
    Batch {
        version: ACCOUNT_VERSION,
        bump: 254,
        mint: key(1),
        status: BatchStatus::Open,
        closes_at: 100,
        withdraw_until: 60,
        minimum: 1_000,
        max_deposit: 500_000,
        deposits: 0,
        base_left: 0,
        refund_left: 0,
        rent_reserve: RENT,
        settled_at: 0,
        reserved: [0; 64],
    }
}

fn market(rates: FeeRates) -> Market<&'static [Segment]> {
    const SEGMENTS: [Segment; 1] = [SEGMENT];
    Market {
        segments: &SEGMENTS,
        sale_supply: 1_000_000,
        raise_target: 1_000_000,
        sold: 0,
        quote_reserve: 0,
        rates,
        referred: false,
    }
}

const RATES: FeeRates =
    FeeRates { protocol_bps: 50, creator_bps: 30, referrer_share_bps: 2_000, launch_bps: 0 };

#[test]
fn a_batch_and_a_receipt_lie_as_published() {
    let mut expected = Batch::DISCRIMINATOR.to_vec();
    expected.extend([1, 254]);
    expected.extend([1; 32]);
    expected.push(1);
    let numbers: [u64; 9] = [100, 60, 1_000, 500_000, 11, 12, 10, 77, 14];
    expected.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    expected.extend([9; 64]);
    let stored = Batch {
        status: BatchStatus::Settled,
        deposits: 11,
        base_left: 12,
        refund_left: 10,
        settled_at: 14,
        reserved: [9; 64],
        ..batch()
    };
    let mut bytes = Vec::new();
    stored.try_serialize(&mut bytes).unwrap();
    assert_eq!(bytes, expected);
    assert_eq!(bytes.len(), Batch::SPACE);

    let mut expected = Deposit::DISCRIMINATOR.to_vec();
    expected.extend([1, 253]);
    expected.extend([2; 32]);
    expected.extend([3; 32]);
    expected.extend(9u64.to_le_bytes());
    expected.extend([0; 32]);
    let mut bytes = Vec::new();
    Deposit { amount: 9, ..Deposit::new(key(2), key(3), 253) }.try_serialize(&mut bytes).unwrap();
    assert_eq!(bytes, expected);
    assert_eq!(bytes.len(), Deposit::SPACE);
}

#[test]
fn each_door_opens_and_closes_at_its_second() {
    let open = batch();
    assert_eq!(open.require_taking(99), Ok(()));
    assert_eq!(open.require_taking(100), Err(CurveError::DepositWindowClosed));
    assert_eq!(open.require_giving_back(59), Ok(()));
    assert_eq!(open.require_giving_back(60), Err(CurveError::WithdrawWindowClosed));
    assert_eq!(open.require_giving_back(100), Err(CurveError::BatchNotSettled));
    assert_eq!(open.require_due(99), Err(CurveError::BatchOpen));
    assert_eq!(open.require_due(100), Ok(()));
    assert_eq!(open.require_settled(), Err(CurveError::BatchNotSettled));
    for status in [BatchStatus::Settled, BatchStatus::Failed] {
        let over = Batch { status, ..batch() };
        assert_eq!(over.require_taking(0), Err(CurveError::NotDepositing));
        assert_eq!(over.require_due(i64::MAX), Err(CurveError::NotDepositing));
    }
    let failed = Batch { status: BatchStatus::Failed, ..batch() };
    assert_eq!(failed.require_giving_back(i64::MAX), Ok(()));
    assert_eq!(failed.require_settled(), Err(CurveError::BatchFailed));
    let settled = Batch { status: BatchStatus::Settled, ..batch() };
    assert_eq!(settled.require_giving_back(0), Err(CurveError::WithdrawWindowClosed));
    assert_eq!(settled.require_settled(), Ok(()));
}

#[test]
fn a_wallets_limit_counts_all_of_its_deposits() {
    let (mut open, mut receipt) = (batch(), Deposit::new(key(1), key(2), 0));
    assert_eq!(open.put_in(&mut receipt, 500_000), Ok(()));
    assert_eq!(open.put_in(&mut receipt.clone(), 1), Err(CurveError::DepositLimit));
    let mut free = Batch { max_deposit: 0, ..batch() };
    assert_eq!(free.put_in(&mut receipt, u64::MAX / 2), Ok(()));
    assert_eq!(free.put_in(&mut receipt, u64::MAX / 2 + 1), Err(CurveError::Overflow));
}

#[test]
fn a_batch_buys_unless_it_is_too_small_or_too_late() {
    let of = |deposits| Batch { deposits, ..batch() };
    assert_eq!(of(999).purchase(&market(RATES), false), None);
    let bought = of(1_000).purchase(&market(RATES), false).unwrap();
    assert_eq!((bought.base, bought.amount, bought.total), (1_982, 992, 1_000));
    assert_eq!(of(1_000).purchase(&market(RATES), true), None, "a dead sale is not bought into");
    let all = of(2_000_000).purchase(&market(RATES), true).unwrap();
    assert_eq!((all.base, all.total), (1_000_000, 1_008_000));
    let dust = Batch { minimum: 1, deposits: 1, ..batch() };
    assert_eq!(dust.purchase(&market(RATES), false), None, "what buys nothing is given back");
}

#[test]
fn each_stage_of_a_batch_has_its_own_invariant() {
    let open = Batch { deposits: 50, ..batch() };
    let failed = Batch { status: BatchStatus::Failed, settled_at: 5, ..open.clone() };
    let settled = Batch {
        status: BatchStatus::Settled,
        base_left: 9,
        refund_left: 20,
        settled_at: 5,
        ..open.clone()
    };
    for (sound, held) in [(&open, RENT + 50), (&failed, RENT + 50), (&settled, RENT + 20)] {
        assert_eq!(sound.invariant(held), Ok(()));
        assert_eq!(sound.invariant(held - 1), Err(CurveError::InvariantViolated));
    }
    let unsound = [
        Batch { version: 2, ..open.clone() },
        Batch { base_left: 1, ..open.clone() },
        Batch { refund_left: 1, ..failed.clone() },
        Batch { settled_at: 1, ..open.clone() },
        Batch { settled_at: 0, ..failed.clone() },
        Batch { deposits: 0, refund_left: 0, ..settled.clone() },
        Batch { refund_left: 51, ..settled.clone() },
        Batch { withdraw_until: 101, ..open.clone() },
    ];
    for wrong in unsound {
        assert_eq!(wrong.invariant(u64::MAX), Err(CurveError::InvariantViolated), "{wrong:?}");
    }
    assert_eq!(Deposit::new(key(1), key(2), 0).invariant(), Err(CurveError::InvariantViolated));
}

proptest! {
    #[test]
    fn what_is_bought_and_what_is_left_over_is_all_shared_out(
        deposits in prop::collection::vec(1u64..400_000, 1..40),
    ) {
        let mut open = batch();
        let mut receipts = Vec::new();
        for amount in deposits {
            let mut receipt = Deposit::new(key(1), key(2), 0);
            open.put_in(&mut receipt, amount).unwrap();
            receipts.push(receipt);
        }
        let whole = open.deposits;
        let purchase = open.purchase(&market(RATES), false);
        open.settle(purchase.as_ref(), 100).unwrap();
        let Some(quote) = purchase else {
            prop_assert_eq!((open.status, open.deposits), (BatchStatus::Failed, whole));
            return Ok(());
        };
        prop_assert!(quote.total <= whole);
        let (mut base, mut back) = (0, 0);
        for receipt in &receipts {
            let (units, lamports) = open.claim(receipt.amount).unwrap();
            prop_assert!(lamports <= receipt.amount);
            base += units;
            back += lamports;
            prop_assert_eq!(open.invariant(RENT + open.refund_left), Ok(()));
        }
        prop_assert_eq!((base, back + quote.total), (quote.base, whole));
        prop_assert_eq!((open.deposits, open.base_left, open.refund_left), (0, 0, 0));
    }
}
