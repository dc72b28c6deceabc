use {
    super::{Curve, CurveStatus, LaunchFee, Segment},
    crate::{
        constants::*,
        error::{Checked, CurveError},
        math::{FeeRates, Fees, Market, Quote, SegmentList},
    },
    anchor_lang::prelude::*,
    launchpad_common::{keys::is_key, SafeMath},
};

/// The numbers of a [`Curve`]: its fields from `decimals` to `deadline`, in
/// the account's order and bytes. Trades read and write these alone.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ledger {
    pub decimals: u8,
    pub status: CurveStatus,
    pub protocol_fee_bps: u16,
    pub creator_fee_bps: u16,
    pub referrer_share_bps: u16,
    pub launch_fee: LaunchFee,
    pub sale_supply: u64,
    pub liquidity_supply: u64,
    pub sold: u64,
    pub quote_reserve: u64,
    pub raise_target: u64,
    pub protocol_fees: u64,
    pub creator_fees: u64,
    pub launch_fees: u64,
    pub rent_reserve: u64,
    pub opened_at: i64,
    pub completed_at: i64,
    pub deadline: i64,
    pub rules_end: i64,
    pub team_payout: u64,
    pub treasury_payout: u64,
}

impl Ledger {
    /// Bytes of a ledger within a curve's account.
    pub const LEN: usize = 2 + 6 * 2 + 15 * 8;

    /// What the quote functions need to know at `now`. `referred` divides the protocol fee.
    pub fn market<S: SegmentList>(&self, segments: S, referred: bool, now: i64) -> Market<S> {
        Market {
            segments,
            sale_supply: self.sale_supply,
            raise_target: self.raise_target,
            sold: self.sold,
            quote_reserve: self.quote_reserve,
            rates: FeeRates {
                protocol_bps: self.protocol_fee_bps,
                creator_bps: self.creator_fee_bps,
                referrer_share_bps: self.referrer_share_bps,
                launch_bps: self.launch_fee.bps_at(now.saturating_sub(self.opened_at)),
            },
            referred,
        }
    }

    /// Refuses trades on a curve that is complete or closed, and from its deadline on.
    pub fn require_trading(&self, now: i64) -> Checked<()> {
        match self.status {
            CurveStatus::Trading if self.has_ended(now) => Err(CurveError::SaleEnded),
            CurveStatus::Trading => Ok(()),
            CurveStatus::Complete => Err(CurveError::CurveComplete),
            CurveStatus::Graduated | CurveStatus::Refunding => Err(CurveError::CurveNotTrading),
            CurveStatus::Depositing => Err(CurveError::BatchOpen),
            CurveStatus::Failed => Err(CurveError::BatchFailed),
        }
    }

    /// Whether the sale's time is over; the deadline itself is after the end.
    pub fn has_ended(&self, now: i64) -> bool {
        self.deadline != 0 && now >= self.deadline
    }

    /// Whether rules of the opening bind a buy at `now`.
    pub fn has_rules(&self, now: i64) -> bool {
        now < self.rules_end
    }

    /// Lamports that belong to somebody: the reserve, all fees, and what graduation left to be paid.
    pub fn owed(&self) -> Checked<u64> {
        let fees = self.protocol_fees.safe_add(self.creator_fees)?.safe_add(self.launch_fees)?;
        let payouts = self.team_payout.safe_add(self.treasury_payout)?;
        Ok(self.quote_reserve.safe_add(fees)?.safe_add(payouts)?)
    }

    /// Books a buy; the last unit completes the curve at `now`.
    pub fn apply_buy(&mut self, quote: &Quote, now: i64) -> Checked<()> {
        self.sold = self.sold.safe_add(quote.base)?;
        self.quote_reserve = quote.place.reserve;
        self.book_fees(&quote.fees)?;
        if self.sold == self.sale_supply {
            self.status = CurveStatus::Complete;
            self.completed_at = now;
        }
        Ok(())
    }

    /// Ends the deposits of a batch: trading begins behind what they bought, or never.
    pub fn begin(&mut self, purchase: Option<&Quote>, now: i64) -> Checked<()> {
        let Some(quote) = purchase else {
            self.status = CurveStatus::Failed;
            return Ok(());
        };
        self.status = CurveStatus::Trading;
        self.apply_buy(quote, now)
    }

