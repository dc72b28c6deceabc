use {
    super::opening::{NewSide, Opening, Receiver, Terms},
    crate::{
        constants::*,
        error::AmmError,
        math::Reserves,
        state::Config,
        token::{amount_of, read_pool_mint, require_pair, WRAPPED_SOL},
    },
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token::Token},
    launchpad_common::{
        token::{read_account_of, TransferChecked},
        SafeMath,
    },
};

/// What a graduate's pool is created with.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct CanonicalPoolArgs {
    /// What leaves the curve's token account.
    pub base_amount: u64,
    /// Lamports that the curve has put at the quote vault's address; the first
    /// price is exactly the quotient of the two.
    pub quote_amount: u64,
    /// Who claims the creator fees.
    pub creator: Pubkey,
    /// Who may change the creator: what governs it on the curve.
    pub authority: Pubkey,
}

#[event_cpi]
#[derive(Accounts)]
pub struct CreateCanonicalPool<'info> {
    /// Pays the rent of all accounts made here.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The curve of the mint, which only its own program can make sign; owns
    /// the token account that the liquidity comes from.
    #[account(
        seeds = [CURVE_SEED, base_mint.key().as_ref()],
        bump,
        seeds::program = CURVE_PROGRAM,
    )]
    pub curve: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// CHECK: program and content are read below.
    pub base_mint: UncheckedAccount<'info>,
    /// CHECK: wrapped SOL.
    #[account(address = WRAPPED_SOL @ AmmError::InvalidMint)]
    pub quote_mint: UncheckedAccount<'info>,
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [POOL_SEED, base_mint.key().as_ref()], bump)]
    pub pool: UncheckedAccount<'info>,
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [LP_MINT_SEED, pool.key().as_ref()], bump)]
    pub lp_mint: UncheckedAccount<'info>,
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [VAULT_SEED, pool.key().as_ref(), base_mint.key().as_ref()], bump)]
    pub base_vault: UncheckedAccount<'info>,
    /// Holds the lamports of the deposit already.
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [VAULT_SEED, pool.key().as_ref(), quote_mint.key().as_ref()], bump)]
    pub quote_vault: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub curve_base: UncheckedAccount<'info>,
    /// Who gets the shares; without one the liquidity is locked for good.
    /// CHECK: any key.
    pub lp_owner: Option<UncheckedAccount<'info>>,
    /// CHECK: the associated token program accepts no other address.
    #[account(mut)]
    pub lp_account: Option<UncheckedAccount<'info>>,
    /// CHECK: one of the two token programs, compared with the mint's owner.
    pub base_token_program: UncheckedAccount<'info>,
    /// Of wrapped SOL and of the shares.
    pub token_program: Program<'info, Token>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_canonical_pool(
    ctx: Context<CreateCanonicalPool>,
    args: CanonicalPoolArgs,
) -> Result<()> {
    // Check: a pause does not stop graduates, whose holders could not sell otherwise
    let accounts = &*ctx.accounts;
    require!(args.base_amount > 0 && args.quote_amount > 0, AmmError::ZeroAmount);
    require!(args.creator != Pubkey::default(), AmmError::InvalidCreator);
    require!(accounts.quote_vault.lamports() >= args.quote_amount, AmmError::DepositShort);
    require_pair(accounts.base_mint.key, accounts.quote_mint.key)?;
    let opening = accounts.opening(&ctx.bumps)?;
    let free = opening.base.terms.view.freeze_authority.is_none();
    require!(free, AmmError::InvalidMint);

    // Interaction: only what really arrived is the deposit
    opening.create_accounts(args.quote_amount)?;
    accounts.pay(&opening.base, args.base_amount)?;
    let vaults = (amount_of(&accounts.base_vault)?, amount_of(&accounts.quote_vault)?);
    let found = vaults.1.safe_sub(args.quote_amount).map_err(AmmError::from)?;

    // Effect
    let terms = Terms {
        bump: ctx.bumps.pool,
        opener: accounts.curve.key(),
        creator: args.creator,
        authority: args.authority,
        index: 0,
        canonical: true,
    };
    let deposit = Reserves { base: vaults.0, quote: args.quote_amount };
    let pool = opening.new_pool(terms, deposit, found, &accounts.config)?;
    pool.invariant(vaults)?;
    let minted = opening.finish(&pool, accounts.receiver()?)?;

    // Event
    emit_cpi!(pool.created(accounts.pool.key(), minted));
    Ok(())
}

impl<'info> CreateCanonicalPool<'info> {
    #[inline(never)]
    fn opening(&self, bumps: &CreateCanonicalPoolBumps) -> Result<Opening<'_, 'info>> {
        Ok(Opening {
            payer: &self.payer,
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
                token_program: self.token_program.as_ref(),
                terms: read_pool_mint(&self.quote_mint, self.token_program.key)?,
                vault_bump: bumps.quote_vault,
            },
            lp_mint_bump: bumps.lp_mint,
        })
    }

    fn pay(&self, side: &NewSide<'_, 'info>, amount: u64) -> Result<()> {
        let (program, mint) = (side.token_program.key, side.mint.key);
        read_account_of(&self.curve_base, program, mint, self.curve.key)?;
        TransferChecked {
            token_program: side.token_program,
            from: &self.curve_base,
            mint: side.mint,
            to: side.vault,
            authority: &self.curve,
            decimals: side.terms.view.decimals,
        }
        .invoke(amount, &[])
    }

    /// Both accounts of the receiver, or neither.
    fn receiver(&self) -> Result<Option<Receiver<'_, 'info>>> {
        match (&self.lp_owner, &self.lp_account) {
            (None, None) => Ok(None),
            (Some(owner), Some(account)) => Ok(Some(Receiver {
                owner,
                account,
                system_program: &self.system_program,
                token_program: &self.token_program,
            })),
            _ => err!(ErrorCode::ConstraintAccountIsNone),
        }
    }
}
