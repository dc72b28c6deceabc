//! Every tiny schedule, and every set of moments at which somebody may claim.

use super::Release;

const LARGEST: u64 = 7;
const LONGEST: i64 = 6;

fn schedules() -> Vec<Release> {
    let mut found = vec![];
    for amount in 1..=LARGEST {
        for end in 1..=LONGEST {
            for cliff in 0..=end {
                for period in 1..=end {
                    found.push(Release { amount, start: 0, cliff, end, period });
                }
            }
        }
    }
    found
}

#[test]
fn what_is_vested_never_falls_never_exceeds_and_ends_whole() {
    for release in schedules() {
        let mut before = 0;
        for now in -1..=LONGEST + 1 {
            let vested = release.vested(now).unwrap();
            assert!(before <= vested && vested <= release.amount, "{release:?} at {now}");
            assert!(now >= release.cliff || vested == 0, "{release:?} at {now}");
            let linear = u64::try_from(now.max(0)).unwrap() * release.amount;
            let of = u64::try_from(release.end).unwrap();
            assert!(now >= release.end || vested * of <= linear, "{release:?} ahead at {now}");
            before = vested;
        }
        assert_eq!(before, release.amount, "{release:?}");
    }
}

#[test]
fn claims_at_any_moments_pay_the_same_in_all() {
    for release in schedules() {
        for moments in 0..1u32 << (LONGEST + 1) {
            let mut claimed = 0;
            for now in 0..=LONGEST {
                if moments >> now & 1 == 1 {
                    claimed += release.claimable(claimed, now).unwrap();
                    assert_eq!(claimed, release.vested(now).unwrap(), "{release:?}");
                    assert_eq!(release.claimable(claimed, now), Ok(0), "paid twice");
                }
            }
            claimed += release.claimable(claimed, release.end).unwrap();
            assert_eq!(claimed, release.amount, "{release:?} leaves dust");
        }
    }
}
