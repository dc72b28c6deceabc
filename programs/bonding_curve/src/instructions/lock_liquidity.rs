use {
    super::graduation::sale_of,
    crate::{
        constants::*,
        error::CurveError,
        events::LiquidityLocked,
        state::{Curve, Terms},
    },
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token::Token},
    launchpad_common::token::read_account_of,
    vesting::{program::Vesting, state::ScheduleArgs},
};

#[event_cpi]
#[derive(Accounts)]
pub struct LockLiquidity<'info> {
    /// Anybody: pays the rent of what is made here.
    #[account(mut)]
    pub caller: Signer<'info>,
    #[account(
        seeds = [CURVE_SEED, curve.mint.as_ref()],
        bump = curve.bump,
        has_one = lp_mint @ CurveError::InvalidMint
    )]
    pub curve: Box<Account<'info, Curve>>,
    /// CHECK: compared with the curve where it is used.
    pub terms: Box<Account<'info, Terms>>,
    /// CHECK: the curve names it.
    pub lp_mint: UncheckedAccount<'info>,
    /// The curve's account of shares.
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub curve_lp: UncheckedAccount<'info>,
    /// CHECK: made here, by the vesting program, at its own address.
    #[account(mut)]
    pub schedule: UncheckedAccount<'info>,
    /// CHECK: the schedule's associated token account. Anybody may have made it already.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    /// Of the shares.
    pub token_program: Program<'info, Token>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
    pub vesting_program: Program<'info, Vesting>,
    /// CHECK: the vesting program checks it.
    pub vesting_event_authority: UncheckedAccount<'info>,
}

pub fn handle_lock_liquidity(ctx: Context<LockLiquidity>, index: u16) -> Result<()> {
    // Check
    let accounts = &*ctx.accounts;
    let curve = &accounts.curve;
    let sale = sale_of(curve, Some(&accounts.terms))?;
    let (token_program, lp_mint) = (accounts.token_program.key, accounts.lp_mint.key);
    let held = read_account_of(&accounts.curve_lp, token_program, lp_mint, &curve.key())?;
    require!(held.amount > 0, CurveError::PayoutMissing);
    let lock = i64::from(sale.graduation.liquidity_lock_seconds);
    let until = curve.graduated_at.saturating_add(lock);

    // Interaction: everything at once, at the end of the lock
    accounts.create_schedule(ScheduleArgs {
        beneficiary: curve.creator,
        amount: held.amount,
        start: curve.graduated_at,
        cliff: until,
        end: until,
        period: lock,
        revocable: false,
        index,
    })?;

    // Event
    emit_cpi!(LiquidityLocked {
        mint: curve.mint,
        curve: curve.key(),
        lp_mint: *lp_mint,
        shares: held.amount,
        schedule: accounts.schedule.key(),
        until,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl LockLiquidity<'_> {
    #[inline(never)]
    fn create_schedule(&self, args: ScheduleArgs) -> Result<()> {
        let accounts = Box::new(vesting::cpi::accounts::CreateSchedule {
            payer: self.caller.to_account_info(),
            grantor: self.curve.to_account_info(),
            mint: self.lp_mint.to_account_info(),
            source: Some(self.curve_lp.to_account_info()),
            schedule: self.schedule.to_account_info(),
            escrow: self.escrow.to_account_info(),
            token_program: self.token_program.to_account_info(),
            associated_token_program: self.associated_token_program.to_account_info(),
            system_program: self.system_program.to_account_info(),
            event_authority: self.vesting_event_authority.to_account_info(),
            program: self.vesting_program.to_account_info(),
        });
        self.curve.sign(|seeds| {
            let signers = [seeds];
            let context = CpiContext::new_with_signer(vesting::ID, *accounts, &signers);
            vesting::cpi::create_schedule(context, args)
        })
    }
}
