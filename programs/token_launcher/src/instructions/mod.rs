//! One file for each instruction, or for each group that shares its accounts.

pub mod accept_creator;
pub mod launch;
pub mod launch_spl;
pub mod manage_config;
pub mod mint_tokens;
pub mod propose_creator;
pub mod revoke_team;
pub mod set_update_authority;
pub mod update_metadata;

mod distribution;
mod first_buy;
mod launch_accounts;

pub use {
    accept_creator::*, launch::*, launch_accounts::*, launch_spl::*, manage_config::*,
    mint_tokens::*, propose_creator::*, revoke_team::*, set_update_authority::*,
    update_metadata::*,
};
