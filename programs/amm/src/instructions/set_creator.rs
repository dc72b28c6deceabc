use {
    crate::{
        error::AmmError,
        events::CreatorChanged,
        state::Pool,
        token::{amount_of, WRAPPED_SOL},
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct SetCreator<'info> {
    /// Named when the pool was created: the opener, or what governs a graduate's creator.
    pub authority: Signer<'info>,
    /// Authentic by owner and discriminator: this program creates pools at their own address only.
    #[account(
        mut,
        has_one = authority @ AmmError::InvalidAuthority,
        has_one = base_vault @ ErrorCode::ConstraintAddress,
        has_one = quote_vault @ ErrorCode::ConstraintAddress,
    )]
    pub pool: Box<Account<'info, Pool>>,
    /// CHECK: compared with the pool's.
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub quote_vault: UncheckedAccount<'info>,
}

pub fn handle_set_creator(ctx: Context<SetCreator>, new_creator: Pubkey) -> Result<()> {
    // Check
    require!(new_creator != Pubkey::default(), AmmError::InvalidCreator);

    // Effect
    let vaults = (amount_of(&ctx.accounts.base_vault)?, amount_of(&ctx.accounts.quote_vault)?);
    let pool = &mut ctx.accounts.pool;
    let old_creator = pool.creator;
    pool.creator = new_creator;
    // A pool that had no creator pays the tier's rate from its next observation on.
    pool.pays_creator = pool.quote_mint == WRAPPED_SOL;
    pool.invariant(vaults)?;

    // Event
    emit_cpi!(CreatorChanged {
        pool: pool.key(),
        base_mint: pool.base_mint,
        old_creator,
        new_creator,
        pays_creator: pool.pays_creator,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
