use {
    crate::{
        constants::*, error::LauncherError, events::TeamRevoked, state::LaunchRecord,
        token::instructions,
    },
    anchor_lang::{prelude::*, solana_program::program::invoke_signed},
    anchor_spl::{associated_token::AssociatedToken, token_interface::TokenInterface},
    launchpad_common::{
        associated::CreateAssociated,
        token::{read_account, read_mint},
        SafeMath,
    },
    vesting::program::Vesting,
};

#[event_cpi]
#[derive(Accounts)]
pub struct RevokeTeam<'info> {
    /// Pays the rent of a missing staging account.
    #[account(mut)]
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
    /// The record's associated token account, where what comes back is burned; created if missing.
    /// CHECK: the associated token program checks the address.
    #[account(mut)]
    pub staging: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
    pub vesting_program: Program<'info, Vesting>,
    /// CHECK: the vesting program checks it.
    pub vesting_event_authority: UncheckedAccount<'info>,
}

pub fn handle_revoke_team(ctx: Context<RevokeTeam>) -> Result<()> {
    let accounts = &ctx.accounts;

    // Interaction: the vesting program judges whether anything may be revoked.
    accounts.create_staging()?;
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
    #[inline(never)]
    fn create_staging(&self) -> Result<()> {
        let create = CreateAssociated {
            payer: &self.creator,
            account: &self.staging,
            owner: self.launch_record.as_ref().as_ref(),
            mint: &self.mint,
            system_program: &self.system_program,
            token_program: &self.token_program,
        };
        create.invoke()
    }

    fn staged(&self) -> Result<u64> {
        Ok(read_account(&self.staging, self.token_program.key)?.amount)
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
            self.token_program.key,
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
