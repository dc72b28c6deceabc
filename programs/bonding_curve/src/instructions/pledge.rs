use {
    super::trade_rules::{rules_of, OwnPosition},
    crate::{
        constants::*,
        error::CurveError,
        events::{Admitted, Tier},
        state::Position,
    },
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token_interface::TokenInterface},
    launchpad_common::{
        associated::CreateAssociated,
        token::{forbidden_extension, read_account, read_account_of, read_mint, TransferChecked},
        SafeMath,
    },
};

#[event_cpi]
#[derive(Accounts)]
pub struct Pledge<'info> {
    #[account(mut)]
    pub wallet: Signer<'info>,
    /// CHECK: owner and discriminator, in [`rules_of`].
    pub curve: UncheckedAccount<'info>,
    /// CHECK: compared with the curve's.
    pub terms: UncheckedAccount<'info>,
    #[account(mut)]
    pub position: Box<Account<'info, Position>>,
    /// CHECK: compared with the terms'.
    pub community_mint: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub wallet_account: UncheckedAccount<'info>,
    /// Anybody may have created it already.
    /// CHECK: the associated token program accepts no other address.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

pub fn handle_pledge(ctx: Context<Pledge>) -> Result<()> {
    // Check
    let (mint, rules) = rules_of(&ctx.accounts.curve, &ctx.accounts.terms)?;
    let wallet = ctx.accounts.wallet.key();
    ctx.accounts.position.require_of(&mint, &wallet)?;
    require!(ctx.accounts.position.pledged == 0, CurveError::AlreadyPledged);
    let tier = rules.holders.ok_or(CurveError::NoSuchTier)?;
    let decimals = ctx.accounts.pledgeable(&tier.mint)?;
    ctx.accounts.require_holds(tier.minimum)?;

    // Effect
    ctx.accounts.position.pledged = tier.minimum;
    ctx.accounts.position.invariant()?;

    // Interaction
    ctx.accounts.create_escrow()?;
    let before = ctx.accounts.held()?;
    ctx.accounts.take(tier.minimum, decimals)?;
    let received = ctx.accounts.held()?.safe_sub(before).map_err(CurveError::from)?;
    require!(received == tier.minimum, CurveError::PledgeShort);

    // Event
    let timestamp = Clock::get()?.unix_timestamp;
    emit_cpi!(Admitted { mint, wallet, tier: Tier::Holders, timestamp });
    Ok(())
}

impl Pledge<'_> {
    /// The decimals of the community's mint, whose tokens come back as they went in.
    fn pledgeable(&self, mint: &Pubkey) -> Result<u8> {
        require_keys_eq!(self.community_mint.key(), *mint, ErrorCode::ConstraintAddress);
        let view = read_mint(&self.community_mint, self.token_program.key)?;
        let forbidden = forbidden_extension(&self.community_mint, &PLEDGE_MINT_EXTENSIONS)?;
        require!(forbidden.is_none(), CurveError::PledgeRefused);
        Ok(view.decimals)
    }

    fn require_holds(&self, minimum: u64) -> Result<()> {
        let (program, mint) = (self.token_program.key, self.community_mint.key);
        require!(!self.wallet_account.data_is_empty(), CurveError::PledgeShort);
        let view = read_account_of(&self.wallet_account, program, mint, self.wallet.key)?;
        require!(view.amount >= minimum, CurveError::PledgeShort);
        Ok(())
    }

    fn create_escrow(&self) -> Result<()> {
        CreateAssociated {
            payer: &self.wallet,
            account: &self.escrow,
            owner: self.position.as_ref().as_ref(),
            mint: &self.community_mint,
            system_program: &self.system_program,
            token_program: self.token_program.as_ref(),
        }
        .invoke()
    }

    fn take(&self, amount: u64, decimals: u8) -> Result<()> {
        TransferChecked {
            token_program: self.token_program.as_ref(),
            from: &self.wallet_account,
            mint: &self.community_mint,
            to: &self.escrow,
            authority: &self.wallet,
            decimals,
        }
        .invoke(amount, &[])
    }

    fn held(&self) -> Result<u64> {
        Ok(read_account(&self.escrow, self.token_program.key)?.amount)
    }
}
