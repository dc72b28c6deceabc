use {
    crate::{
        constants::*,
        error::{Checked, CurveError},
    },
    anchor_lang::prelude::*,
    launchpad_common::{keys::is_key, SafeMath},
};

/// What one wallet did while the opening rules of a sale hold; PDA
/// `["position", mint, wallet]`. Closed afterwards.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Position {
    pub version: u8,
    pub bump: u8,
    pub mint: Pubkey,
    pub wallet: Pubkey,
    /// Base units bought under the rules; selling does not lower it.
    pub bought: u64,
    /// Slot of the last buy; 0 before the first.
    pub last_slot: u64,
    /// Whether a proof led to the allowlist.
    pub allowlisted: bool,
    /// Base units of the community's token in the position's token account.
    pub pledged: u64,
    pub reserved: [u8; 32],
}

impl Position {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Position::DISCRIMINATOR.len() + Position::INIT_SPACE;

    /// A wallet that has done nothing yet.
    pub fn new(mint: Pubkey, wallet: Pubkey, bump: u8) -> Self {
        Position {
            version: ACCOUNT_VERSION,
            bump,
            mint,
            wallet,
            bought: 0,
            last_slot: 0,
            allowlisted: false,
            pledged: 0,
            reserved: [0; 32],
        }
    }

    /// What every stored position satisfies.
    pub fn invariant(&self) -> Checked<()> {
        let sound = self.version == ACCOUNT_VERSION && (self.last_slot == 0 || self.bought > 0);
        sound.then_some(()).ok_or(CurveError::InvariantViolated)
    }
}

/// The part of a [`Position`] that a buy reads and writes, in the account's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purchases {
    pub bought: u64,
    pub last_slot: u64,
    pub allowlisted: bool,
    pub pledged: u64,
}

/// Where these lie in the account, behind discriminator, version and bump.
mod at {
    use core::ops::Range;

    pub const VERSION: usize = 8;
    pub const MINT: Range<usize> = 10..42;
    pub const WALLET: Range<usize> = 42..74;
    pub const BOUGHT: Range<usize> = 74..82;
    pub const LAST_SLOT: Range<usize> = 82..90;
    pub const ALLOWLISTED: usize = 90;
    pub const PLEDGED: Range<usize> = 91..99;
}

impl Purchases {
    /// Those of `wallet` in the sale of `mint`, where they lie in the account's `data`, discriminator checked.
    ///
    /// # Errors
    /// `MissingPosition` for the position of somebody else or of another sale.
    pub fn read(data: &[u8], mint: &Pubkey, wallet: &Pubkey) -> Checked<Self> {
        let own = data.get(at::VERSION) == Some(&ACCOUNT_VERSION)
            && data.get(at::MINT).is_some_and(|bytes| is_key(bytes, mint))
            && data.get(at::WALLET).is_some_and(|bytes| is_key(bytes, wallet));
        if !own {
            return Err(CurveError::MissingPosition);
        }
        Ok(Purchases {
            bought: number(data, at::BOUGHT)?,
            last_slot: number(data, at::LAST_SLOT)?,
            allowlisted: data.get(at::ALLOWLISTED) == Some(&1),
            pledged: number(data, at::PLEDGED)?,
        })
    }

    /// Writes back what buys change.
    pub fn store(&self, data: &mut [u8]) -> Checked<()> {
        for (place, value) in [(at::BOUGHT, self.bought), (at::LAST_SLOT, self.last_slot)] {
            let field = data.get_mut(place).ok_or(CurveError::InvariantViolated)?;
            field.copy_from_slice(&value.to_le_bytes());
        }
        Ok(())
    }

    /// The same after a buy of `base` units in `slot`.
    pub fn after(&self, base: u64, slot: u64) -> Checked<Self> {
        Ok(Purchases { bought: self.bought.safe_add(base)?, last_slot: slot, ..*self })
    }
}

fn number(data: &[u8], place: core::ops::Range<usize>) -> Checked<u64> {
    let bytes = data.get(place).and_then(|bytes| bytes.first_chunk::<8>());
    bytes.map(|bytes| u64::from_le_bytes(*bytes)).ok_or(CurveError::InvariantViolated)
}
