use {
    crate::{
        constants::*,
        error::{Checked, CurveError},
    },
    anchor_lang::prelude::*,
};

/// A fee on the first buys, for the liquidity: it costs those most who come first
/// and falls to zero. All zero where there is none.
#[derive(
    AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, Default, PartialEq, Eq,
)]
pub struct LaunchFee {
    /// Of the curve amount, at the opening.
    pub start_bps: u16,
    /// After which there is none.
    pub seconds: u16,
    /// In which it halves each time; 0 for a fee that falls evenly.
    pub half_life: u16,
}

impl LaunchFee {
    /// Refuses what is outside of the caps.
    pub fn validate(&self) -> Checked<()> {
        let sound = (1..=MAX_LAUNCH_FEE_BPS).contains(&self.start_bps)
            && (1..=MAX_LAUNCH_FEE_SECONDS).contains(&self.seconds)
            && self.half_life <= self.seconds;
        sound.then_some(()).ok_or(CurveError::InvalidLaunchFee)
    }

    /// The rate `elapsed` seconds after the opening, in basis points, rounded up.
    /// A clock that steps back behind the opening finds the start.
    #[allow(clippy::arithmetic_side_effects)] // 16 bits each, in 64; the divisors are above zero.
    pub fn bps_at(&self, elapsed: i64) -> u16 {
        let elapsed = u64::try_from(elapsed).unwrap_or_default();
        let (start, seconds) = (u64::from(self.start_bps), u64::from(self.seconds));
        if elapsed >= seconds {
            return 0;
        }
        let rate = match u64::from(self.half_life) {
            0 => (start * (seconds - elapsed)).div_ceil(seconds),
            // Evenly from each half to the next, so that the fee never jumps while it falls.
            half_life => {
                let halves = u32::try_from(elapsed / half_life).unwrap_or(u32::MAX);
                let rest = 2 * half_life - elapsed % half_life;
                let scale =
                    1u64.checked_shl(halves).and_then(|scale| scale.checked_mul(2 * half_life));
                scale.map_or(1, |scale| (start * rest).div_ceil(scale))
            }
        };
        u16::try_from(rate).unwrap_or(self.start_bps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: LaunchFee = LaunchFee { start_bps: 5_000, seconds: 600, half_life: 0 };
    const HALVING: LaunchFee = LaunchFee { half_life: 60, ..EVEN };

    #[test]
    fn a_fee_falls_from_its_start_to_nothing_and_never_rises() {
        for fee in [EVEN, HALVING, LaunchFee { half_life: 1, ..EVEN }] {
            assert_eq!(fee.bps_at(0), 5_000);
            assert_eq!(fee.bps_at(-5), 5_000);
            for second in 0..600 {
                let (now, next) = (fee.bps_at(second), fee.bps_at(second + 1));
                assert!(now > 0 && next <= now);
            }
            assert_eq!((fee.bps_at(600), fee.bps_at(i64::MAX)), (0, 0));
        }
        assert_eq!(EVEN.bps_at(300), 2_500);
        assert_eq!([60, 90, 120].map(|second| HALVING.bps_at(second)), [2_500, 1_875, 1_250]);
        assert_eq!(LaunchFee::default().bps_at(0), 0);
    }

    #[test]
    fn what_is_outside_of_the_caps_is_refused() {
        let fine = [EVEN, HALVING, LaunchFee { start_bps: 1, seconds: 1, half_life: 1 }];
        assert!(fine.iter().all(|fee| fee.validate().is_ok()));
        let wrong = [
            LaunchFee::default(),
            LaunchFee { start_bps: 0, ..EVEN },
            LaunchFee { start_bps: 5_001, ..EVEN },
            LaunchFee { seconds: 0, ..EVEN },
            LaunchFee { seconds: 601, ..EVEN },
            LaunchFee { half_life: 601, ..EVEN },
        ];
        for fee in wrong {
            assert_eq!(fee.validate(), Err(CurveError::InvalidLaunchFee), "{fee:?}");
        }
    }
}
