use {
    super::payout::{require_owed, Payout},
    crate::{
        constants::*,
        error::AmmError,
        events::{FeeKind, FeesClaimed},
        state::{Config, Pool},
    },
    anchor_lang::prelude::*,
    anchor_spl::associated_token::get_associated_token_address_with_program_id,
    launchpad_common::token::require_account_of,
};

#[event_cpi]
#[derive(Accounts)]
pub struct SweepProtocolFees<'info> {
    /// Anybody: the destination is the config's.
    pub caller: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// Authentic by owner and discriminator: this program creates pools at their own address only.
    #[account(
        mut,
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
    /// The recipient's associated token account: a stranger cannot choose another.
    /// CHECK: address, program, mint and owner are checked where it is used.
    #[account(mut)]
    pub recipient_quote: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    #[account(address = pool.quote_token_program @ ErrorCode::InvalidProgramId)]
    pub quote_token_program: UncheckedAccount<'info>,
}

pub fn handle_sweep_protocol_fees(ctx: Context<SweepProtocolFees>) -> Result<()> {
    // Check
    let accounts = &mut *ctx.accounts;
    accounts.require_recipient()?;
    let amount = require_owed(accounts.pool.protocol_fees)?;

    // Effect
    accounts.pool.protocol_fees = 0;

    // Interaction
    Payout {
        pool: &accounts.pool,
        quote_mint: &accounts.quote_mint,
        base_vault: &accounts.base_vault,
        quote_vault: &accounts.quote_vault,
        to: &accounts.recipient_quote,
        token_program: &accounts.quote_token_program,
    }
    .pay(amount)?;

    // Event
    let pool = &ctx.accounts.pool;
    emit_cpi!(FeesClaimed {
        pool: pool.key(),
        base_mint: pool.base_mint,
        quote_mint: pool.quote_mint,
        kind: FeeKind::Protocol,
        recipient: ctx.accounts.config.fee_recipient,
        amount,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl SweepProtocolFees<'_> {
    fn require_recipient(&self) -> Result<()> {
        let (owner, mint) = (&self.config.fee_recipient, self.quote_mint.key);
        let program = self.quote_token_program.key;
        let own = get_associated_token_address_with_program_id(owner, mint, program);
        require_keys_eq!(own, self.recipient_quote.key(), AmmError::InvalidFeeRecipient);
        require_account_of(&self.recipient_quote, program, mint, owner)
    }
}
