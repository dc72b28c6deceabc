use {
    super::{
        income::{pay_out, Collection, Teller},
        wrapped::unwrap_all,
    },
    crate::{error::RouterError, events::IncomeSource, state::Router},
    amm::{program::Amm, token::WRAPPED_SOL, Pool},
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token::Token},
    launchpad_common::{associated::CreateAssociated, SafeMath},
};

#[event_cpi]
#[derive(Accounts)]
pub struct CollectPool<'info> {
    /// Anybody. Lends the rent of the token account.
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut)]
    pub router: Box<Account<'info, Router>>,
    /// Authentic by owner and discriminator; its program pays nobody but its creator.
    #[account(mut)]
    pub pool: Box<Account<'info, Pool>>,
    /// CHECK: wrapped SOL.
    #[account(address = WRAPPED_SOL)]
    pub quote_mint: UncheckedAccount<'info>,
    /// CHECK: the pools' program checks it.
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: the pools' program checks it.
    #[account(mut)]
    pub quote_vault: UncheckedAccount<'info>,
    /// The router's associated token account; made here unless somebody did, and closed.
    /// CHECK: the associated token program accepts no other address.
    #[account(mut)]
    pub router_quote: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
    pub amm_program: Program<'info, Amm>,
    /// CHECK: the pools' program checks it.
    pub amm_event_authority: UncheckedAccount<'info>,
}

pub fn handle_collect_pool(ctx: Context<CollectPool>) -> Result<()> {
    let accounts = &mut *ctx.accounts;

    // Effect: what was sent before is no fee
    let teller = Teller { authority: &accounts.event_authority };
    teller.notice(&mut accounts.router)?;

    // Interaction
    let lent = accounts.create_account()?;
    accounts.claim()?;
    unwrap_all(&accounts.router, &accounts.router_quote, accounts.token_program.key)?;
    pay_out(&accounts.router.to_account_info(), &accounts.payer, lent)?;

    // Event
    let (mint, origin) = (accounts.pool.base_mint, accounts.pool.key());
    let what = Collection { mint, source: IncomeSource::Pool, origin };
    teller.collected(&mut accounts.router, &what)
}

impl CollectPool<'_> {
    /// Makes the token account; returns what the payer lent for it.
    fn create_account(&self) -> Result<u64> {
        let before = self.payer.lamports();
        CreateAssociated {
            payer: &self.payer,
            account: &self.router_quote,
            owner: &self.router.to_account_info(),
            mint: &self.quote_mint,
            system_program: &self.system_program,
            token_program: &self.token_program,
        }
        .invoke()?;
        Ok(before.safe_sub(self.payer.lamports()).map_err(RouterError::from)?)
    }

    fn claim(&self) -> Result<()> {
        let accounts = amm::cpi::accounts::ClaimCreatorFees {
            creator: self.router.to_account_info(),
            pool: self.pool.to_account_info(),
            quote_mint: self.quote_mint.to_account_info(),
            base_vault: self.base_vault.to_account_info(),
            quote_vault: self.quote_vault.to_account_info(),
            creator_quote: self.router_quote.to_account_info(),
            quote_token_program: self.token_program.to_account_info(),
            event_authority: self.amm_event_authority.to_account_info(),
            program: self.amm_program.to_account_info(),
        };
        self.router.sign(|seeds| {
            let context = CpiContext::new_with_signer(amm::ID, accounts, seeds);
            amm::cpi::claim_creator_fees(context)
        })
    }
}
