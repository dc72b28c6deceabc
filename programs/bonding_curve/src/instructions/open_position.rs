use {
    super::trade_rules::mint_with_rules,
    crate::{constants::*, events::PositionOpened, state::Position},
    anchor_lang::prelude::*,
    launchpad_common::creation::NewAccount,
};

#[event_cpi]
#[derive(Accounts)]
pub struct OpenPosition<'info> {
    /// Pays the rent, which the wallet gets when it closes the position; anybody.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: any key; the position serves nobody else.
    pub wallet: UncheckedAccount<'info>,
    /// CHECK: owner and discriminator, in [`mint_with_rules`].
    pub curve: UncheckedAccount<'info>,
    /// CHECK: created here, at its own address.
    #[account(mut)]
    pub position: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_open_position(ctx: Context<OpenPosition>) -> Result<()> {
    // Check
    let (payer, wallet, target) =
        (&ctx.accounts.payer, ctx.accounts.wallet.key, &ctx.accounts.position);
    let now = Clock::get()?.unix_timestamp;
    let (mint, holds) = mint_with_rules(&ctx.accounts.curve, now)?;
    let seeds: &[&[u8]] = &[POSITION_SEED, mint.as_ref(), wallet.as_ref()];
    let (address, bump) = Pubkey::find_program_address(seeds, &crate::ID);
    require_keys_eq!(target.key(), address, ErrorCode::ConstraintSeeds);
    // Anybody may have opened it in the moment before: that must stop nobody's buy.
    if !holds || target.owner == &crate::ID {
        return Ok(());
    }

    // Effect
    let position = Position::new(mint, *wallet, bump);
    position.invariant()?;
    let seeds: &[&[u8]] = &[POSITION_SEED, mint.as_ref(), wallet.as_ref(), &[bump]];
    NewAccount::rent_exempt(payer, target, &crate::ID, Position::SPACE)?
        .create_with(&position, &[seeds])?;

    // Event
    emit_cpi!(PositionOpened { mint, wallet: *wallet, position: address, timestamp: now });
    Ok(())
}
