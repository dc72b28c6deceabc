use crate::constants::SCHEDULE_SEED;
use crate::error::VestingError;
use crate::events::Revoked;
use crate::state::Schedule;
use anchor_lang::prelude::*;
use anchor_spl::token_interface::{Mint, TokenAccount, TokenInterface};
use launchpad_common::token::TransferChecked;
use launchpad_common::SafeMath;

#[event_cpi]
#[derive(Accounts)]
pub struct Revoke<'info> {
    pub grantor: Signer<'info>,
    #[account(mint::token_program = token_program)]
    pub mint: Box<InterfaceAccount<'info, Mint>>,
    #[account(
        mut,
        has_one = mint,
        has_one = grantor @ VestingError::NotGrantor,
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
        mut,
        token::mint = mint,
        token::authority = grantor,
        token::token_program = token_program,
    )]
    pub grantor_base: Box<InterfaceAccount<'info, TokenAccount>>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn revoke(ctx: Context<Revoke>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let schedule = &mut ctx.accounts.schedule;

    // Check
    require!(schedule.revocable, VestingError::NotRevocable);
    require!(!schedule.is_revoked(), VestingError::AlreadyRevoked);
    // The clock may stand a little behind an earlier claim: what was paid stays paid.
    let kept = schedule.vested(now)?.max(schedule.claimed);
    let returned = schedule.amount.safe_sub(kept).map_err(VestingError::from)?;
    require!(returned > 0, VestingError::NothingToRevoke);

    // Effect
    schedule.amount = kept;
    schedule.revoked_at = now;

    // Interaction
    ctx.accounts.give_back(returned)?;
    ctx.accounts.schedule.invariant(ctx.accounts.escrow.amount)?;

    // Event
    emit_cpi!(Revoked {
        schedule: ctx.accounts.schedule.key(),
        mint: ctx.accounts.mint.key(),
        grantor: ctx.accounts.grantor.key(),
        returned,
        amount: kept,
        timestamp: now,
    });
    Ok(())
}

impl Revoke<'_> {
    fn give_back(&mut self, amount: u64) -> Result<()> {
        let transfer = TransferChecked {
            token_program: &self.token_program,
            from: self.escrow.as_ref().as_ref(),
            mint: self.mint.as_ref().as_ref(),
            to: self.grantor_base.as_ref().as_ref(),
            authority: self.schedule.as_ref().as_ref(),
            decimals: self.mint.decimals,
        };
        self.schedule.sign(|seeds| transfer.invoke(amount, seeds))?;
        self.escrow.reload()
    }
}
