use crate::constants::SCHEDULE_SEED;
use crate::error::VestingError;
use crate::events::ScheduleCreated;
use crate::state::{Schedule, ScheduleArgs};
use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use launchpad_common::token::{forbidden_extension, TransferChecked, HARMLESS_MINT_EXTENSIONS};

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: ScheduleArgs)]
pub struct CreateSchedule<'info> {
    #[account(mut)]
    pub payer: Signer<'info>,
    /// Owns the source.
    pub grantor: Signer<'info>,
    #[account(mint::token_program = token_program)]
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        mut,
        token::mint = mint,
        token::authority = grantor,
        token::token_program = token_program,
    )]
    pub source: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        init,
        payer = payer,
        space = 8 + Schedule::INIT_SPACE,
        seeds = [SCHEDULE_SEED, mint.key().as_ref(), args.beneficiary.as_ref(), &args.index.to_le_bytes()],
        bump,
    )]
    pub schedule: Box<Account<'info, Schedule>>,
    // Not `init`: anyone may have created the associated account before.
    #[account(
        init_if_needed,
        payer = payer,
        associated_token::mint = mint,
        associated_token::authority = schedule,
        associated_token::token_program = token_program,
    )]
    pub escrow: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

pub fn create_schedule(ctx: Context<CreateSchedule>, args: ScheduleArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;

    // Check
    args.validate(now)?;
    ctx.accounts.check_mint()?;

    // Effect
    let (mint, grantor) = (ctx.accounts.mint.key(), ctx.accounts.grantor.key());
    let schedule = Schedule::new(&args, mint, grantor, ctx.bumps.schedule);
    ctx.accounts.schedule.set_inner(schedule);

    // Interaction
    ctx.accounts.fund_escrow(args.amount)?;
    ctx.accounts.schedule.invariant(ctx.accounts.escrow.amount)?;

    // Event
    emit_cpi!(ScheduleCreated {
        schedule: ctx.accounts.schedule.key(),
        mint,
        grantor,
        beneficiary: args.beneficiary,
        amount: args.amount,
        start: args.start,
        cliff: args.cliff,
        end: args.end,
        period: args.period,
        revocable: args.revocable,
        index: args.index,
        timestamp: now,
    });
    Ok(())
}

impl CreateSchedule<'_> {
    /// A promise in escrow is worth something only while nobody can take, freeze, tax or block the tokens.
    fn check_mint(&self) -> Result<()> {
        require!(self.mint.freeze_authority.is_none(), VestingError::ForbiddenMint);
        let forbidden =
            forbidden_extension(self.mint.as_ref().as_ref(), &HARMLESS_MINT_EXTENSIONS)?;
        require!(forbidden.is_none(), VestingError::ForbiddenMint);
        Ok(())
    }

    fn fund_escrow(&mut self, amount: u64) -> Result<()> {
        let transfer = TransferChecked {
            token_program: &self.token_program,
            from: self.source.as_ref().as_ref(),
            mint: self.mint.as_ref().as_ref(),
            to: self.escrow.as_ref().as_ref(),
            authority: &self.grantor,
            decimals: self.mint.decimals,
        };
        transfer.invoke(amount, &[])?;
        self.escrow.reload()
    }
}
