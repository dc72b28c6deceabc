use {
    crate::{
        constants::*,
        error::LauncherError,
        state::{Config, LaunchRecord},
    },
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token_2022::Token2022},
    bonding_curve::program::BondingCurve,
    std::ops::Deref,
    vesting::program::Vesting,
};

/// Accounts of both launch instructions. Accounts marked "made here" are created at addresses that the
/// token, vesting and curve programs derive themselves, so a wrong one fails in their checks.
#[event_cpi]
#[derive(Accounts)]
pub struct Launch<'info> {
    #[account(mut)]
    pub creator: Signer<'info>,
    /// A new key; made here.
    #[account(mut)]
    pub mint: Signer<'info>,
    #[account(
        mut,
        seeds = [CONFIG_SEED],
        bump = config.bump,
        has_one = treasury @ LauncherError::InvalidTreasury
    )]
    pub config: Box<Account<'info, Config>>,
    /// CHECK: the config names it.
    #[account(mut)]
    pub treasury: UncheckedAccount<'info>,
    /// CHECK: made here, at its own address.
    #[account(mut, seeds = [LAUNCH_SEED, mint.key().as_ref()], bump)]
    pub launch_record: UncheckedAccount<'info>,
    /// CHECK: made here, by the curve program.
    #[account(mut)]
    pub curve: UncheckedAccount<'info>,
    /// CHECK: made here; the curve's associated token account.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: the curve program checks its own config.
    pub curve_config: UncheckedAccount<'info>,
    /// CHECK: the curve program checks it. With a curve from a shape.
    pub shape: Option<UncheckedAccount<'info>>,
    /// CHECK: the curve program checks it. With a sale that has terms of its own.
    pub terms: Option<UncheckedAccount<'info>>,
    /// CHECK: made here, by the curve program. With terms that begin with a batch.
    #[account(mut)]
    pub batch: Option<UncheckedAccount<'info>>,
    /// CHECK: made here, by the vesting program. With a team allocation.
    #[account(mut)]
    pub team_schedule: Option<UncheckedAccount<'info>>,
    /// CHECK: made here; the schedule's associated token account. With a team allocation.
    #[account(mut)]
    pub team_escrow: Option<UncheckedAccount<'info>>,
    /// CHECK: any wallet. With an ecosystem allocation.
    pub ecosystem_owner: Option<UncheckedAccount<'info>>,
    /// CHECK: made here; that wallet's associated token account.
    #[account(mut)]
    pub ecosystem_base: Option<UncheckedAccount<'info>>,
    /// CHECK: any wallet. With a treasury allocation.
    pub treasury_owner: Option<UncheckedAccount<'info>>,
    /// CHECK: made here; that wallet's associated token account.
    #[account(mut)]
    pub treasury_base: Option<UncheckedAccount<'info>>,
    /// With a team allocation or a locked first buy.
    pub vesting_program: Option<Program<'info, Vesting>>,
    /// CHECK: the vesting program checks it.
    pub vesting_event_authority: Option<UncheckedAccount<'info>>,
    /// CHECK: made here; the creator's associated token account. With a first buy.
    #[account(mut)]
    pub creator_base: Option<UncheckedAccount<'info>>,
    /// CHECK: made here, by the curve program. With a first buy that the terms bind.
    #[account(mut)]
    pub creator_position: Option<UncheckedAccount<'info>>,
    /// CHECK: made here, by the vesting program. With a locked first buy.
    #[account(mut)]
    pub lock_schedule: Option<UncheckedAccount<'info>>,
    /// CHECK: made here; the schedule's associated token account. With a locked first buy.
    #[account(mut)]
    pub lock_escrow: Option<UncheckedAccount<'info>>,
    pub token_program: Program<'info, Token2022>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
    pub bonding_curve_program: Program<'info, BondingCurve>,
    /// CHECK: the curve program checks it.
    pub bonding_curve_event_authority: UncheckedAccount<'info>,
}

/// A launch under way: its accounts, and the record that signs for the mint.
pub struct Launching<'a, 'info> {
    pub accounts: &'a Launch<'info>,
    pub record: Box<LaunchRecord>,
}

impl<'info> Deref for Launching<'_, 'info> {
    type Target = Launch<'info>;

    fn deref(&self) -> &Self::Target {
        self.accounts
    }
}

/// The account that an argument calls for.
pub fn needed<T>(account: &Option<T>) -> Result<&T> {
    Ok(account.as_ref().ok_or(LauncherError::MissingAccount)?)
}
