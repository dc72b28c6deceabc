use super::Release;
use proptest::prelude::*;
use serde::Deserialize;

const DAY: i64 = 86_400;

fn year_in_days() -> Release {
    Release {
        amount: 1_000_003,
        start: 1_000,
        cliff: 1_000 + 90 * DAY,
        end: 1_000 + 365 * DAY,
        period: DAY,
    }
}

#[test]
fn nothing_is_vested_one_second_before_the_cliff() {
    let release = year_in_days();
    assert_eq!(release.vested(release.cliff - 1), Ok(0));
}

#[test]
fn the_cliff_releases_what_accrued_since_the_start() {
    let release = year_in_days();
    assert_eq!(release.vested(release.cliff), Ok(1_000_003 * 90 / 365));
}

#[test]
fn a_step_is_taken_at_its_last_second_and_not_before() {
    let release = year_in_days();
    let step = release.start + 200 * DAY;
    assert_eq!(release.vested(step - 1), Ok(1_000_003 * 199 / 365));
    assert_eq!(release.vested(step), Ok(1_000_003 * 200 / 365));
}

#[test]
fn the_end_releases_the_last_unit_even_inside_a_period() {
    let release = Release { amount: 7, start: 0, cliff: 0, end: 10, period: 4 };
    assert_eq!(release.vested(9), Ok(5));
    assert_eq!(release.vested(10), Ok(7));
}

#[test]
fn a_cliff_at_the_end_releases_everything_at_once() {
    let release = Release { amount: 9, start: 0, cliff: 10, end: 10, period: 1 };
    assert_eq!((release.vested(9), release.vested(10)), (Ok(0), Ok(9)));
}

#[test]
fn the_largest_amount_over_the_longest_time_fits() {
    let end = crate::constants::MAX_DURATION_SECONDS;
    let release = Release { amount: u64::MAX, start: 0, cliff: 0, end, period: 1 };
    assert_eq!(release.vested(end / 2), Ok(u64::MAX / 2));
}

#[test]
fn terms_that_are_no_schedule_are_an_overflow() {
    let release = Release { amount: 1, start: 0, cliff: 0, end: 10, period: 0 };
    assert_eq!(release.vested(5), Err(launchpad_common::Overflow));
}

#[test]
fn claimable_is_zero_when_more_was_claimed_than_the_clock_now_shows() {
    let release = year_in_days();
    assert_eq!(release.claimable(1_000_000, release.cliff), Ok(0));
}

prop_compose! {
    fn terms()(
        amount in any::<u64>(),
        start in 0..i64::from(u32::MAX),
        duration in 1..crate::constants::MAX_DURATION_SECONDS,
    )(
        amount in Just(amount),
        start in Just(start),
        duration in Just(duration),
        cliff in 0..=duration,
        period in 1..=duration,
    ) -> Release {
        Release { amount, start, cliff: start + cliff, end: start + duration, period }
    }
}

proptest! {
    #[test]
    fn vested_never_falls_and_never_exceeds_the_amount(
        release in terms(), first in any::<u32>(), later in any::<u32>(),
    ) {
        let now = release.start.saturating_add(i64::from(first));
        let then = now.saturating_add(i64::from(later));
        let (before, after) = (release.vested(now).unwrap(), release.vested(then).unwrap());
        prop_assert!(before <= after);
        prop_assert!(after <= release.amount);
    }

    #[test]
    fn steps_never_release_more_than_a_straight_line(release in terms(), seconds in any::<u32>()) {
        let now = (release.start + i64::from(seconds)).min(release.end);
        let line = u128::from(release.amount) * (now - release.start) as u128
            / (release.end - release.start) as u128;
        prop_assert!(u128::from(release.vested(now).unwrap()) <= line);
    }

    #[test]
    fn claims_at_any_moments_add_up_to_the_amount(
        release in terms(), mut moments in prop::collection::vec(any::<u32>(), 0..20),
    ) {
        moments.sort_unstable();
        let mut claimed = 0u64;
        let ends = moments.into_iter().map(|second| release.start + i64::from(second)).chain([release.end]);
        for now in ends {
            claimed += release.claimable(claimed, now).unwrap();
        }
        prop_assert_eq!(claimed, release.amount);
    }
}

#[derive(Deserialize)]
struct Vector {
    amount: u64,
    start: i64,
    cliff: i64,
    end: i64,
    period: i64,
    claimed: u64,
    now: i64,
    vested: u64,
    claimable: u64,
}

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Vector>,
}

#[test]
fn the_golden_vectors_of_the_independent_model_agree() {
    let text = include_str!("../../../../../tests/vectors/vesting.json");
    let vectors: Vectors = serde_json::from_str(text).unwrap();
    assert!(vectors.cases.len() > 500);
    for case in vectors.cases {
        let Vector { amount, start, cliff, end, period, claimed, now, vested, claimable } = case;
        let release = Release { amount, start, cliff, end, period };
        assert_eq!(release.vested(now), Ok(vested), "{release:?} at {now}");
        assert_eq!(release.claimable(claimed, now), Ok(claimable), "{release:?} at {now}");
    }
}
