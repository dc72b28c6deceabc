use {
    super::launch_accounts::needed,
    crate::{constants::*, error::LauncherError, events::CreatorChanged, state::LaunchRecord},
    amm::program::Amm,
    anchor_lang::prelude::*,
    bonding_curve::{program::BondingCurve, state::Curve},
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
    /// The record names it.
    #[account(mut)]
    pub curve: Box<Account<'info, Curve>>,
    pub bonding_curve_program: Program<'info, BondingCurve>,
    /// CHECK: the curve program checks it.
    pub bonding_curve_event_authority: UncheckedAccount<'info>,
    /// With a token that trades in a pool of ours: this and the next four.
    /// CHECK: compared with the curve's, and the pools' program checks it.
    #[account(mut)]
    pub pool: Option<UncheckedAccount<'info>>,
    /// CHECK: the pools' program checks it.
    pub pool_base_vault: Option<UncheckedAccount<'info>>,
    /// CHECK: the pools' program checks it.
    pub pool_quote_vault: Option<UncheckedAccount<'info>>,
    pub amm_program: Option<Program<'info, Amm>>,
    /// CHECK: the pools' program checks it.
    pub amm_event_authority: Option<UncheckedAccount<'info>>,
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
    if ctx.accounts.has_own_pool() {
        ctx.accounts.tell_pool(new_creator)?;
    }

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

    /// Whether the token trades in a pool of our own, which pays the creator too.
    fn has_own_pool(&self) -> bool {
        let seeds: &[&[u8]] = &[amm::POOL_SEED, self.curve.mint.as_ref()];
        self.curve.pool != Pubkey::default()
            && self.curve.pool == Pubkey::find_program_address(seeds, &amm::ID).0
    }

    /// The pool's fees, unclaimed ones too, follow the creator.
    #[inline(never)]
    fn tell_pool(&self, new_creator: Pubkey) -> Result<()> {
        let pool = needed(&self.pool)?;
        require_keys_eq!(pool.key(), self.curve.pool, LauncherError::MissingAccount);
        let accounts = amm::cpi::accounts::SetCreator {
            authority: self.launch_record.to_account_info(),
            pool: pool.to_account_info(),
            base_vault: needed(&self.pool_base_vault)?.to_account_info(),
            quote_vault: needed(&self.pool_quote_vault)?.to_account_info(),
            event_authority: needed(&self.amm_event_authority)?.to_account_info(),
            program: needed(&self.amm_program)?.to_account_info(),
        };
        self.launch_record.sign(|seeds| {
            let context = CpiContext::new_with_signer(amm::ID, accounts, seeds);
            amm::cpi::set_creator(context, new_creator)
        })
    }
}
