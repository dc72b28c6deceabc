use {
    super::payout::Payout,
    crate::{error::VestingError, events::Claimed, state::Schedule},
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token_interface::TokenInterface},
    launchpad_common::{associated::CreateAssociated, SafeMath},
};

/// A schedule is authentic by owner and discriminator: this program creates each at its own address only.
#[event_cpi]
#[derive(Accounts)]
pub struct Claim<'info> {
    /// Pays the rent of a missing account.
    #[account(mut)]
    pub beneficiary: Signer<'info>,
    /// CHECK: the schedule names it.
    pub mint: UncheckedAccount<'info>,
    #[account(
        mut,
        has_one = mint,
        has_one = escrow,
        has_one = beneficiary @ VestingError::NotBeneficiary
    )]
    pub schedule: Box<Account<'info, Schedule>>,
    /// CHECK: the schedule names it.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner are read before it is paid.
    #[account(mut)]
    pub beneficiary_base: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

pub fn handle_claim(ctx: Context<Claim>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let schedule = &mut ctx.accounts.schedule;

    // Check
    let amount = schedule.claimable(now)?;
    require!(amount > 0, VestingError::NothingToClaim);

    // Effect
    schedule.claimed = schedule.claimed.safe_add(amount).map_err(VestingError::from)?;

    // Interaction
    ctx.accounts.create_missing_account()?;
    ctx.accounts.payout().pay(amount)?;

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

impl<'info> Claim<'info> {
    #[inline(never)]
    fn create_missing_account(&self) -> Result<()> {
        if !self.beneficiary_base.data_is_empty() {
            return Ok(());
        }
        let create = CreateAssociated {
            payer: &self.beneficiary,
            account: &self.beneficiary_base,
            owner: &self.beneficiary,
            mint: &self.mint,
            system_program: &self.system_program,
            token_program: &self.token_program,
        };
        create.invoke()
    }

    fn payout(&self) -> Payout<'_, 'info> {
        Payout {
            schedule: &self.schedule,
            escrow: &self.escrow,
            mint: &self.mint,
            token_program: &self.token_program,
            to: &self.beneficiary_base,
            owner: self.beneficiary.key,
        }
    }
}
