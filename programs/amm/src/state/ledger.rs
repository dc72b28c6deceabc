use {
    super::{ConfigBytes, PoolSigner},
    crate::{
        constants::*,
        error::{AmmError, Checked},
        math::{accumulate, market_cap, ratio, Fees, Reserves},
    },
    anchor_lang::prelude::*,
    launchpad_common::{keys::is_key, SafeMath},
};

/// The numbers of a [`super::Pool`]: its fields from `index` to
/// `quote_price_cumulative`, in the account's order and bytes. Swaps read and
/// write these alone.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ledger {
    pub index: u16,
    pub canonical: bool,
    pub base_decimals: u8,
    pub quote_decimals: u8,
    pub base_taxed: bool,
    pub quote_taxed: bool,
    pub pays_creator: bool,
    pub creator_fee_bps: u16,
    pub lp_supply: u64,
    pub base_reserve: u64,
    pub quote_reserve: u64,
    pub protocol_fees: u64,
    pub creator_fees: u64,
    pub opened_at: i64,
    pub observed_at: i64,
    pub base_price_cumulative: [u64; 3],
    pub quote_price_cumulative: [u64; 3],
}

impl Ledger {
    /// Bytes of a ledger within a pool's account.
    pub const LEN: usize = 2 + 6 + 2 + 7 * 8 + 6 * 8;

    /// The reserves that the last instruction left.
    pub fn reserves(&self) -> Reserves {
        Reserves { base: self.base_reserve, quote: self.quote_reserve }
    }

    /// Sums both prices up to `now` and moves the creator's rate to the tier of
    /// the market cap. Both by the reserves that the last instruction left, and
    /// only when the clock has moved: nothing in this second can change what
    /// this second pays. `supply` is the base mint's.
    pub fn observe(&mut self, now: i64, supply: u64, config: ConfigBytes) -> Checked<()> {
        let seconds = match u64::try_from(now.saturating_sub(self.observed_at)) {
            Err(_) | Ok(0) => return Ok(()),
            Ok(seconds) => seconds,
        };
        let Reserves { base, quote } = self.reserves();
        let (upright, inverse) = (ratio(quote, base)?, ratio(base, quote)?);
        self.base_price_cumulative = accumulate(self.base_price_cumulative, upright, seconds);
        self.quote_price_cumulative = accumulate(self.quote_price_cumulative, inverse, seconds);
        self.observed_at = now;
        self.creator_fee_bps = self.creator_rate(supply, config)?;
        Ok(())
    }

    /// The creator's rate at the reserves that the last instruction left.
    pub fn creator_rate(&self, supply: u64, config: ConfigBytes) -> Checked<u16> {
        if !self.pays_creator {
            return Ok(0);
        }
        config.creator_fee_bps(market_cap(supply, self.reserves()))
    }

    /// Adds a swap's fees to what is owed.
    pub fn book_fees(&mut self, fees: &Fees) -> Checked<()> {
        self.protocol_fees = self.protocol_fees.safe_add(fees.protocol)?;
        self.creator_fees = self.creator_fees.safe_add(fees.creator)?;
        Ok(())
    }

    /// What the vaults hold for the liquidity: everything but the fees owed.
    pub fn reserves_within(&self, vaults: (u64, u64)) -> Checked<Reserves> {
        let (base, quote) = vaults;
        Ok(Reserves { base, quote: quote.safe_sub(self.owed()?)? })
    }

    /// Records what the vaults hold for the liquidity now.
    pub fn settle(&mut self, vaults: (u64, u64)) -> Checked<()> {
        let Reserves { base, quote } = self.reserves_within(vaults)?;
        (self.base_reserve, self.quote_reserve) = (base, quote);
        Ok(())
    }

    /// What every stored pool satisfies; `vaults` are the balances of base and
    /// quote vault. Gifts may have made them larger than what is recorded.
    pub fn invariant(&self, vaults: (u64, u64)) -> Checked<()> {
        let (base, quote) = vaults;
        let sound = self.base_reserve > 0
            && self.quote_reserve > 0
            && self.lp_supply >= MINIMUM_LIQUIDITY
            && base >= self.base_reserve
            && quote >= self.quote_reserve.safe_add(self.owed()?)?
            && self.creator_fee_bps <= MAX_CREATOR_FEE_BPS
            && self.opened_at <= self.observed_at;
        if sound {
            Ok(())
        } else {
            Err(AmmError::InvariantViolated)
        }
    }

