use {super::*, proptest::prelude::*};

/// The model: ten-thousandths of a lamport in 128 bits.
fn exact(earned: Earned) -> u128 {
    u128::from(earned.whole) * 10_000 + u128::from(earned.fraction)
}

/// Amounts of every magnitude.
fn amount() -> impl Strategy<Value = u64> {
    (0u32..64, any::<u64>()).prop_map(|(shift, value)| value >> shift)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn a_part_is_what_the_model_says(whole in amount(), fraction in 0u16..10_000, income in amount(), bps in 0..=BPS_ONE) {
        let before = Earned { whole, fraction };
        let model = exact(before) + u128::from(income) * u128::from(bps);
        match before.with_part_of(income, bps) {
            Ok(after) => {
                prop_assert_eq!(exact(after), model);
                prop_assert!(after.fraction < BPS_ONE);
            }
            Err(_) => prop_assert!(model / 10_000 > u128::from(u64::MAX)),
        }
    }

    #[test]
    fn how_income_is_cut_changes_nothing(cuts in prop::collection::vec(0u64..1 << 50, 1..20), bps in 0..=BPS_ONE) {
        let at_once = Earned::default().with_part_of(cuts.iter().sum(), bps).unwrap();
        let mut step_by_step = Earned::default();
        for cut in cuts {
            step_by_step = step_by_step.with_part_of(cut, bps).unwrap();
        }
        prop_assert_eq!(at_once, step_by_step);
    }

    #[test]
    fn all_parts_together_are_the_income(income in amount(), cuts in prop::collection::btree_set(1u16..10_000, 0..99)) {
        let mut parts = vec![];
        let mut from = 0;
        for to in cuts.into_iter().chain([BPS_ONE]) {
            parts.push(Earned::default().with_part_of(income, to - from).unwrap());
            from = to;
        }
        prop_assert_eq!(parts.iter().map(|part| exact(*part)).sum::<u128>(), u128::from(income) * 10_000);
    }
}

#[test]
fn a_lamport_is_paid_when_its_last_fraction_arrives() {
    let mut earned = Earned::default();
    for expected in [0, 0, 1, 1, 1, 2] {
        earned = earned.with_part_of(1, 3_334).unwrap();
        assert_eq!(earned.whole, expected);
    }
    assert_eq!(earned.fraction, 4);
    let carried = Earned { whole: 7, fraction: 9_999 }.with_fraction(9_999).unwrap();
    assert_eq!(carried, Earned { whole: 8, fraction: 9_998 });
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(Earned::default().with_part_of(1, BPS_ONE + 1), Err(Overflow));
    let full = Earned { whole: u64::MAX, fraction: 9_999 };
    assert_eq!(full.with_part_of(0, BPS_ONE), Ok(full));
    assert_eq!(full.with_fraction(1), Err(Overflow));
    assert_eq!(Earned::default().with_part_of(u64::MAX, BPS_ONE).unwrap().whole, u64::MAX);
}