    /// Books a sell.
    pub fn apply_sell(&mut self, quote: &Quote) -> Checked<()> {
        self.sold = self.sold.safe_sub(quote.base)?;
        self.quote_reserve = quote.place.reserve;
        self.book_fees(&quote.fees)
    }

    fn book_fees(&mut self, fees: &Fees) -> Checked<()> {
        self.protocol_fees = self.protocol_fees.safe_add(fees.protocol)?;
        self.creator_fees = self.creator_fees.safe_add(fees.creator)?;
        self.launch_fees = self.launch_fees.safe_add(fees.launch)?;
        Ok(())
    }

    /// What every stored curve satisfies; `lamports` is the account's whole balance.
    /// Anybody may send lamports here: they change nothing and are never paid out.
    pub fn invariant(&self, lamports: u64) -> Checked<()> {
        let owed = self.owed()?;
        let all_sold = self.sold == self.sale_supply;
        let in_its_stage = match self.status {
            CurveStatus::Trading => !all_sold && self.quote_reserve <= self.raise_target,
            CurveStatus::Complete => all_sold && self.quote_reserve == self.raise_target,
            CurveStatus::Graduated => all_sold && self.quote_reserve == 0 && self.launch_fees == 0,
            CurveStatus::Depositing | CurveStatus::Failed => {
                self.sold == 0 && self.quote_reserve == 0 && self.launch_fees == 0
            }
            // The launch fees are refunded too, unless nobody is left to have them. Every unit
            // outside is worth something until the last one came back for the last lamport.
            CurveStatus::Refunding => {
                !all_sold
                    && self.deadline != 0
                    && (self.launch_fees == 0 || self.sold == 0)
                    && (self.sold == 0) == (self.quote_reserve == 0)
            }
        };
        let paid_later = self.team_payout > 0 || self.treasury_payout > 0;
        let sound = in_its_stage
            && (!paid_later || self.status == CurveStatus::Graduated)
            && self.sold <= self.sale_supply
            && lamports.saturating_sub(self.rent_reserve) >= owed;
        if sound {
            Ok(())
        } else {
            Err(CurveError::InvariantViolated)
        }
    }
}

/// Where the fields that trades need lie in a curve's account.
mod at {
    use core::ops::Range;

    /// Behind the discriminator.
    pub const VERSION: usize = 8;
    pub const BUMP: usize = 9;
    /// The first of five keys.
    pub const MINT: Range<usize> = key(0);
    pub const AUTHORITY: Range<usize> = key(2);
    pub const TOKEN_PROGRAM: Range<usize> = key(3);
    pub const BASE_VAULT: Range<usize> = key(4);
    pub const LEDGER: Range<usize> = BASE_VAULT.end..BASE_VAULT.end + super::Ledger::LEN;
    pub const TERMS: Range<usize> = LEDGER.end..LEDGER.end + 32;
    /// Behind the pool, the time of graduation, the shares' mint and the reserved bytes: a count
    /// and the segments.
    pub const SEGMENTS: usize = TERMS.end + 32 + 8 + 32 + 24;

    #[allow(clippy::arithmetic_side_effects)] // Evaluated by the compiler.
    const fn key(index: usize) -> Range<usize> {
        let start = 10 + 32 * index;
        start..start + 32
    }
}

/// A [`Curve`] as its account's bytes, after the discriminator was checked.
#[derive(Clone, Copy)]
pub struct CurveBytes<'a>(&'a [u8]);

impl<'a> CurveBytes<'a> {
    /// Takes the whole account's data.
    pub fn new(data: &'a [u8]) -> Self {
        CurveBytes(data)
    }

    /// Whether the account has the layout that is read here.
    pub fn is_current(&self) -> bool {
        self.0.get(at::VERSION) == Some(&ACCOUNT_VERSION)
    }

    /// The canonical bump that the curve signs with.
    pub fn bump(&self) -> Checked<u8> {
        self.0.get(at::BUMP).copied().ok_or(CurveError::InvariantViolated)
    }

    /// What the curve sells.
    pub fn mint(&self) -> Result<Pubkey> {
        let bytes = self.0.get(at::MINT).and_then(|bytes| Pubkey::try_from(bytes).ok());
        Ok(bytes.ok_or(ErrorCode::AccountDidNotDeserialize)?)
    }

