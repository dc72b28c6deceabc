//! Token launcher: makes a token with its metadata, divides the supply, opens
//! the curve and buys for the creator, all in one instruction.
//!
//! The launch record signs for the mint from its first to its last moment, so
//! every limit and every event of this program holds whoever owns the token.

// A test that overflows fails, which is what it should do.
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

use anchor_lang::prelude::*;

pub mod constants;
pub mod error;
pub mod events;
pub mod instructions;
pub mod state;
pub mod token;

pub use {constants::*, error::LauncherError, events::*, instructions::*, state::*};

declare_id!("LaFq5jXYXDEiLFpomWQMx1ZAo9t63Ydem4CwaMAazgc");
launchpad_common::security_txt!();

#[program]
pub mod token_launcher {
    use super::*;

    /// Creates the one config. Signed by the program's upgrade authority, once.
    ///
    /// Errors: `NotUpgradeAuthority`; `InvalidFee` above the cap; `InvalidAuthority`
    /// and `InvalidTreasury` for the default key.
    pub fn create_config(ctx: Context<CreateConfig>, args: ConfigArgs) -> Result<()> {
        instructions::handle_create_config(ctx, args)
    }

    /// Replaces treasury and creation fee (lamports). Signed by the config's authority.
    ///
    /// Errors: `InvalidAuthority`, `InvalidFee`, `InvalidTreasury`.
    pub fn update_config(ctx: Context<ManageConfig>, args: ConfigUpdate) -> Result<()> {
        instructions::handle_update_config(ctx, args)
    }

    /// Names the next authority, who becomes it by accepting. The default key
    /// withdraws the offer. Signed by the config's authority.
    ///
    /// Errors: `InvalidAuthority`.
    pub fn propose_authority(ctx: Context<ManageConfig>, new_authority: Pubkey) -> Result<()> {
        instructions::handle_propose_authority(ctx, new_authority)
    }

    /// Makes the proposed authority the authority. Signed by it.
    ///
    /// Errors: `InvalidAuthority` for anybody else.
    pub fn accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
        instructions::handle_accept_authority(ctx)
    }

    /// Stops or resumes launches; nothing else can be stopped. Signed by the config's authority.
    ///
    /// Errors: `InvalidAuthority`.
    pub fn set_paused(ctx: Context<ManageConfig>, paused: bool) -> Result<()> {
        instructions::handle_set_paused(ctx, paused)
    }

    /// Makes a Token-2022 mint with its metadata inside, mints the supply once
    /// into the allocations, and opens the curve. Nobody can ever freeze the
    /// token; nobody can create more of it unless it is launched mintable.
    /// Amounts round down, liquidity takes the rest. Signed by creator and mint;
    /// the creator pays rent and the creation fee.
    ///
    /// Errors: `Paused`; one for each unsound argument; `MintInUse`;
    /// `MissingAccount`; those of `open_curve` and `create_schedule`.
    pub fn launch_token(ctx: Context<Launch>, args: LaunchArgs) -> Result<()> {
        instructions::handle_launch_token(ctx, args)
    }

    /// `launch_token`, then the creator's first buy at the curve's own price.
    /// What was bought is locked by an irrevocable schedule, or its being
    /// unlocked is recorded.
    ///
    /// Errors: those of `launch_token` and `buy_exact_in`.
    pub fn launch_and_buy(
        ctx: Context<Launch>,
        args: LaunchArgs,
        first_buy: FirstBuy,
    ) -> Result<()> {
        instructions::handle_launch_and_buy(ctx, args, first_buy)
    }

    /// `launch_token`, or `launch_and_buy` with a `first_buy`, for a mint of the classic Token
    /// program that exists already, new and untouched, with its metadata in Metaplex's program:
    /// the instructions in front of this one made both. Decimals and texts are what stands there.
    ///
    /// Errors: `InvalidMint` with a supply, another authority or somebody who can freeze;
    /// `InvalidMetadata`, `RoyaltyOnToken`; those of `launch_and_buy`.
    pub fn launch_token_spl(
        ctx: Context<LaunchSpl>,
        args: SplLaunchArgs,
        first_buy: Option<FirstBuy>,
    ) -> Result<()> {
        instructions::handle_launch_token_spl(ctx, args, first_buy)
    }

    /// Replaces one text of the metadata and the hash of its document. Signed by
    /// the update authority, who pays the rent of a longer text.
    ///
    /// Errors: `MetadataImmutable`, `MetadataElsewhere`, `InvalidAuthority`, `InvalidName`,
    /// `InvalidSymbol`, `InvalidUri`.
    pub fn update_metadata(ctx: Context<UpdateMetadata>, args: MetadataUpdate) -> Result<()> {
        instructions::handle_update_metadata(ctx, args)
    }

    /// Hands the metadata to another authority, who signs too, or makes it
    /// immutable for good. Signed by the update authority.
    ///
    /// Errors: `MetadataImmutable`, `MetadataElsewhere`, `InvalidAuthority`.
    pub fn set_update_authority(
        ctx: Context<SetUpdateAuthority>,
        to: UpdateAuthority,
    ) -> Result<()> {
        instructions::handle_set_update_authority(ctx, to)
    }

    /// Names the next creator, who becomes it by accepting. The default key
    /// withdraws the offer. Signed by the creator.
    ///
    /// Errors: `InvalidAuthority`, `InvalidCreator` for the creator himself.
    pub fn propose_creator(ctx: Context<ProposeCreator>, new_creator: Pubkey) -> Result<()> {
        instructions::handle_propose_creator(ctx, new_creator)
    }

    /// Makes the proposed creator the creator: the curve's creator fees, unclaimed
    /// ones too, and metadata that is the creator's follow. Signed by him.
    ///
    /// Errors: `InvalidCreator` for anybody else.
    pub fn accept_creator(ctx: Context<AcceptCreator>) -> Result<()> {
        instructions::handle_accept_creator(ctx)
    }

    /// Creates `amount` base units of a mintable token, once it has graduated. What
    /// is burned makes no room under the cap. Signed by the mint authority that the
    /// record names.
    ///
    /// Errors: `SupplyFixed`, `InvalidAuthority`, `ZeroAmount`, `CapExceeded`, `NotGraduated`.
    pub fn mint_tokens(ctx: Context<MintTokens>, amount: u64) -> Result<()> {
        instructions::handle_mint_tokens(ctx, amount)
    }

    /// Ends a revocable team vesting and burns what had not vested. Signed by the creator.
    ///
    /// Errors: `InvalidAuthority`; those of the vesting program's `revoke`.
    pub fn revoke_team(ctx: Context<RevokeTeam>) -> Result<()> {
        instructions::handle_revoke_team(ctx)
    }
}
