use {
    crate::{constants::*, error::LauncherError, events::CreatorChanged, state::LaunchRecord},
    anchor_lang::prelude::*,
    bonding_curve::program::BondingCurve,
};

#[event_cpi]
#[derive(Accounts)]
pub struct AcceptCreator<'info> {
    /// The successor. The default key cannot sign, so an empty offer cannot be accepted.
    pub pending_creator: Signer<'info>,
    #[account(
        mut,
        seeds = [LAUNCH_SEED, launch_record.mint.as_ref()],
        bump = launch_record.bump,
        has_one = pending_creator @ LauncherError::InvalidCreator,
        has_one = curve
    )]
    pub launch_record: Box<Account<'info, LaunchRecord>>,
    /// CHECK: the record names it.
    #[account(mut)]
    pub curve: UncheckedAccount<'info>,
    pub bonding_curve_program: Program<'info, BondingCurve>,
    /// CHECK: the curve program checks it.
    pub bonding_curve_event_authority: UncheckedAccount<'info>,
}

pub fn handle_accept_creator(ctx: Context<AcceptCreator>) -> Result<()> {
    // Effect
    let record = &mut ctx.accounts.launch_record;
    let old_creator = record.creator;
    record.change_creator();
    record.invariant_alone()?;
    let (mint, new_creator) = (record.mint, record.creator);

    // Interaction
    ctx.accounts.tell_curve(new_creator)?;

    // Event
    emit_cpi!(CreatorChanged {
        mint,
        old_creator,
        new_creator,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl AcceptCreator<'_> {
    /// The curve's fees, unclaimed ones too, follow the creator.
    fn tell_curve(&self, new_creator: Pubkey) -> Result<()> {
        let accounts = bonding_curve::cpi::accounts::SetCreator {
            authority: self.launch_record.to_account_info(),
            curve: self.curve.to_account_info(),
            event_authority: self.bonding_curve_event_authority.to_account_info(),
            program: self.bonding_curve_program.to_account_info(),
        };
        self.launch_record.sign(|seeds| {
            let context = CpiContext::new_with_signer(bonding_curve::ID, accounts, seeds);
            bonding_curve::cpi::set_creator(context, new_creator)
        })
    }
}
