//! What a deposit of a batch gets of what was bought for all.

use {crate::error::Checked, launchpad_common::mul_div_floor};

/// The part of `left`, base units or lamports, that `deposit` of `deposits` lamports
/// get: `floor(left * deposit / deposits)`. What rounding keeps back stays for the
/// others, so the last deposit gets all that is left.
///
/// # Errors
/// `Overflow` for more than all deposits, or where there are none.
pub fn part_of(left: u64, deposit: u64, deposits: u64) -> Checked<u64> {
    if deposit > deposits {
        return Err(launchpad_common::Overflow::here().into());
    }
    Ok(mul_div_floor(left, deposit, deposits)?)
}

#[cfg(test)]
mod tests {
    use {super::*, crate::error::CurveError, proptest::prelude::*};

    #[test]
    fn nobody_has_a_part_of_nothing_and_nobody_more_than_all() {
        assert_eq!(part_of(10, 0, 0), Err(CurveError::Overflow));
        assert_eq!(part_of(10, 2, 1), Err(CurveError::Overflow));
        assert_eq!(part_of(0, 1, 2), Ok(0));
        assert_eq!(part_of(u64::MAX, u64::MAX, u64::MAX), Ok(u64::MAX));
    }

    proptest! {
        #[test]
        fn the_parts_are_all_there_is(
            whole in 0u64..1 << 40, deposits in prop::collection::vec(1u64..1 << 35, 1..20),
        ) {
            let (mut left, mut waiting) = (whole, deposits.iter().sum::<u64>());
            let all = u128::from(waiting);
            for (claimed, deposit) in deposits.iter().enumerate() {
                let part = part_of(left, *deposit, waiting).unwrap();
                // Never below the exact part, rounded down, and above it only by what rounding kept
                // back before: less than a unit from each of those who claimed, for each deposit.
                let exact = u128::from(whole) * u128::from(*deposit);
                prop_assert!((u128::from(part) + 1) * all > exact);
                let others = u128::from(waiting);
                let kept = (claimed as u128) * u128::from(*deposit);
                prop_assert!(u128::from(part) * all * others <= exact * others + kept * all);
                left -= part;
                waiting -= deposit;
            }
            prop_assert_eq!((left, waiting), (0, 0));
        }
    }
}
