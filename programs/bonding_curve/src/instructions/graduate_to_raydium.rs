use {
    super::{
        graduation::{sale_of, Graduation, Target},
        lamports::missing_rent,
    },
    crate::{
        constants::*,
        error::CurveError,
        log,
        raydium::{Visit, MINT_SPACE, OBSERVATION_SPACE, POOL_SPACE, TOKEN_SPACE},
        state::{Config, Curve, CurveStatus, SaleTerms, Terms, Venue},
    },
    amm::token::WRAPPED_SOL,
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token::Token},
    launchpad_common::SafeMath,
};

#[event_cpi]
#[derive(Accounts)]
pub struct GraduateToRaydium<'info> {
    /// Anybody: is repaid from the raise before anything is paid, and gets the bounty.
    #[account(mut)]
    pub keeper: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    #[account(
        mut,
        seeds = [CURVE_SEED, curve.mint.as_ref()],
        bump = curve.bump,
        has_one = mint @ CurveError::InvalidMint,
        has_one = base_vault,
        has_one = token_program
    )]
    pub curve: Box<Account<'info, Curve>>,
    /// CHECK: compared with the curve where it is used.
    pub terms: Box<Account<'info, Terms>>,
    /// CHECK: the curve names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the curve names it.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: wrapped SOL.
    #[account(address = WRAPPED_SOL @ CurveError::InvalidMint)]
    pub quote_mint: UncheckedAccount<'info>,
    /// Raydium wants its pools opened by an account that pays and holds everything. This one
    /// is empty before and after, so nothing that a stranger leaves here is in the way.
    /// CHECK: derived; owned by the system program, for nobody else signs for it.
    #[account(mut, seeds = [POOL_CREATOR_SEED, curve.mint.as_ref()], bump)]
    pub pool_creator: UncheckedAccount<'info>,
    /// Its account of the token. At an address of ours, so that nobody makes it before.
    /// CHECK: derived; made and closed here.
    #[account(mut, seeds = [CREATOR_BASE_SEED, curve.mint.as_ref()], bump)]
    pub creator_base: UncheckedAccount<'info>,
    /// Its account of wrapped SOL.
    /// CHECK: derived; made and closed here.
    #[account(mut, seeds = [CREATOR_QUOTE_SEED, curve.mint.as_ref()], bump)]
    pub creator_quote: UncheckedAccount<'info>,
    /// Its associated account of the shares.
    /// CHECK: made here, by Raydium, which derives the address; closed here.
    #[account(mut)]
    pub creator_lp: UncheckedAccount<'info>,
    /// Where the terms give the shares out one day: the curve's associated token account of them.
    /// CHECK: the associated token program accepts no other address.
    #[account(mut)]
    pub curve_lp: Option<UncheckedAccount<'info>>,
    /// An address of ours that signs, which nobody can take before.
    /// CHECK: derived; made here, by Raydium.
    #[account(mut, seeds = [RAYDIUM_POOL_SEED, curve.mint.as_ref()], bump)]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: made here, by Raydium, which derives the address.
    #[account(mut)]
    pub lp_mint: UncheckedAccount<'info>,
    /// CHECK: made here, by Raydium, which derives the address.
    #[account(mut)]
    pub pool_base_vault: UncheckedAccount<'info>,
    /// CHECK: made here, by Raydium, which derives the address.
    #[account(mut)]
    pub pool_quote_vault: UncheckedAccount<'info>,
    /// CHECK: made here, by Raydium, which derives the address.
    #[account(mut)]
    pub observation: UncheckedAccount<'info>,
    /// Takes Raydium's fee for a new pool.
    /// CHECK: Raydium knows its own.
    #[account(mut)]
    pub pool_fee_receiver: UncheckedAccount<'info>,
    /// CHECK: pinned.
    #[account(address = RAYDIUM_AMM_CONFIG)]
    pub raydium_config: UncheckedAccount<'info>,
    /// Owns every vault of Raydium's.
    /// CHECK: Raydium checks it.
    pub raydium_authority: UncheckedAccount<'info>,
    /// CHECK: pinned.
    #[account(address = RAYDIUM_CP_SWAP @ ErrorCode::InvalidProgramId)]
    pub raydium_program: UncheckedAccount<'info>,
    /// CHECK: the curve names it.
    pub token_program: UncheckedAccount<'info>,
    /// Of wrapped SOL and of the shares.
    pub classic_token_program: Program<'info, Token>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
    pub rent: Sysvar<'info, Rent>,
}

