//! The rules of an opening as pure functions of the terms, the time and what a wallet did.

use {
    super::{OpeningRules, Purchases, Terms},
    crate::error::{Checked, CurveError},
    anchor_lang::prelude::*,
    launchpad_common::bps::BPS_ONE,
    solana_sha256_hasher::hashv,
};

/// What goes before a leaf and before a node when they are hashed, so that none passes for the other.
const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];

/// Where the opening rules begin in a [`Terms`] account: behind discriminator, version, bump and launch fee.
const RULES_AT: usize = 16;

impl Terms {
    /// The opening rules of an account, discriminator checked, without unpacking the rest.
    pub fn opening_of(data: &[u8]) -> Result<OpeningRules> {
        let mut bytes = data.get(RULES_AT..).ok_or(ErrorCode::AccountDidNotDeserialize)?;
        Ok(OpeningRules::deserialize(&mut bytes)?)
    }
}

impl OpeningRules {
    /// Whether cap and slot rule hold so many seconds after the opening. A clock behind the
    /// opening finds its first second.
    pub fn is_window(&self, elapsed: i64) -> bool {
        elapsed.max(0) < i64::from(self.window_seconds)
    }

    /// Refuses a buy before anything is quoted: of wallets whose tier has not come, and the second one of a slot.
    pub fn require_admitted(&self, wallet: &Purchases, elapsed: i64, slot: u64) -> Checked<()> {
        let elapsed = elapsed.max(0);
        let first = i64::from(self.allowlist.map_or(0, |tier| tier.seconds));
        let admitted = wallet.allowlisted
            || elapsed >= i64::from(self.tier_seconds())
            || (elapsed >= first && wallet.pledged > 0);
        if !admitted {
            return Err(CurveError::NotAdmitted);
        }
        let again = wallet.bought > 0 && slot <= wallet.last_slot;
        if self.one_buy_per_slot && again && self.is_window(elapsed) {
            return Err(CurveError::OneBuyPerSlot);
        }
        Ok(())
    }

    /// Refuses to let a wallet that bought `bought` units in all pass the cap.
    pub fn require_room(&self, bought: u64, sale_supply: u64, elapsed: i64) -> Checked<()> {
        let capped = self.wallet_cap_bps > 0 && self.is_window(elapsed);
        if capped && bought > self.wallet_cap(sale_supply) {
            return Err(CurveError::WalletCapReached);
        }
        Ok(())
    }

    /// Most base units of one wallet in the window, rounded down.
    #[allow(clippy::arithmetic_side_effects)] // 64 by 16 bits, in 128.
    pub fn wallet_cap(&self, sale_supply: u64) -> u64 {
        let share = u128::from(sale_supply) * u128::from(self.wallet_cap_bps) / u128::from(BPS_ONE);
        u64::try_from(share).unwrap_or(u64::MAX)
    }
}

/// Whether `proof` leads from a wallet's leaf to the root, its nodes from the leaf upwards.
pub fn is_listed(root: &[u8; 32], wallet: &Pubkey, proof: &[[u8; 32]]) -> bool {
    let leaf = hashv(&[LEAF, wallet.as_array()]).to_bytes();
    let found = proof.iter().fold(leaf, |node, other| match node < *other {
        true => hashv(&[NODE, &node, other]).to_bytes(),
        false => hashv(&[NODE, other, &node]).to_bytes(),
    });
    found == *root
}

#[cfg(test)]
mod tests;