    fn owed(&self) -> Checked<u64> {
        Ok(self.protocol_fees.safe_add(self.creator_fees)?)
    }
}

/// Where the fields that swaps need lie in a pool's account.
mod at {
    use core::ops::Range;

    /// Behind the discriminator.
    pub const VERSION: usize = 8;
    pub const BUMP: usize = 9;
    /// The first of ten keys.
    pub const BASE_MINT: Range<usize> = key(0);
    pub const QUOTE_MINT: Range<usize> = key(1);
    pub const BASE_VAULT: Range<usize> = key(2);
    pub const QUOTE_VAULT: Range<usize> = key(3);
    pub const LP_MINT: Range<usize> = key(4);
    pub const BASE_TOKEN_PROGRAM: Range<usize> = key(5);
    pub const QUOTE_TOKEN_PROGRAM: Range<usize> = key(6);
    pub const OPENER: Range<usize> = key(7);
    const AUTHORITY: Range<usize> = key(9);
    pub const LEDGER: Range<usize> = AUTHORITY.end..AUTHORITY.end + super::Ledger::LEN;

    #[allow(clippy::arithmetic_side_effects)] // Evaluated by the compiler.
    const fn key(index: usize) -> Range<usize> {
        let start = 10 + 32 * index;
        start..start + 32
    }
}

/// A key that a pool's account names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    BaseMint,
    QuoteMint,
    BaseVault,
    QuoteVault,
    LpMint,
    BaseTokenProgram,
    QuoteTokenProgram,
}

/// A pool as its account's bytes, after the discriminator was checked.
#[derive(Clone, Copy)]
pub struct PoolBytes<'a>(&'a [u8]);

impl<'a> PoolBytes<'a> {
    /// Takes the whole account's data.
    pub fn new(data: &'a [u8]) -> Self {
        PoolBytes(data)
    }

    /// Whether the account has the layout that is read here.
    pub fn is_current(&self) -> bool {
        self.0.get(at::VERSION) == Some(&ACCOUNT_VERSION)
    }

    /// Whether the pool names `key` in that place.
    #[inline(always)]
    pub fn names(&self, place: Named, key: &Pubkey) -> bool {
        let range = match place {
            Named::BaseMint => at::BASE_MINT,
            Named::QuoteMint => at::QUOTE_MINT,
            Named::BaseVault => at::BASE_VAULT,
            Named::QuoteVault => at::QUOTE_VAULT,
            Named::LpMint => at::LP_MINT,
            Named::BaseTokenProgram => at::BASE_TOKEN_PROGRAM,
            Named::QuoteTokenProgram => at::QUOTE_TOKEN_PROGRAM,
        };
        self.0.get(range).is_some_and(|bytes| is_key(bytes, key))
    }

    /// The pool's numbers.
    pub fn ledger(&self) -> Result<Ledger> {
        let bytes = self.0.get(at::LEDGER).ok_or(ErrorCode::AccountDidNotDeserialize)?;
        Ok(Ledger::try_from_slice(bytes)?)
    }

    /// What the pool signs with.
    pub fn signer(&self, ledger: &Ledger) -> Checked<PoolSigner> {
        Ok(PoolSigner {
            canonical: ledger.canonical,
            base_mint: self.key(at::BASE_MINT)?,
            quote_mint: self.key(at::QUOTE_MINT)?,
            opener: self.key(at::OPENER)?,
            index: ledger.index.to_le_bytes(),
            bump: [self.0.get(at::BUMP).copied().ok_or(AmmError::InvariantViolated)?],
        })
    }

    fn key(&self, range: core::ops::Range<usize>) -> Checked<Pubkey> {
        let key = self.0.get(range).and_then(|bytes| Pubkey::try_from(bytes).ok());
        key.ok_or(AmmError::InvariantViolated)
    }
}

/// Writes the numbers back into the account's data.
pub fn store_ledger(data: &mut [u8], ledger: &Ledger) -> Result<()> {
    let mut bytes = data.get_mut(at::LEDGER).ok_or(ErrorCode::AccountDidNotSerialize)?;
    Ok(ledger.serialize(&mut bytes)?)
}
