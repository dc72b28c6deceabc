use {
    super::opening::{NewSide, Opening, Receiver, Terms},
    crate::{
        constants::*,
        error::AmmError,
        math::Reserves,
        state::Config,
        token::{amount_of, read_pool_mint, require_pair},
    },
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token::Token},
    launchpad_common::{
        token::{read_account_of, TransferChecked},
        SafeMath,
    },
};

/// What a pool is created with.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct CreatePoolArgs {
    /// Tells pools of one opener and pair apart.
    pub index: u16,
    /// What leaves the opener's accounts; their quotient is the first price.
    pub base_amount: u64,
    pub quote_amount: u64,
    /// Who claims the creator fees of a pool with SOL; the default key for nobody.
    pub creator: Pubkey,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreatePoolArgs)]
pub struct CreatePool<'info> {
    /// Pays the rent, deposits, gets the shares, and may change the creator.
    #[account(mut)]
    pub opener: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// CHECK: program and content are read below.
    pub base_mint: UncheckedAccount<'info>,
    /// CHECK: program and content are read below.
    pub quote_mint: UncheckedAccount<'info>,
    /// CHECK: created here, at its own address.
    #[account(
        mut,
        seeds = [
            POOL_SEED,
            base_mint.key().as_ref(),
            quote_mint.key().as_ref(),
            opener.key().as_ref(),
            &args.index.to_le_bytes(),
        ],
        bump,
    )]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [LP_MINT_SEED, pool.key().as_ref()], bump)]
    pub lp_mint: UncheckedAccount<'info>,
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [VAULT_SEED, pool.key().as_ref(), base_mint.key().as_ref()], bump)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [VAULT_SEED, pool.key().as_ref(), quote_mint.key().as_ref()], bump)]
    pub quote_vault: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub opener_base: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub opener_quote: UncheckedAccount<'info>,
    /// CHECK: the associated token program accepts no other address.
    #[account(mut)]
    pub opener_lp: UncheckedAccount<'info>,
    /// CHECK: one of the two token programs, compared with the mint's owner.
    pub base_token_program: UncheckedAccount<'info>,
    /// CHECK: one of the two token programs, compared with the mint's owner.
    pub quote_token_program: UncheckedAccount<'info>,
    /// The shares' program.
    pub token_program: Program<'info, Token>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_pool(ctx: Context<CreatePool>, args: CreatePoolArgs) -> Result<()> {
    // Check
    let accounts = &*ctx.accounts;
    require!(!accounts.config.paused, AmmError::Paused);
    require!(args.base_amount > 0 && args.quote_amount > 0, AmmError::ZeroAmount);
    require_pair(accounts.base_mint.key, accounts.quote_mint.key)?;
    let opening = accounts.opening(&ctx.bumps)?;

    // Interaction: only what really arrived is the deposit
    opening.create_accounts(0)?;
    let found = amount_of(&accounts.quote_vault)?;
    accounts.pay(&opening.base, &accounts.opener_base, args.base_amount)?;
    accounts.pay(&opening.quote, &accounts.opener_quote, args.quote_amount)?;
    let vaults = (amount_of(&accounts.base_vault)?, amount_of(&accounts.quote_vault)?);
    let quote = vaults.1.safe_sub(found).map_err(AmmError::from)?;

    // Effect
    let terms = Terms {
        bump: ctx.bumps.pool,
        opener: accounts.opener.key(),
        creator: args.creator,
        authority: accounts.opener.key(),
        index: args.index,
        canonical: false,
    };
    let deposit = Reserves { base: vaults.0, quote };
    let pool = opening.new_pool(terms, deposit, found, &accounts.config)?;
    pool.invariant(vaults)?;
    let minted = opening.finish(&pool, Some(accounts.receiver()))?;

    // Event
    emit_cpi!(pool.created(accounts.pool.key(), minted));
    Ok(())
}

impl<'info> CreatePool<'info> {
    #[inline(never)]
    fn opening(&self, bumps: &CreatePoolBumps) -> Result<Opening<'_, 'info>> {
        Ok(Opening {
            payer: &self.opener,
            pool: &self.pool,
            lp_mint: &self.lp_mint,
            base: NewSide {
                mint: &self.base_mint,
                vault: &self.base_vault,
                token_program: &self.base_token_program,
                terms: read_pool_mint(&self.base_mint, self.base_token_program.key)?,
                vault_bump: bumps.base_vault,
            },
            quote: NewSide {
                mint: &self.quote_mint,
                vault: &self.quote_vault,
                token_program: &self.quote_token_program,
                terms: read_pool_mint(&self.quote_mint, self.quote_token_program.key)?,
                vault_bump: bumps.quote_vault,
            },
            lp_mint_bump: bumps.lp_mint,
        })
    }

    fn pay(&self, side: &NewSide<'_, 'info>, from: &AccountInfo<'info>, amount: u64) -> Result<()> {
        read_account_of(from, side.token_program.key, side.mint.key, self.opener.key)?;
        TransferChecked {
            token_program: side.token_program,
            from,
            mint: side.mint,
            to: side.vault,
            authority: &self.opener,
            decimals: side.terms.view.decimals,
        }
        .invoke(amount, &[])
    }

    fn receiver(&self) -> Receiver<'_, 'info> {
        Receiver {
            owner: &self.opener,
            account: &self.opener_lp,
            system_program: &self.system_program,
            token_program: &self.token_program,
        }
    }
}
