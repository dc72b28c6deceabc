use crate::constants::SCHEDULE_SEED;
use crate::error::VestingError;
use crate::events::Claimed;
use crate::state::Schedule;
use anchor_lang::prelude::*;
use anchor_spl::associated_token::AssociatedToken;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use launchpad_common::token::TransferChecked;
use launchpad_common::SafeMath;

#[event_cpi]
#[derive(Accounts)]
pub struct Claim<'info> {
    #[account(mut)]
    pub beneficiary: Signer<'info>,
    #[account(mint::token_program = token_program)]
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        mut,
        has_one = mint,
        has_one = beneficiary @ VestingError::NotBeneficiary,
        seeds = [
            SCHEDULE_SEED,
            mint.key().as_ref(),
            schedule.original_beneficiary.as_ref(),
            &schedule.index.to_le_bytes(),
        ],
        bump = schedule.bump,
    )]
    pub schedule: Box<Account<'info, Schedule>>,
    #[account(
        mut,
        associated_token::mint = mint,
        associated_token::authority = schedule,
        associated_token::token_program = token_program,
    )]
    pub escrow: Box<InterfaceAccount<'info, TokenAccount>>,
    #[account(
        init_if_needed,
        payer = beneficiary,
        associated_token::mint = mint,
        associated_token::authority = beneficiary,
        associated_token::token_program = token_program,
    )]
    pub beneficiary_base: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

pub fn claim(ctx: Context<Claim>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let schedule = &mut ctx.accounts.schedule;

    // Check
    let amount = schedule.claimable(now)?;
    require!(amount > 0, VestingError::NothingToClaim);

    // Effect
    schedule.claimed = schedule.claimed.safe_add(amount).map_err(VestingError::from)?;

    // Interaction
    ctx.accounts.pay(amount)?;
    ctx.accounts.schedule.invariant(ctx.accounts.escrow.amount)?;

    // Event
    emit_cpi!(Claimed {
        schedule: ctx.accounts.schedule.key(),
        mint: ctx.accounts.mint.key(),
        beneficiary: ctx.accounts.beneficiary.key(),
        amount,
        claimed: ctx.accounts.schedule.claimed,
        timestamp: now,
    });
    Ok(())
}

impl Claim<'_> {
    fn pay(&mut self, amount: u64) -> Result<()> {
        let transfer = TransferChecked {
            token_program: &self.token_program,
            from: self.escrow.as_ref().as_ref(),
            mint: self.mint.as_ref().as_ref(),
            to: self.beneficiary_base.as_ref().as_ref(),
            authority: self.schedule.as_ref().as_ref(),
            decimals: self.mint.decimals,
        };
        self.schedule.sign(|seeds| transfer.invoke(amount, seeds))?;
        self.escrow.reload()
    }
}
