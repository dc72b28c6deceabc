//! What deposits and withdrawals share.

use {
    super::pair::{Pair, Side, State},
    crate::{
        error::AmmError,
        state::{Named, Pool, PoolBytes},
        token::Shares,
    },
    anchor_lang::prelude::*,
    anchor_spl::token::Token,
    launchpad_common::{account::data_of, token::require_account_of, wide::product},
};

#[event_cpi]
#[derive(Accounts)]
pub struct ChangeLiquidity<'info> {
    /// Owns the three accounts below.
    pub provider: Signer<'info>,
    /// CHECK: owner and discriminator, in [`Pair::open`].
    pub config: UncheckedAccount<'info>,
    /// CHECK: owner and discriminator, in [`Pair::open`].
    #[account(mut)]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub base_mint: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub quote_mint: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    #[account(mut)]
    pub lp_mint: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    #[account(mut)]
    pub quote_vault: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub provider_base: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub provider_quote: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub provider_lp: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub base_token_program: UncheckedAccount<'info>,
    /// CHECK: compared with the pool's.
    pub quote_token_program: UncheckedAccount<'info>,
    /// The shares' program.
    pub token_program: Program<'info, Token>,
}

impl<'info> ChangeLiquidity<'info> {
    /// Checks that all accounts belong together; see [`Pair::open`].
    pub(super) fn open(&self, entering: bool) -> Result<State> {
        let provider = self.provider.key;
        let state = self.pair().open(provider, entering)?;
        let named = PoolBytes::new(&data_of::<Pool>(&self.pool, &crate::ID)?)
            .names(Named::LpMint, self.lp_mint.key);
        require!(named, ErrorCode::ConstraintAddress);
        require_account_of(&self.provider_lp, self.token_program.key, self.lp_mint.key, provider)?;
        Ok(state)
    }

    pub(super) fn pair(&self) -> Pair<'_, 'info> {
        Pair {
            config: &self.config,
            pool: &self.pool,
            base: Side {
                mint: &self.base_mint,
                vault: &self.base_vault,
                user: &self.provider_base,
                token_program: &self.base_token_program,
            },
            quote: Side {
                mint: &self.quote_mint,
                vault: &self.quote_vault,
                user: &self.provider_quote,
                token_program: &self.quote_token_program,
            },
            event_authority: &self.event_authority,
        }
    }

    pub(super) fn mint_shares(&self, state: &State, amount: u64) -> Result<()> {
        let shares =
            Shares { mint: &self.lp_mint, account: &self.provider_lp, authority: &self.pool };
        state.signer.with(|seeds| shares.mint_to(amount, seeds))
    }

    pub(super) fn burn_shares(&self, amount: u64) -> Result<()> {
        Shares { mint: &self.lp_mint, account: &self.provider_lp, authority: &self.provider }
            .burn(amount)
    }
}

/// Insists that no share is worth less than before, on either side. Each triple
/// is base, quote and shares.
pub(super) fn require_worth_kept(before: (u64, u64, u64), after: (u64, u64, u64)) -> Result<()> {
    let ((base, quote, supply), (base_now, quote_now, supply_now)) = (before, after);
    let kept = product(base_now, supply) >= product(base, supply_now)
        && product(quote_now, supply) >= product(quote, supply_now);
    require!(kept, AmmError::InvariantViolated);
    Ok(())
}
