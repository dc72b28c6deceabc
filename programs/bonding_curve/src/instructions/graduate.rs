use {
    super::{
        graduation::{burn, sale_of, Graduation, Target},
        lamports::{missing_rent, pay_out},
    },
    crate::{
        constants::*,
        error::CurveError,
        log,
        raydium::Visit,
        state::{Config, Curve, CurveStatus, SaleTerms, Terms, Venue},
    },
    amm::{instructions::CanonicalPoolArgs, program::Amm, state::Pool, token::WRAPPED_SOL},
    anchor_lang::prelude::*,
    anchor_spl::{
        associated_token::AssociatedToken,
        token::{Mint, Token, TokenAccount},
    },
    launchpad_common::SafeMath,
};

#[event_cpi]
#[derive(Accounts)]
pub struct Graduate<'info> {
    /// Anybody: pays the rent of what is made here and gets it back with the bounty.
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
    /// Where the sale has terms of its own.
    pub terms: Option<Box<Account<'info, Terms>>>,
    /// CHECK: the curve names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the curve names it.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: wrapped SOL.
    #[account(address = WRAPPED_SOL @ CurveError::InvalidMint)]
    pub quote_mint: UncheckedAccount<'info>,
    /// CHECK: the pools' program checks its own config.
    pub amm_config: UncheckedAccount<'info>,
    /// CHECK: made here, by the pools' program.
    #[account(mut)]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: made here, by the pools' program.
    #[account(mut)]
    pub lp_mint: UncheckedAccount<'info>,
    /// CHECK: made here, by the pools' program.
    #[account(mut)]
    pub pool_base_vault: UncheckedAccount<'info>,
    /// CHECK: made here, by the pools' program, which derives the address.
    #[account(mut)]
    pub pool_quote_vault: UncheckedAccount<'info>,
    /// Where the terms give the shares out one day: the curve's associated token account of them.
    /// CHECK: the associated token program accepts no other address.
    #[account(mut)]
    pub curve_lp: Option<UncheckedAccount<'info>>,
    /// CHECK: the curve names it.
    pub token_program: UncheckedAccount<'info>,
    /// Of wrapped SOL and of the shares.
    pub classic_token_program: Program<'info, Token>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
    pub amm_program: Program<'info, Amm>,
    /// CHECK: the pools' program checks it.
    pub amm_event_authority: UncheckedAccount<'info>,
}

pub fn handle_graduate(ctx: Context<Graduate>) -> Result<()> {
    // Check: whoever comes second finds everything done
    if ctx.accounts.curve.status == CurveStatus::Graduated {
        return Ok(());
    }
    let sale = sale_of(&ctx.accounts.curve, ctx.accounts.terms.as_deref())?;
    ctx.accounts.require_venue(sale.graduation.venue, ctx.remaining_accounts)?;
    let plan = ctx.accounts.plan(&sale)?;

    // Effect
    ctx.accounts.curve.graduate(&plan);

    // Interaction
    ctx.accounts.open_pool(&plan)?;
    ctx.accounts.burn_rest(&plan)?;
    let (curve, keeper) = (&ctx.accounts.curve, &ctx.accounts.keeper);
    let (info, reward) = (curve.to_account_info(), plan.division.reward);
    pay_out(&info, keeper, reward)?;
    curve.invariant(info.lamports())?;

    // Event
    log::migration(&curve.mint, &plan.pool);
    emit_cpi!(curve.graduated(&plan, info.key(), keeper.key(), reward));
    Ok(())
}

impl<'info> Graduate<'info> {
    /// Sales that promised Raydium come here only where it cannot keep the promise, which its
    /// program and its fee tier show, or where nobody brought them there for a week.
    fn require_venue(&self, promised: Venue, shown: &[AccountInfo]) -> Result<()> {
        if promised == Venue::Amm || self.curve.waited_long(Clock::get()?.unix_timestamp) {
            return Ok(());
        }
        let [program, config] = shown else {
            return err!(CurveError::WrongVenue);
        };
        let (raise, bounty) = (self.curve.quote_reserve, self.config.keeper_bounty);
        let fee = Visit { program, config, raise, bounty }.fee()?;
        require!(fee.is_none(), CurveError::WrongVenue);
        Ok(())
    }

    #[inline(never)]
    fn plan(&self, sale: &SaleTerms) -> Result<Box<Graduation>> {
        let locked = sale.graduation.liquidity_lock_seconds > 0;
        let mut rents = missing_rent(&self.pool, Pool::SPACE)?;
        let mut made = vec![
            (&self.lp_mint, Mint::LEN),
            (&self.pool_base_vault, TokenAccount::LEN),
            (&self.pool_quote_vault, TokenAccount::LEN),
        ];
        if locked {
            let account = self.curve_lp.as_ref().ok_or(ErrorCode::AccountNotEnoughKeys)?;
            made.push((account, TokenAccount::LEN));
        }
        for (account, space) in made {
            rents = rents.safe_add(missing_rent(account, space)?).map_err(CurveError::from)?;
        }
        let reward = rents.safe_add(self.config.keeper_bounty).map_err(CurveError::from)?;
        let (pool, lp_mint) = (self.pool.key(), self.lp_mint.key());
        self.curve.plan(sale, Target { venue: Venue::Amm, pool, lp_mint }, reward)
    }

    /// Puts the lamports where the vault will be, and opens the pool with them and the curve's tokens.
    #[inline(never)]
    fn open_pool(&self, plan: &Graduation) -> Result<()> {
        let curve = self.curve.to_account_info();
        pay_out(&curve, &self.pool_quote_vault, plan.division.quote)?;
        let locked = plan.lock_seconds > 0;
        let accounts = Box::new(amm::cpi::accounts::CreateCanonicalPool {
            payer: self.keeper.to_account_info(),
            curve: curve.clone(),
            config: self.amm_config.to_account_info(),
            base_mint: self.mint.to_account_info(),
            quote_mint: self.quote_mint.to_account_info(),
            pool: self.pool.to_account_info(),
            lp_mint: self.lp_mint.to_account_info(),
            base_vault: self.pool_base_vault.to_account_info(),
            quote_vault: self.pool_quote_vault.to_account_info(),
            curve_base: self.base_vault.to_account_info(),
            lp_owner: locked.then(|| curve.clone()),
            lp_account: self
                .curve_lp
                .as_ref()
                .filter(|_| locked)
                .map(ToAccountInfo::to_account_info),
            base_token_program: self.token_program.to_account_info(),
            token_program: self.classic_token_program.to_account_info(),
            associated_token_program: self.associated_token_program.to_account_info(),
            system_program: self.system_program.to_account_info(),
            event_authority: self.amm_event_authority.to_account_info(),
            program: self.amm_program.to_account_info(),
        });
        let args = CanonicalPoolArgs {
            base_amount: plan.base,
            quote_amount: plan.division.quote,
            creator: self.curve.creator,
            authority: self.curve.authority,
        };
        self.curve.sign(|seeds| {
            let signers = [seeds];
            let context = CpiContext::new_with_signer(amm::ID, *accounts, &signers);
            amm::cpi::create_canonical_pool(context, args)
        })
    }

    /// What the curve kept beyond the pool is gone for good; tokens that others sent here
    /// are not the curve's and stay, where nobody can take them.
    #[inline(never)]
    fn burn_rest(&self, plan: &Graduation) -> Result<()> {
        let curve = self.curve.to_account_info();
        let (program, vault, mint) = (&self.token_program, &self.base_vault, &self.mint);
        self.curve.sign(|seeds| burn(program, vault, mint, &curve, plan.burned, seeds))
    }
}
