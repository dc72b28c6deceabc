use {
    super::payout::{require_owed, Payout},
    crate::{
        error::AmmError,
        events::{FeeKind, FeesClaimed},
        state::Pool,
    },
    anchor_lang::prelude::*,
    launchpad_common::token::require_account_of,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ClaimCreatorFees<'info> {
    pub creator: Signer<'info>,
    /// Authentic by owner and discriminator: this program creates pools at their own address only.
    #[account(
        mut,
        has_one = creator @ AmmError::InvalidCreator,
        has_one = quote_mint @ AmmError::InvalidMint,
        has_one = base_vault @ ErrorCode::ConstraintAddress,
        has_one = quote_vault @ ErrorCode::ConstraintAddress,
    )]
    pub pool: Box<Account<'info, Pool>>,
    /// CHECK: compared with the pool's.
    pub quote_mint: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    #[account(mut)]
    pub quote_vault: UncheckedAccount<'info>,
    /// Any token account of the creator's.
    /// CHECK: program, mint and owner are checked where it is used.
    #[account(mut)]
    pub creator_quote: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    #[account(address = pool.quote_token_program @ ErrorCode::InvalidProgramId)]
    pub quote_token_program: UncheckedAccount<'info>,
}

pub fn handle_claim_creator_fees(ctx: Context<ClaimCreatorFees>) -> Result<()> {
    // Check
    let accounts = &mut *ctx.accounts;
    let (program, mint) = (accounts.quote_token_program.key, accounts.quote_mint.key);
    require_account_of(&accounts.creator_quote, program, mint, accounts.creator.key)?;
    let amount = require_owed(accounts.pool.creator_fees)?;

    // Effect
    accounts.pool.creator_fees = 0;

    // Interaction
    Payout {
        pool: &accounts.pool,
        quote_mint: &accounts.quote_mint,
        base_vault: &accounts.base_vault,
        quote_vault: &accounts.quote_vault,
        to: &accounts.creator_quote,
        token_program: &accounts.quote_token_program,
    }
    .pay(amount)?;

    // Event
    let pool = &ctx.accounts.pool;
    emit_cpi!(FeesClaimed {
        pool: pool.key(),
        base_mint: pool.base_mint,
        quote_mint: pool.quote_mint,
        kind: FeeKind::Creator,
        recipient: pool.creator,
        amount,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
