//! A launch of a mint that the classic Token program and Metaplex's have made, in front of it.

use {
    super::launch_accounts::{LaunchSpl, Launching},
    crate::{
        error::LauncherError,
        events::TokenLaunched,
        state::{FirstBuy, LaunchArgs, SplLaunchArgs},
        token::metaplex::read_listed,
    },
    anchor_lang::prelude::*,
    launchpad_common::token::read_mint,
};

pub fn handle_launch_token_spl(
    ctx: Context<LaunchSpl>,
    args: SplLaunchArgs,
    first_buy: Option<FirstBuy>,
) -> Result<()> {
    // Check and effect
    ctx.accounts.config.admit_launch()?;
    let args = ctx.accounts.complete(args)?;

    // Interaction
    let event = launch(&ctx, &args, first_buy.as_ref())?;

    // Event
    emit_cpi!(*event);
    Ok(())
}

#[inline(never)]
fn launch(
    ctx: &Context<LaunchSpl>,
    args: &LaunchArgs,
    first_buy: Option<&FirstBuy>,
) -> Result<Box<TokenLaunched>> {
    let now = Clock::get()?.unix_timestamp;
    let amounts = args.validate()?;
    let mut launch =
        Launching::begin(ctx.accounts.parts(), args, ctx.bumps.launch_record, now).listed();
    launch.take_mint()?;
    launch.carry_out(args, &amounts, first_buy, now)?;
    Ok(launch.launched(args, now))
}

impl LaunchSpl<'_> {
    /// What is launched, with what mint and metadata say of it. Nothing there is repeated in the
    /// arguments, so nothing can differ from them.
    #[inline(never)]
    fn complete(&self, args: SplLaunchArgs) -> Result<Box<LaunchArgs>> {
        let mint = read_mint(&self.mint, self.token_program.key)?;
        let untouched = mint.supply == 0
            && mint.mint_authority == Some(self.creator.key())
            && mint.freeze_authority.is_none();
        require!(untouched, LauncherError::InvalidMint);
        let listed = read_listed(&self.metadata, self.mint.key)?;
        Ok(Box::new(args.of(mint.decimals, listed)))
    }
}