    pub fn has_mint(&self, key: &Pubkey) -> bool {
        self.0.get(at::MINT).is_some_and(|bytes| is_key(bytes, key))
    }

    /// Whether `key` opened the curve.
    pub fn has_authority(&self, key: &Pubkey) -> bool {
        self.0.get(at::AUTHORITY).is_some_and(|bytes| is_key(bytes, key))
    }

    pub fn has_terms(&self, key: &Pubkey) -> bool {
        self.0.get(at::TERMS).is_some_and(|bytes| is_key(bytes, key))
    }

    pub fn has_token_program(&self, key: &Pubkey) -> bool {
        self.0.get(at::TOKEN_PROGRAM).is_some_and(|bytes| is_key(bytes, key))
    }

    pub fn has_base_vault(&self, key: &Pubkey) -> bool {
        self.0.get(at::BASE_VAULT).is_some_and(|bytes| is_key(bytes, key))
    }

    /// The curve's numbers.
    pub fn ledger(&self) -> Result<Ledger> {
        let bytes = self.0.get(at::LEDGER).ok_or(ErrorCode::AccountDidNotDeserialize)?;
        Ok(Ledger::try_from_slice(bytes)?)
    }

    /// The curve's segments, left where they are.
    pub fn segments(&self) -> Result<PackedSegments<'a>> {
        let (count, rest) = self
            .0
            .get(at::SEGMENTS..)
            .and_then(|bytes| bytes.split_first_chunk::<4>())
            .ok_or(ErrorCode::AccountDidNotDeserialize)?;
        let (segments, _) = rest.as_chunks::<{ Segment::INIT_SPACE }>();
        let count = u32::from_le_bytes(*count) as usize;
        Ok(PackedSegments(segments.get(..count).ok_or(ErrorCode::AccountDidNotDeserialize)?))
    }
}

/// Segments in an account's bytes, each read when it is needed.
#[derive(Clone, Copy, Debug)]
pub struct PackedSegments<'a>(&'a [[u8; Segment::INIT_SPACE]]);

impl SegmentList for PackedSegments<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn at(&self, index: usize) -> Option<Segment> {
        let (fields, _) = self.0.get(index)?.as_chunks::<8>();
        Some(Segment {
            base_reserve: u64::from_le_bytes(*fields.first()?),
            quote_reserve: u64::from_le_bytes(*fields.get(1)?),
            base_for_sale: u64::from_le_bytes(*fields.get(2)?),
        })
    }
}

/// Writes the numbers back into the account's data.
pub fn store_ledger(data: &mut [u8], ledger: &Ledger) -> Result<()> {
    let mut bytes = data.get_mut(at::LEDGER).ok_or(ErrorCode::AccountDidNotSerialize)?;
    Ok(ledger.serialize(&mut bytes)?)
}

impl Curve {
    /// The numbers of an unpacked curve.
    pub fn ledger(&self) -> Ledger {
        Ledger {
            decimals: self.decimals,
            status: self.status,
            protocol_fee_bps: self.protocol_fee_bps,
            creator_fee_bps: self.creator_fee_bps,
            referrer_share_bps: self.referrer_share_bps,
            launch_fee: self.launch_fee,
            sale_supply: self.sale_supply,
            liquidity_supply: self.liquidity_supply,
            sold: self.sold,
            quote_reserve: self.quote_reserve,
            raise_target: self.raise_target,
            protocol_fees: self.protocol_fees,
            creator_fees: self.creator_fees,
            launch_fees: self.launch_fees,
            rent_reserve: self.rent_reserve,
            opened_at: self.opened_at,
            completed_at: self.completed_at,
            deadline: self.deadline,
            rules_end: self.rules_end,
            team_payout: self.team_payout,
            treasury_payout: self.treasury_payout,
        }
    }

    /// What every stored curve satisfies; see [`Ledger::invariant`].
    pub fn invariant(&self, lamports: u64) -> Checked<()> {
        if self.version != ACCOUNT_VERSION {
            return Err(CurveError::InvariantViolated);
        }
        self.ledger().invariant(lamports)
    }
}
