use {
    crate::{
        constants::*,
        error::LauncherError,
        state::{Config, LaunchRecord},
        token::metaplex::{METADATA_SEED, METAPLEX},
    },
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token::Token, token_2022::Token2022},
    bonding_curve::program::BondingCurve,
    std::ops::Deref,
    vesting::program::Vesting,
};

/// Declares the accounts of a launch with one of the token programs, which are the same but for what stands
/// behind them, and how they are lent to what all launches share.
macro_rules! launch_accounts {
    (
        $(#[$about:meta])* $name:ident, $token_program:ident,
        $(#[$kept:meta])* $mint:ident
        $(, $(#[$own:meta])* $more:ident)?
    ) => {
        $(#[$about])*
        #[event_cpi]
        #[derive(Accounts)]
        pub struct $name<'info> {
            #[account(mut)]
            pub creator: Signer<'info>,
            $(#[$kept])*
            #[account(mut)]
            pub $mint: Signer<'info>,
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
            #[account(mut, seeds = [LAUNCH_SEED, $mint.key().as_ref()], bump)]
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
            pub token_program: Program<'info, $token_program>,
            pub associated_token_program: Program<'info, AssociatedToken>,
            pub system_program: Program<'info, System>,
            pub bonding_curve_program: Program<'info, BondingCurve>,
            /// CHECK: the curve program checks it.
            pub bonding_curve_event_authority: UncheckedAccount<'info>,
            $(
                $(#[$own])*
                pub $more: UncheckedAccount<'info>,
            )?
        }

        impl<'info> $name<'info> {
            pub fn parts(&self) -> Parts<'_, 'info> {
                Parts {
                    creator: &self.creator,
                    mint: &self.mint,
                    config: &self.config,
                    treasury: &self.treasury,
                    launch_record: &self.launch_record,
                    curve: &self.curve,
                    base_vault: &self.base_vault,
                    curve_config: &self.curve_config,
                    shape: &self.shape,
                    terms: &self.terms,
                    batch: &self.batch,
                    team_schedule: &self.team_schedule,
                    team_escrow: &self.team_escrow,
                    ecosystem_owner: &self.ecosystem_owner,
                    ecosystem_base: &self.ecosystem_base,
                    treasury_owner: &self.treasury_owner,
                    treasury_base: &self.treasury_base,
                    vesting_program: &self.vesting_program,
                    vesting_event_authority: &self.vesting_event_authority,
                    creator_base: &self.creator_base,
                    creator_position: &self.creator_position,
                    lock_schedule: &self.lock_schedule,
                    lock_escrow: &self.lock_escrow,
                    token_program: &self.token_program,
                    associated_token_program: &self.associated_token_program,
                    system_program: &self.system_program,
                    bonding_curve_program: &self.bonding_curve_program,
                    bonding_curve_event_authority: &self.bonding_curve_event_authority,
                }
            }
        }
    };
}

launch_accounts! {
    /// Accounts of both launches of a Token-2022 mint. Accounts marked "made here" are created at addresses
    /// that the token, vesting and curve programs derive themselves, so a wrong one fails in their checks.
    Launch, Token2022,
    /// A new key; made here.
    mint
}

launch_accounts! {
    /// The same for a mint of the classic Token program, with the account of its metadata behind them.
    LaunchSpl, Token,
    /// A new mint without supply, whose authority is the creator.
    mint,
    /// CHECK: address here, owner and content in `read_listed`.
    #[account(
        seeds = [METADATA_SEED, METAPLEX.as_ref(), mint.key().as_ref()],
        seeds::program = METAPLEX,
        bump
    )]
    metadata
}

/// The accounts of any launch.
#[derive(Clone, Copy)]
pub struct Parts<'a, 'info> {
    pub creator: &'a Signer<'info>,
    pub mint: &'a Signer<'info>,
    pub config: &'a Account<'info, Config>,
    pub treasury: &'a UncheckedAccount<'info>,
    pub launch_record: &'a UncheckedAccount<'info>,
    pub curve: &'a UncheckedAccount<'info>,
    pub base_vault: &'a UncheckedAccount<'info>,
    pub curve_config: &'a UncheckedAccount<'info>,
    pub shape: &'a Option<UncheckedAccount<'info>>,
    pub terms: &'a Option<UncheckedAccount<'info>>,
    pub batch: &'a Option<UncheckedAccount<'info>>,
    pub team_schedule: &'a Option<UncheckedAccount<'info>>,
    pub team_escrow: &'a Option<UncheckedAccount<'info>>,
    pub ecosystem_owner: &'a Option<UncheckedAccount<'info>>,
    pub ecosystem_base: &'a Option<UncheckedAccount<'info>>,
    pub treasury_owner: &'a Option<UncheckedAccount<'info>>,
    pub treasury_base: &'a Option<UncheckedAccount<'info>>,
    pub vesting_program: &'a Option<Program<'info, Vesting>>,
    pub vesting_event_authority: &'a Option<UncheckedAccount<'info>>,
    pub creator_base: &'a Option<UncheckedAccount<'info>>,
    pub creator_position: &'a Option<UncheckedAccount<'info>>,
    pub lock_schedule: &'a Option<UncheckedAccount<'info>>,
    pub lock_escrow: &'a Option<UncheckedAccount<'info>>,
    pub token_program: &'a AccountInfo<'info>,
    pub associated_token_program: &'a Program<'info, AssociatedToken>,
    pub system_program: &'a Program<'info, System>,
    pub bonding_curve_program: &'a Program<'info, BondingCurve>,
    pub bonding_curve_event_authority: &'a UncheckedAccount<'info>,
}

/// A launch under way: its accounts, and the record that signs for the mint.
pub struct Launching<'a, 'info> {
    pub parts: Parts<'a, 'info>,
    pub record: Box<LaunchRecord>,
}

impl<'a, 'info> Deref for Launching<'a, 'info> {
    type Target = Parts<'a, 'info>;

    fn deref(&self) -> &Self::Target {
        &self.parts
    }
}

/// The account that an argument calls for.
pub fn needed<T>(account: &Option<T>) -> Result<&T> {
    Ok(account.as_ref().ok_or(LauncherError::MissingAccount)?)
}
