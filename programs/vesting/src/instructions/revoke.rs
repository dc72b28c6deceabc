use {
    super::payout::Payout,
    crate::{error::VestingError, events::Revoked, state::Schedule},
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
    launchpad_common::SafeMath,
};

/// A schedule is authentic by owner and discriminator: this program creates each at its own address only.
#[event_cpi]
#[derive(Accounts)]
pub struct Revoke<'info> {
    pub grantor: Signer<'info>,
    /// CHECK: the schedule names it.
    pub mint: UncheckedAccount<'info>,
    #[account(
        mut,
        has_one = mint,
        has_one = escrow,
        has_one = grantor @ VestingError::NotGrantor
    )]
    pub schedule: Box<Account<'info, Schedule>>,
    /// CHECK: the schedule names it.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner are read before it is paid.
    #[account(mut)]
    pub grantor_base: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn handle_revoke(ctx: Context<Revoke>) -> Result<()> {
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
    ctx.accounts.payout().pay(returned)?;

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

impl<'info> Revoke<'info> {
    fn payout(&self) -> Payout<'_, 'info> {
        Payout {
            schedule: &self.schedule,
            escrow: &self.escrow,
            mint: &self.mint,
            token_program: &self.token_program,
            to: &self.grantor_base,
            owner: self.grantor.key,
        }
    }
}
