use {
    crate::{
        constants::*,
        error::{AmmError, Checked},
        state::Ledger,
    },
    anchor_lang::prelude::*,
};

/// One pool; PDA `["pool", mint]` for a graduate's canonical one, else
/// `["pool", base, quote, opener, index]`. Its vaults hold the reserves and,
/// in the quote vault, the fees not yet claimed.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Pool {
    pub version: u8,
    pub bump: u8,
    pub base_mint: Pubkey,
    /// Wrapped SOL wherever one side is.
    pub quote_mint: Pubkey,
    pub base_vault: Pubkey,
    pub quote_vault: Pubkey,
    /// The mint of the shares; classic SPL, made by this pool.
    pub lp_mint: Pubkey,
    pub base_token_program: Pubkey,
    pub quote_token_program: Pubkey,
    /// Who opened it: a wallet, or the curve of a graduate.
    pub opener: Pubkey,
    /// Claims the creator fees; the default key where there is none.
    pub creator: Pubkey,
    /// May change the creator.
    pub authority: Pubkey,
    /// Tells pools of one opener and pair apart; 0 for a canonical one.
    pub index: u16,
    /// Whether it is the one pool of a graduate.
    pub canonical: bool,
    pub base_decimals: u8,
    pub quote_decimals: u8,
    /// Whether the token programs keep back a part of each transfer.
    pub base_taxed: bool,
    pub quote_taxed: bool,
    /// Creator fees are paid in SOL alone, and only where there is a creator.
    pub pays_creator: bool,
    /// The creator's rate by the market cap at the end of the last earlier second with a change.
    pub creator_fee_bps: u16,
    /// All shares, with those that nobody holds.
    pub lp_supply: u64,
    /// The reserves that the last instruction left; gifts since then count from the next one.
    pub base_reserve: u64,
    pub quote_reserve: u64,
    /// Protocol fees not yet swept, in quote units.
    pub protocol_fees: u64,
    /// Creator fees not yet claimed, in quote units.
    pub creator_fees: u64,
    pub opened_at: i64,
    /// Until when the two sums below are complete.
    pub observed_at: i64,
    /// Sum over seconds of quote / base in Q64.64; see [`crate::math::price`].
    pub base_price_cumulative: [u64; 3],
    /// Sum over seconds of base / quote in Q64.64.
    pub quote_price_cumulative: [u64; 3],
    pub reserved: [u8; 128],
}

impl Pool {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Pool::DISCRIMINATOR.len() + Pool::INIT_SPACE;

    /// The numbers of an unpacked pool.
    pub fn ledger(&self) -> Ledger {
        Ledger {
            index: self.index,
            canonical: self.canonical,
            base_decimals: self.base_decimals,
            quote_decimals: self.quote_decimals,
            base_taxed: self.base_taxed,
            quote_taxed: self.quote_taxed,
            pays_creator: self.pays_creator,
            creator_fee_bps: self.creator_fee_bps,
            lp_supply: self.lp_supply,
            base_reserve: self.base_reserve,
            quote_reserve: self.quote_reserve,
            protocol_fees: self.protocol_fees,
            creator_fees: self.creator_fees,
            opened_at: self.opened_at,
            observed_at: self.observed_at,
            base_price_cumulative: self.base_price_cumulative,
            quote_price_cumulative: self.quote_price_cumulative,
        }
    }

    /// What the pool signs with.
    pub fn signer(&self) -> PoolSigner {
        PoolSigner {
            canonical: self.canonical,
            base_mint: self.base_mint,
            quote_mint: self.quote_mint,
            opener: self.opener,
            index: self.index.to_le_bytes(),
            bump: [self.bump],
        }
    }

    /// What every stored pool satisfies; `vaults` are the balances of base and quote vault.
    pub fn invariant(&self, vaults: (u64, u64)) -> Checked<()> {
        if self.version != ACCOUNT_VERSION
            || (self.pays_creator && self.creator == Pubkey::default())
        {
            return Err(AmmError::InvariantViolated);
        }
        self.ledger().invariant(vaults)
    }
}

/// The seeds of a pool, with which it signs for its vaults and its shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSigner {
    pub canonical: bool,
    pub base_mint: Pubkey,
    pub quote_mint: Pubkey,
    pub opener: Pubkey,
    pub index: [u8; 2],
    pub bump: [u8; 1],
}

impl PoolSigner {
    /// Calls `sign` with the seeds.
    pub fn with<R>(&self, sign: impl FnOnce(&[&[u8]]) -> R) -> R {
        if self.canonical {
            return sign(&[POOL_SEED, self.base_mint.as_ref(), &self.bump]);
        }
        sign(&[
            POOL_SEED,
            self.base_mint.as_ref(),
            self.quote_mint.as_ref(),
            self.opener.as_ref(),
            &self.index,
            &self.bump,
        ])
    }
}
