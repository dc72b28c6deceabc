//! What curves know of Raydium's CP-swap: when it takes a new pool, and what that costs.
//!
//! Facts are those of its public source, version 0.2.0: an `AmmConfig` holds, behind its
//! discriminator, a bump, the switch that stops new pools, an index, three rates and the fee
//! for a new pool. Whoever opens one pays that fee and the rent of six accounts.

use {
    crate::{
        constants::*,
        error::{Checked, CurveError},
        math::most_of,
    },
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

/// Pool, record of prices, mint of the shares, two vaults, and whoever holds the shares first.
pub const POOL_SPACE: usize = 637;
pub const OBSERVATION_SPACE: usize = 4_075;
pub const MINT_SPACE: usize = 82;
pub const TOKEN_SPACE: usize = 165;
const SPACES: [usize; 6] =
    [POOL_SPACE, OBSERVATION_SPACE, MINT_SPACE, TOKEN_SPACE, TOKEN_SPACE, TOKEN_SPACE];

const CONFIG_TAG: [u8; 8] = [0xda, 0xf4, 0x21, 0x68, 0xcb, 0xcb, 0x2b, 0x6f];
const DISABLED_AT: usize = 9;
const POOL_FEE_AT: usize = 36;

/// A sold-out curve in front of Raydium's door.
pub struct Visit<'a, 'info> {
    /// Raydium's program, if it is on this cluster.
    pub program: &'a AccountInfo<'info>,
    /// Its fee tier, if it is there.
    pub config: &'a AccountInfo<'info>,
    /// Lamports that the curve raised, without launch fees.
    pub raise: u64,
    /// Lamports that the caller gets beside his costs.
    pub bounty: u64,
}

impl Visit<'_, '_> {
    /// The fee for the pool, in lamports; none where Raydium cannot take the curve: its program
    /// or its fee tier is missing, the tier takes no new pools, or a tenth of the raise does not
    /// pay for one and the bounty. What strangers sent to the coming addresses does not count.
    ///
    /// # Errors
    /// `InvalidProgramId`, `ConstraintAddress` for accounts at other addresses.
    pub fn fee(&self) -> Result<Option<u64>> {
        require_keys_eq!(*self.program.key, RAYDIUM_CP_SWAP, ErrorCode::InvalidProgramId);
        require_keys_eq!(*self.config.key, RAYDIUM_AMM_CONFIG, ErrorCode::ConstraintAddress);
        if !self.program.executable || self.config.owner != &RAYDIUM_CP_SWAP {
            return Ok(None);
        }
        let Some(fee) = pool_fee(&self.config.try_borrow_data()?) else {
            return Ok(None);
        };
        let rent = Rent::get()?;
        let rents = SPACES.map(|space| rent.minimum_balance(space));
        Ok(carries(self.raise, self.bounty, fee, &rents)?.then_some(fee))
    }
}

/// The fee for a new pool in a fee tier's bytes; none where it takes no new pools or is no tier.
fn pool_fee(data: &[u8]) -> Option<u64> {
    let is_open = data.starts_with(&CONFIG_TAG) && data.get(DISABLED_AT) == Some(&0);
    let fee = data.get(POOL_FEE_AT..)?.first_chunk::<8>()?;
    is_open.then(|| u64::from_le_bytes(*fee))
}

/// Whether a tenth of a raise pays for a pool and the bounty.
fn carries(raise: u64, bounty: u64, fee: u64, rents: &[u64]) -> Checked<bool> {
    let costs = rents.iter().try_fold(bounty, |sum, rent| sum.safe_add(*rent))?;
    // A fee beyond 64 bits is one that nobody pays.
    Ok(costs.checked_add(fee).is_some_and(|all| all <= most_of(raise)))
}

/// Refuses sales whose raise would not carry Raydium's costs.
///
/// # Errors
/// `RaiseTooSmall`.
pub fn require_raise(raise: u64) -> Checked<()> {
    if raise >= MIN_RAYDIUM_RAISE {
        Ok(())
    } else {
        Err(CurveError::RaiseTooSmall)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, launchpad_common::token::HARMLESS_MINT_EXTENSIONS};

    const FEE: u64 = 150_000_000;
    /// What the six accounts cost on every cluster so far, 3,480 lamports a byte and year.
    const RENTS: [u64; 6] = [5_324_400, 29_252_880, 1_461_600, 2_039_280, 2_039_280, 2_039_280];

    fn tier(disabled: u8, fee: u64) -> Vec<u8> {
        let mut data = vec![0; 236];
        data[..8].copy_from_slice(&CONFIG_TAG);
        data[DISABLED_AT] = disabled;
        data[POOL_FEE_AT..POOL_FEE_AT + 8].copy_from_slice(&fee.to_le_bytes());
        data
    }

    #[test]
    fn the_fee_is_read_where_the_tier_takes_pools() {
        assert_eq!(pool_fee(&tier(0, FEE)), Some(FEE));
        assert_eq!(pool_fee(&tier(1, FEE)), None);
        assert_eq!(pool_fee(&tier(0, FEE)[..43]), None, "cut short");
        assert_eq!(pool_fee(&[0; 236]), None, "no fee tier");
        assert_eq!(pool_fee(&[]), None);
    }

    #[test]
    fn the_smallest_raise_carries_the_costs_and_the_highest_bounty() {
        assert_eq!(carries(MIN_RAYDIUM_RAISE, MAX_KEEPER_BOUNTY, FEE, &RENTS), Ok(true));
        assert_eq!(RENTS.iter().sum::<u64>() + FEE, 192_156_720);
        assert_eq!(require_raise(MIN_RAYDIUM_RAISE), Ok(()));
        assert_eq!(require_raise(MIN_RAYDIUM_RAISE - 1), Err(CurveError::RaiseTooSmall));
    }

    #[test]
    fn a_fee_that_grew_beyond_a_tenth_of_the_raise_is_not_paid() {
        let most = MIN_RAYDIUM_RAISE / 10 - RENTS.iter().sum::<u64>();
        assert_eq!(carries(MIN_RAYDIUM_RAISE, 0, most, &RENTS), Ok(true));
        assert_eq!(carries(MIN_RAYDIUM_RAISE, 0, most + 1, &RENTS), Ok(false));
        assert_eq!(carries(u64::MAX, 0, u64::MAX, &RENTS), Ok(false));
    }

    #[test]
    fn every_mint_that_a_curve_sells_is_one_that_raydium_takes() {
        // Transfer fee, interest, pointer to metadata, metadata, scaled amounts.
        let taken = [1u16, 10, 18, 19, 25];
        assert!(HARMLESS_MINT_EXTENSIONS.iter().all(|kind| taken.contains(kind)));
    }

    #[test]
    fn the_pinned_tier_is_the_programs_first() {
        let seeds: &[&[u8]] = &[b"amm_config", &0u16.to_be_bytes()];
        let address = Pubkey::find_program_address(seeds, &RAYDIUM_CP_SWAP).0;
        assert_eq!(address, RAYDIUM_AMM_CONFIG);
    }
}
