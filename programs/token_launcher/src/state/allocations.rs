use {
    crate::{
        constants::{MAX_TEAM_BPS, MIN_MARKET_BPS},
        error::{Checked, LauncherError},
    },
    anchor_lang::prelude::*,
    launchpad_common::{
        bps::{share_floor, BPS_ONE},
        SafeMath,
    },
};

/// How the supply is divided, in basis points that sum to 10,000.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocations {
    /// Sold by the curve.
    pub public_bps: u16,
    /// Kept by the curve for the pool; also takes what rounding leaves.
    pub liquidity_bps: u16,
    /// Vested.
    pub team_bps: u16,
    pub ecosystem_bps: u16,
    pub treasury_bps: u16,
}

/// The allocations in base units; they sum to the supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    pub public: u64,
    pub liquidity: u64,
    pub team: u64,
    pub ecosystem: u64,
    pub treasury: u64,
}

impl Allocations {
    /// Refuses shares outside the caps or not summing to the whole.
    pub fn validate(&self) -> Checked<()> {
        let shares = [
            self.public_bps,
            self.liquidity_bps,
            self.team_bps,
            self.ecosystem_bps,
            self.treasury_bps,
        ];
        let whole: u32 = shares.into_iter().map(u32::from).sum();
        let market = u32::from(self.public_bps).safe_add(self.liquidity_bps.into())?;
        let sound = whole == u32::from(BPS_ONE)
            && self.public_bps > 0
            && self.team_bps <= MAX_TEAM_BPS
            && market >= u32::from(MIN_MARKET_BPS);
        sound.then_some(()).ok_or(LauncherError::InvalidAllocations)
    }

    /// Base units of each bucket: rounded down, the rest goes to liquidity.
    /// A bucket that was promised a share must receive at least one unit.
    pub fn split(&self, supply: u64) -> Checked<Amounts> {
        let public = promised(supply, self.public_bps)?;
        let team = promised(supply, self.team_bps)?;
        let ecosystem = promised(supply, self.ecosystem_bps)?;
        let treasury = promised(supply, self.treasury_bps)?;
        let others = public.safe_add(team)?.safe_add(ecosystem)?.safe_add(treasury)?;
        let liquidity = supply.safe_sub(others)?;
        if self.liquidity_bps > 0 && liquidity == 0 {
            return Err(LauncherError::InvalidAllocations);
        }
        Ok(Amounts { public, liquidity, team, ecosystem, treasury })
    }
}

impl Amounts {
    /// Base units that the curve's vault holds: for sale and for the pool.
    pub fn market(&self) -> Checked<u64> {
        Ok(self.public.safe_add(self.liquidity)?)
    }
}

fn promised(supply: u64, bps: u16) -> Checked<u64> {
    match share_floor(supply, bps)? {
        0 if bps > 0 => Err(LauncherError::InvalidAllocations),
        amount => Ok(amount),
    }
}

#[cfg(test)]
mod tests {
    use {super::*, proptest::prelude::*};

    const CLASSIC: Allocations = Allocations {
        public_bps: 7_931,
        liquidity_bps: 2_069,
        team_bps: 0,
        ecosystem_bps: 0,
        treasury_bps: 0,
    };

    fn of(public: u16, liquidity: u16, team: u16, ecosystem: u16, treasury: u16) -> Allocations {
        Allocations {
            public_bps: public,
            liquidity_bps: liquidity,
            team_bps: team,
            ecosystem_bps: ecosystem,
            treasury_bps: treasury,
        }
    }

    #[test]
    fn the_classic_split_sells_793_100_000_of_a_billion() {
        let amounts = CLASSIC.split(1_000_000_000).unwrap();
        assert_eq!((amounts.public, amounts.liquidity), (793_100_000, 206_900_000));
        assert_eq!((amounts.team, amounts.ecosystem, amounts.treasury), (0, 0, 0));
    }

    #[test]
    fn shares_at_their_caps_pass_and_one_point_beyond_fails() {
        assert_eq!(of(4_000, 1_000, 2_000, 1_500, 1_500).validate(), Ok(()));
        assert_eq!(of(10_000, 0, 0, 0, 0).validate(), Ok(()));
        let refused = [
            of(4_000, 999, 2_000, 1_500, 1_501),
            of(4_000, 1_000, 2_001, 1_500, 1_499),
            of(0, 10_000, 0, 0, 0),
            of(7_931, 2_068, 0, 0, 0),
            of(7_931, 2_070, 0, 0, 0),
            of(u16::MAX, u16::MAX, 0, 0, 0),
        ];
        for allocations in refused {
            assert_eq!(allocations.validate(), Err(LauncherError::InvalidAllocations));
        }
    }

    #[test]
    fn a_promised_share_below_one_unit_is_refused() {
        let allocations = of(5_000, 4_999, 1, 0, 0);
        assert_eq!(allocations.split(9_999), Err(LauncherError::InvalidAllocations));
        assert_eq!(allocations.split(10_000).map(|amounts| amounts.team), Ok(1));
        assert_eq!(of(9_999, 1, 0, 0, 0).split(0), Err(LauncherError::InvalidAllocations));
    }

    proptest! {
        #[test]
        fn buckets_always_sum_to_the_supply(
            supply in 10_000u64.., public in 1u16..=5_000, team in 0u16..=2_000, ecosystem in 0u16..=1_500,
        ) {
            let liquidity = BPS_ONE - public - team - ecosystem - 1_500;
            let allocations = of(public, liquidity, team, ecosystem, 1_500);
            let amounts = allocations.split(supply).unwrap();
            let sum = [amounts.team, amounts.ecosystem, amounts.treasury]
                .iter().fold(amounts.market().unwrap(), |sum, amount| sum + amount);
            prop_assert_eq!(sum, supply);
        }
    }
}
