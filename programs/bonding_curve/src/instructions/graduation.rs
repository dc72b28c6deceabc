//! What the ways of graduating share.

use {
    crate::{
        constants::{CURVE_SEED, VENUE_FALLBACK_SECONDS},
        error::CurveError,
        events::Graduated,
        math::{self, Division, Raise},
        state::{Curve, CurveStatus, SaleTerms, Terms, Venue},
    },
    anchor_lang::{
        prelude::*,
        solana_program::{instruction::Instruction, program::invoke_signed},
    },
    launchpad_common::SafeMath,
};

const BURN: u8 = 8;

/// What a sold-out curve becomes.
pub struct Graduation {
    pub division: Division,
    /// Base units for the pool.
    pub base: u64,
    /// Base units that do not fit.
    pub burned: u64,
    pub venue: Venue,
    pub pool: Pubkey,
    /// The mint of the pool's shares.
    pub lp_mint: Pubkey,
    /// How long the shares are locked; 0 for ever.
    pub lock_seconds: u32,
    pub now: i64,
}

/// The pool that a curve graduates into.
pub struct Target {
    pub venue: Venue,
    pub pool: Pubkey,
    pub lp_mint: Pubkey,
}

/// The terms that a curve was opened under.
pub fn sale_of(curve: &Curve, terms: Option<&Account<Terms>>) -> Result<SaleTerms> {
    if curve.terms == Pubkey::default() {
        return Ok(SaleTerms::default());
    }
    let terms = terms.ok_or(CurveError::MissingTerms)?;
    require_keys_eq!(terms.key(), curve.terms, CurveError::MissingTerms);
    Ok(terms.sale)
}

impl Curve {
    /// Plans the graduation of a curve that is sold out; `reward` is what the caller would get.
    pub(super) fn plan(
        &self,
        sale: &SaleTerms,
        target: Target,
        reward: u64,
    ) -> Result<Box<Graduation>> {
        require!(self.status == CurveStatus::Complete, CurveError::NotComplete);
        let terms = &sale.graduation;
        let raise = Raise {
            raise: self.quote_reserve,
            launch_fees: self.launch_fees,
            liquidity_bps: terms.liquidity_bps,
            team_bps: terms.payout.map(|payout| payout.team_bps).unwrap_or_default(),
        };
        let division = raise.divide(reward)?;
        let kept = self.liquidity_supply;
        let base = math::base_for_pool(self.segments.as_slice(), division.quote, kept)?;
        Ok(Box::new(Graduation {
            division,
            base,
            burned: kept.safe_sub(base).map_err(CurveError::from)?,
            venue: target.venue,
            pool: target.pool,
            lp_mint: target.lp_mint,
            lock_seconds: terms.liquidity_lock_seconds,
            now: Clock::get()?.unix_timestamp,
        }))
    }

    /// Whether the venue of the terms had its time.
    pub(super) fn waited_long(&self, now: i64) -> bool {
        now >= self.completed_at.saturating_add(VENUE_FALLBACK_SECONDS.into())
    }

    /// Books a graduation; its lamports and tokens follow.
    pub(super) fn graduate(&mut self, plan: &Graduation) {
        self.status = CurveStatus::Graduated;
        (self.quote_reserve, self.launch_fees) = (0, 0);
        (self.team_payout, self.treasury_payout) = (plan.division.team, plan.division.treasury);
        (self.pool, self.graduated_at) = (plan.pool, plan.now);
        if plan.lock_seconds > 0 {
            self.lp_mint = plan.lp_mint;
        }
    }

    /// The event that carries everything about a graduation; `reward` is what the keeper got.
    pub(super) fn graduated(
        &self,
        plan: &Graduation,
        curve: Pubkey,
        keeper: Pubkey,
        reward: u64,
    ) -> Graduated {
        Graduated {
            mint: self.mint,
            curve,
            pool: plan.pool,
            venue: plan.venue,
            base_amount: plan.base,
            quote_amount: plan.division.quote,
            burned: plan.burned,
            keeper,
            reward,
            team_payout: plan.division.team,
            treasury_payout: plan.division.treasury,
            locked_until: match plan.lock_seconds {
                0 => 0,
                seconds => plan.now.saturating_add(seconds.into()),
            },
            timestamp: plan.now,
        }
    }

    /// Calls `sign` with the seeds by which the curve signs.
    pub(super) fn sign<R>(&self, sign: impl FnOnce(&[&[u8]]) -> R) -> R {
        sign(&[CURVE_SEED, self.mint.as_ref(), &[self.bump]])
    }
}

/// Destroys `amount` base units of an account whose owner signs by `seeds`.
pub fn burn<'info>(
    token_program: &AccountInfo<'info>,
    account: &AccountInfo<'info>,
    mint: &AccountInfo<'info>,
    owner: &AccountInfo<'info>,
    amount: u64,
    seeds: &[&[u8]],
) -> Result<()> {
    if amount == 0 {
        return Ok(());
    }
    let mut data = Vec::with_capacity(9);
    data.push(BURN);
    data.extend_from_slice(&amount.to_le_bytes());
    let accounts = vec![
        AccountMeta::new(*account.key, false),
        AccountMeta::new(*mint.key, false),
        AccountMeta::new_readonly(*owner.key, true),
    ];
    let instruction = Instruction { program_id: *token_program.key, accounts, data };
    let infos = [account.clone(), mint.clone(), owner.clone()];
    invoke_signed(&instruction, &infos, &[seeds]).map_err(Into::into)
}
