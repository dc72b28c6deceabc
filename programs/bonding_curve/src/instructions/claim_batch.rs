use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::BatchClaimed,
        state::{Batch, Curve, CurveBytes, Deposit},
    },
    anchor_lang::prelude::*,
    anchor_spl::associated_token::AssociatedToken,
    launchpad_common::{account::data_of, associated::CreateAssociated, token::TransferChecked},
};

#[event_cpi]
#[derive(Accounts)]
pub struct ClaimBatch<'info> {
    /// Anybody; pays for the depositor's token account where there is none.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// Gets the tokens, the refund and the receipt's rent.
    /// CHECK: the receipt lies at its address.
    #[account(mut)]
    pub depositor: UncheckedAccount<'info>,
    #[account(mut, seeds = [BATCH_SEED, batch.mint.as_ref()], bump = batch.bump)]
    pub batch: Box<Account<'info, Batch>>,
    #[account(
        mut,
        seeds = [DEPOSIT_SEED, batch.mint.as_ref(), depositor.key().as_ref()],
        bump = deposit.bump,
        close = depositor
    )]
    pub deposit: Box<Account<'info, Deposit>>,
    /// Holds the tokens.
    /// CHECK: owner, discriminator and mint, in [`ClaimBatch::vault`].
    pub curve: UncheckedAccount<'info>,
    /// CHECK: compared with the batch's.
    #[account(address = batch.mint @ CurveError::InvalidMint)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: compared with the curve's.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: the associated token program accepts no other address.
    #[account(mut)]
    pub depositor_base: UncheckedAccount<'info>,
    /// CHECK: compared with the curve's.
    pub token_program: UncheckedAccount<'info>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

/// What a curve needs to hand out tokens.
struct Vault {
    bump: u8,
    decimals: u8,
}

pub fn handle_claim_batch(ctx: Context<ClaimBatch>) -> Result<()> {
    // Check
    ctx.accounts.batch.require_settled()?;
    let vault = ctx.accounts.vault()?;

    // Effect
    let deposited = ctx.accounts.deposit.amount;
    let (base_amount, refund) = ctx.accounts.batch.claim(deposited)?;

    // Interaction
    if base_amount > 0 {
        ctx.accounts.deliver(&vault, base_amount)?;
    }
    let batch = &ctx.accounts.batch;
    let info = batch.to_account_info();
    pay_out(&info, &ctx.accounts.depositor, refund)?;
    batch.invariant(info.lamports())?;

    // Event
    emit_cpi!(BatchClaimed {
        mint: batch.mint,
        batch: info.key(),
        depositor: ctx.accounts.deposit.wallet,
        deposited,
        base_amount,
        refund,
        deposits_left: batch.deposits,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl ClaimBatch<'_> {
    /// Checks that curve, vault and token program are those of the batch.
    fn vault(&self) -> Result<Vault> {
        let data = data_of::<Curve>(&self.curve, &crate::ID)?;
        let curve = CurveBytes::new(&data);
        require!(curve.is_current(), CurveError::InvariantViolated);
        require!(curve.has_mint(&self.batch.mint), CurveError::InvalidMint);
        require!(curve.has_base_vault(self.base_vault.key), ErrorCode::ConstraintAddress);
        require!(curve.has_token_program(self.token_program.key), ErrorCode::InvalidProgramId);
        Ok(Vault { bump: curve.bump()?, decimals: curve.ledger()?.decimals })
    }

    fn deliver(&self, vault: &Vault, amount: u64) -> Result<()> {
        CreateAssociated {
            payer: &self.payer,
            account: &self.depositor_base,
            owner: &self.depositor,
            mint: &self.mint,
            system_program: &self.system_program,
            token_program: &self.token_program,
        }
        .invoke()?;
        let seeds: &[&[u8]] = &[CURVE_SEED, self.mint.key.as_ref(), &[vault.bump]];
        TransferChecked {
            token_program: &self.token_program,
            from: &self.base_vault,
            mint: &self.mint,
            to: &self.depositor_base,
            authority: &self.curve,
            decimals: vault.decimals,
        }
        .invoke(amount, &[seeds])
    }
}
