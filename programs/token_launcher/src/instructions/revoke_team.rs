use {
    crate::{
        constants::*, error::LauncherError, events::TeamRevoked, state::LaunchRecord,
        token::instructions,
    },
    anchor_lang::{prelude::*, solana_program::program::invoke_signed},
    anchor_spl::token_2022::Token2022,
    launchpad_common::{
        token::{read_account_of, read_mint},
        SafeMath,
    },
    vesting::program::Vesting,
};

#[event_cpi]
#[derive(Accounts)]
pub struct RevokeTeam<'info> {
    pub creator: Signer<'info>,
    #[account(
        seeds = [LAUNCH_SEED, mint.key().as_ref()],
        bump = launch_record.bump,
        has_one = mint,
        has_one = creator @ LauncherError::InvalidAuthority,
        has_one = team_schedule
    )]
    pub launch_record: Box<Account<'info, LaunchRecord>>,
    /// CHECK: the record names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the record names it.
    #[account(mut)]
    pub team_schedule: UncheckedAccount<'info>,
    /// CHECK: the vesting program checks it.
    #[account(mut)]
    pub team_escrow: UncheckedAccount<'info>,
    /// CHECK: a token account of the record; mint and owner are read from it below.
    #[account(mut)]
    pub staging: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub vesting_program: Program<'info, Vesting>,
    /// CHECK: the vesting program checks it.
    pub vesting_event_authority: UncheckedAccount<'info>,
}

pub fn handle_revoke_team(ctx: Context<RevokeTeam>) -> Result<()> {
    let accounts = &ctx.accounts;

    // Interaction: the vesting program judges whether anything may be revoked.
    let before = accounts.staged()?;
    accounts.revoke()?;
    let burned = accounts.staged()?.safe_sub(before).map_err(LauncherError::from)?;
    accounts.burn(burned)?;
    let mint = read_mint(&accounts.mint, accounts.token_program.key)?;
    accounts.launch_record.invariant(&accounts.launch_record.key(), &mint)?;

    // Event
    emit_cpi!(TeamRevoked {
        mint: ctx.accounts.mint.key(),
        schedule: ctx.accounts.team_schedule.key(),
        burned,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl RevokeTeam<'_> {
    fn staged(&self) -> Result<u64> {
        let (mint, owner) = (self.mint.key, &self.launch_record.key());
        Ok(read_account_of(&self.staging, self.token_program.key, mint, owner)?.amount)
    }

    #[inline(never)]
    fn revoke(&self) -> Result<()> {
        let accounts = Box::new(vesting::cpi::accounts::Revoke {
            grantor: self.launch_record.to_account_info(),
            mint: self.mint.to_account_info(),
            schedule: self.team_schedule.to_account_info(),
            escrow: self.team_escrow.to_account_info(),
            grantor_base: self.staging.to_account_info(),
            token_program: self.token_program.to_account_info(),
            event_authority: self.vesting_event_authority.to_account_info(),
            program: self.vesting_program.to_account_info(),
        });
        self.launch_record.sign(|seeds| {
            let context = CpiContext::new_with_signer(vesting::ID, *accounts, seeds);
            vesting::cpi::revoke(context)
        })
    }

    /// Giving it to anybody would make a revocable allocation an unlocked one.
    fn burn(&self, amount: u64) -> Result<()> {
        let record = &self.launch_record;
        let burn = instructions::burn(
            self.staging.key,
            self.mint.key,
            &record.key(),
            amount,
            record.decimals,
        );
        let infos =
            [self.staging.to_account_info(), self.mint.to_account_info(), record.to_account_info()];
        record.sign(|seeds| Ok(invoke_signed(&burn, &infos, seeds)?))
    }
}
