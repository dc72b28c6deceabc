use super::*;

const FEE: LaunchFee = LaunchFee { start_bps: 500, seconds: 60, half_life: 0 };

fn opening() -> OpeningRules {
    OpeningRules {
        window_seconds: 60,
        wallet_cap_bps: 200,
        one_buy_per_slot: true,
        allowlist: Some(Allowlist { root: [1; 32], seconds: 100 }),
        holders: Some(HoldersTier { mint: Pubkey::new_unique(), minimum: 5, seconds: 50 }),
        binds_creator: true,
    }
}

fn payout() -> Payout {
    Payout {
        team: Pubkey::new_unique(),
        treasury: Pubkey::new_unique(),
        team_bps: 5_000,
        cliff_seconds: 10,
        duration_seconds: 100,
        period_seconds: 10,
    }
}

fn refused(sale: SaleTerms) {
    assert_eq!(sale.validate(), Err(CurveError::InvalidTerms), "{sale:?}");
}

#[test]
fn the_usual_terms_and_the_fullest_pass() {
    let graduation = GraduationTerms {
        venue: Venue::RaydiumCpSwap,
        liquidity_bps: 7_000,
        liquidity_lock_seconds: MIN_LIQUIDITY_LOCK_SECONDS,
        payout: Some(payout()),
    };
    assert_eq!(SaleTerms::default().validate(), Ok(()));
    let full = SaleTerms { launch_fee: FEE, opening: opening(), graduation, batch: None };
    assert_eq!(full.validate(), Ok(()));
    assert_eq!((full.opening.tier_seconds(), full.opening.seconds()), (150, 150));
}

#[test]
fn rules_of_the_opening_end_within_a_day_and_say_something() {
    let with = |opening| refused(SaleTerms { opening, ..SaleTerms::default() });
    with(OpeningRules { window_seconds: 0, ..opening() });
    with(OpeningRules { wallet_cap_bps: 0, one_buy_per_slot: false, ..opening() });
    with(OpeningRules { wallet_cap_bps: BPS_ONE + 1, ..opening() });
    with(OpeningRules { window_seconds: MAX_OPENING_SECONDS + 1, ..opening() });
    let allowlist = |seconds| Some(Allowlist { root: [1; 32], seconds });
    with(OpeningRules { allowlist: allowlist(0), ..opening() });
    with(OpeningRules { allowlist: allowlist(MAX_OPENING_SECONDS), ..opening() });
    let tier = opening().holders.unwrap();
    for holders in [
        HoldersTier { minimum: 0, ..tier },
        HoldersTier { seconds: 0, ..tier },
        HoldersTier { mint: Pubkey::default(), ..tier },
    ] {
        with(OpeningRules { holders: Some(holders), ..opening() });
    }
}

#[test]
fn the_raise_is_divided_within_the_caps() {
    let with = |graduation| refused(SaleTerms { graduation, ..SaleTerms::default() });
    let usual = GraduationTerms::default();
    with(GraduationTerms { liquidity_bps: 9_999, ..usual });
    with(GraduationTerms { payout: Some(payout()), ..usual });
    let least = GraduationTerms { liquidity_bps: 5_000, payout: Some(payout()), ..usual };
    assert_eq!(SaleTerms { graduation: least, ..SaleTerms::default() }.validate(), Ok(()));
    with(GraduationTerms { liquidity_bps: 4_999, ..least });
    with(GraduationTerms { liquidity_lock_seconds: MIN_LIQUIDITY_LOCK_SECONDS - 1, ..usual });
    with(GraduationTerms { liquidity_lock_seconds: MAX_PAYOUT_SECONDS + 1, ..usual });
    for wrong in [
        Payout { team: Pubkey::default(), ..payout() },
        Payout { treasury: Pubkey::default(), ..payout() },
        Payout { team_bps: BPS_ONE + 1, ..payout() },
        Payout { cliff_seconds: 101, ..payout() },
        Payout { duration_seconds: 0, cliff_seconds: 0, ..payout() },
        Payout { period_seconds: 0, ..payout() },
        Payout { period_seconds: 101, ..payout() },
    ] {
        with(GraduationTerms { payout: Some(wrong), ..least });
    }
}

#[test]
fn a_batch_stands_alone() {
    let batch = BatchTerms { seconds: 60, withdraw_seconds: 30, minimum: 1, max_deposit: 0 };
    let usual = SaleTerms { batch: Some(batch), ..SaleTerms::default() };
    assert_eq!(usual.validate(), Ok(()));
    refused(SaleTerms { launch_fee: FEE, ..usual });
    refused(SaleTerms { opening: opening(), ..usual });
    for wrong in [
        BatchTerms { seconds: 0, withdraw_seconds: 0, ..batch },
        BatchTerms { seconds: MAX_BATCH_SECONDS + 1, ..batch },
        BatchTerms { withdraw_seconds: 61, ..batch },
        BatchTerms { minimum: 0, ..batch },
    ] {
        refused(SaleTerms { batch: Some(wrong), ..usual });
    }
}
