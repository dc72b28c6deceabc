use {super::LaunchFee, crate::constants::*, anchor_lang::prelude::*};

/// Life of a curve. Later stages are appended, never reordered.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurveStatus {
    /// Buys and sells.
    Trading,
    /// Everything is sold; the liquidity waits for its pool.
    Complete,
    /// The pool trades; the curve is history.
    Graduated,
    /// The sale failed its minimum; holders return tokens for their share of the reserve.
    Refunding,
    /// A batch launch takes deposits; nobody trades yet.
    Depositing,
    /// The batch missed its minimum: nothing was sold, and nothing ever will be.
    Failed,
}

/// A stretch of the curve: `base_for_sale` units sold by constant product from
/// virtual reserves `base_reserve` and `quote_reserve`.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Virtual base units at the start.
    pub base_reserve: u64,
    /// Virtual lamports at the start.
    pub quote_reserve: u64,
    /// Base units sold between the start and the end; less than `base_reserve`.
    pub base_for_sale: u64,
}

/// One token's sale; PDA `["curve", mint]`. The account itself holds the
/// lamports: its rent, the reserve, and the fees not yet claimed.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Curve {
    pub version: u8,
    pub bump: u8,
    pub mint: Pubkey,
    /// Claims the creator fees.
    pub creator: Pubkey,
    /// Who opened the curve: a launcher's record or the direct opener. May change the creator.
    pub authority: Pubkey,
    pub token_program: Pubkey,
    /// The curve's associated token account.
    pub base_vault: Pubkey,
    pub decimals: u8,
    pub status: CurveStatus,
    pub protocol_fee_bps: u16,
    pub creator_fee_bps: u16,
    pub referrer_share_bps: u16,
    /// What buys pay besides, counted from `opened_at`.
    pub launch_fee: LaunchFee,
    /// Base units that the segments sell.
    pub sale_supply: u64,
    /// Base units kept in the vault for the pool.
    pub liquidity_supply: u64,
    /// Base units sold and not bought back.
    pub sold: u64,
    /// Lamports held for `sold`: exactly `F(sold)`.
    pub quote_reserve: u64,
    /// Lamports held when everything is sold: `F(sale_supply)`.
    pub raise_target: u64,
    /// Protocol fees not yet swept, in lamports.
    pub protocol_fees: u64,
    /// Creator fees not yet claimed, in lamports.
    pub creator_fees: u64,
    /// Launch fees, in lamports: with the reserve they become the liquidity, or the refunds.
    pub launch_fees: u64,
    /// Lamports that keep this account alive; never part of the reserve.
    pub rent_reserve: u64,
    pub opened_at: i64,
    /// When the last unit was sold; 0 before.
    pub completed_at: i64,
    /// When the sale ends unless everything is sold; 0 for never.
    pub deadline: i64,
    /// Until when rules of the opening hold; 0 where there are none.
    pub rules_end: i64,
    /// Lamports of the raise that wait for the team's schedule, after graduation.
    pub team_payout: u64,
    /// The same for the treasury's.
    pub treasury_payout: u64,
    /// The [`super::Terms`] of the sale; the default key for the usual ones.
    pub terms: Pubkey,
    /// Where the token trades after graduation; the default key before.
    pub pool: Pubkey,
    /// When it graduated; 0 before.
    pub graduated_at: i64,
    /// The mint of the pool's shares that lie in the curve's own account until they are
    /// locked; the default key where nobody ever gets any.
    pub lp_mint: Pubkey,
    pub reserved: [u8; 24],
    #[max_len(MAX_SEGMENTS)]
    pub segments: Vec<Segment>,
}

impl Curve {
    /// Bytes of an account with `segments` segments, discriminator included.
    pub fn space(segments: usize) -> usize {
        let unused = usize::from(MAX_SEGMENTS).saturating_sub(segments);
        const LARGEST: usize = Curve::DISCRIMINATOR.len() + Curve::INIT_SPACE;
        LARGEST.saturating_sub(unused.saturating_mul(Segment::INIT_SPACE))
    }
}