/// A graduation, and what opening its pool takes for a moment or for good.
pub(super) struct Visitor {
    pub plan: Box<Graduation>,
    /// Lamports with which the pool's creator pays Raydium.
    pub purse: u64,
    /// Of the addresses that sign.
    pub bumps: GraduateToRaydiumBumps,
}

pub fn handle_graduate_to_raydium(ctx: Context<GraduateToRaydium>) -> Result<()> {
    // Check: whoever comes second finds everything done
    if ctx.accounts.curve.status == CurveStatus::Graduated {
        return Ok(());
    }
    let sale = sale_of(&ctx.accounts.curve, Some(&ctx.accounts.terms))?;
    let visitor = ctx.accounts.visitor(&sale, ctx.bumps)?;
    let plan = &visitor.plan;

    // Effect
    ctx.accounts.curve.graduate(plan);

    // Interaction
    ctx.accounts.fund(&visitor)?;
    ctx.accounts.open_pool(&visitor)?;
    ctx.accounts.settle_shares(&visitor)?;
    ctx.accounts.leave_nothing(&visitor)?;
    ctx.accounts.burn_rest(plan)?;
    let (curve, keeper) = (&ctx.accounts.curve, &ctx.accounts.keeper);
    let info = curve.to_account_info();
    curve.invariant(info.lamports())?;

    // Event
    log::migration(&curve.mint, &plan.pool);
    emit_cpi!(curve.graduated(plan, info.key(), keeper.key(), plan.division.reward));
    Ok(())
}

impl<'info> GraduateToRaydium<'info> {
    #[inline(never)]
    fn visitor(&self, sale: &SaleTerms, bumps: GraduateToRaydiumBumps) -> Result<Visitor> {
        require!(self.curve.status == CurveStatus::Complete, CurveError::NotComplete);
        let venue = sale.graduation.venue;
        require!(venue == Venue::RaydiumCpSwap, CurveError::WrongVenue);
        let costs = self.fee()?.safe_add(self.rents()?).map_err(CurveError::from)?;
        let lent = missing_rent(&self.creator_lp, TOKEN_SPACE)?;
        let kept = match self.lock_account(sale.graduation.liquidity_lock_seconds)? {
            Some(account) => missing_rent(account, TOKEN_SPACE)?,
            None => 0,
        };
        let reward = costs
            .safe_add(kept)
            .and_then(|repaid| repaid.safe_add(self.config.keeper_bounty))
            .map_err(CurveError::from)?;
        let (pool, lp_mint) = (self.pool.key(), self.lp_mint.key());
        Ok(Visitor {
            plan: self.curve.plan(sale, Target { venue, pool, lp_mint }, reward)?,
            purse: costs.safe_add(lent).map_err(CurveError::from)?,
            bumps,
        })
    }

    /// What Raydium asks for a new pool.
    fn fee(&self) -> Result<u64> {
        let visit = Visit {
            program: &self.raydium_program,
            config: &self.raydium_config,
            raise: self.curve.quote_reserve,
            bounty: self.config.keeper_bounty,
        };
        visit.fee()?.ok_or_else(|| CurveError::VenueUnavailable.into())
    }

    /// What the accounts lack that Raydium makes for good.
    fn rents(&self) -> Result<u64> {
        let made = [
            (&self.pool, POOL_SPACE),
            (&self.observation, OBSERVATION_SPACE),
            (&self.lp_mint, MINT_SPACE),
            (&self.pool_base_vault, TOKEN_SPACE),
            (&self.pool_quote_vault, TOKEN_SPACE),
        ];
        made.into_iter().try_fold(0, |sum: u64, (account, space)| {
            Ok(sum.safe_add(missing_rent(account, space)?).map_err(CurveError::from)?)
        })
    }

    /// Where shares wait that are given out one day.
    pub(super) fn lock_account(&self, seconds: u32) -> Result<Option<&UncheckedAccount<'info>>> {
        if seconds == 0 {
            return Ok(None);
        }
        Ok(Some(self.curve_lp.as_ref().ok_or(ErrorCode::AccountNotEnoughKeys)?))
    }
}
