use {
    crate::{
        error::RouterError,
        events::TokenReleased,
        state::{Release, Router},
    },
    anchor_lang::prelude::*,
    bonding_curve::{Curve, CURVE_SEED},
    token_launcher::program::TokenLauncher,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ReleaseToken<'info> {
    pub router: Box<Account<'info, Router>>,
    /// Authentic by owner and discriminator: this program creates each at its own address only.
    #[account(
        mut,
        close = rent_payer,
        has_one = router,
        has_one = rent_payer @ RouterError::WrongRentPayer
    )]
    pub release: Box<Account<'info, Release>>,
    /// CHECK: the release names it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    #[account(
        seeds = [CURVE_SEED, release.mint.as_ref()],
        bump = curve.bump,
        seeds::program = bonding_curve::ID
    )]
    pub curve: Box<Account<'info, Curve>>,
    /// CHECK: the launcher lets nobody but the token's creator offer it.
    #[account(
        mut,
        seeds = [token_launcher::LAUNCH_SEED, release.mint.as_ref()],
        bump,
        seeds::program = token_launcher::ID
    )]
    pub launch_record: UncheckedAccount<'info>,
    pub token_launcher_program: Program<'info, TokenLauncher>,
    /// CHECK: the launcher checks it.
    pub token_launcher_event_authority: UncheckedAccount<'info>,
}

pub fn handle_release(ctx: Context<ReleaseToken>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &ctx.accounts;

    // Check
    accounts.router.require_open()?;
    require!(now >= accounts.release.effective_at, RouterError::TimeLocked);
    // Whoever accepts takes over the curve's unclaimed fees: none of them may be the recipients'.
    require!(accounts.curve.creator_fees == 0, RouterError::UncollectedFees);

    // Interaction
    accounts.offer()?;

    // Event; the account closes by its constraint
    emit_cpi!(TokenReleased {
        router: ctx.accounts.router.key(),
        mint: ctx.accounts.release.mint,
        new_creator: ctx.accounts.release.new_creator,
        timestamp: now,
    });
    Ok(())
}

impl ReleaseToken<'_> {
    fn offer(&self) -> Result<()> {
        let accounts = token_launcher::cpi::accounts::ProposeCreator {
            creator: self.router.to_account_info(),
            launch_record: self.launch_record.to_account_info(),
            event_authority: self.token_launcher_event_authority.to_account_info(),
            program: self.token_launcher_program.to_account_info(),
        };
        self.router.sign(|seeds| {
            let context = CpiContext::new_with_signer(token_launcher::ID, accounts, seeds);
            token_launcher::cpi::propose_creator(context, self.release.new_creator)
        })
    }
}
