use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::BatchWithdrawn,
        state::{Batch, Deposit},
    },
    anchor_lang::{prelude::*, AccountsClose},
};

#[event_cpi]
#[derive(Accounts)]
pub struct WithdrawDeposit<'info> {
    #[account(mut)]
    pub depositor: Signer<'info>,
    #[account(mut, seeds = [BATCH_SEED, batch.mint.as_ref()], bump = batch.bump)]
    pub batch: Box<Account<'info, Batch>>,
    #[account(
        mut,
        seeds = [DEPOSIT_SEED, batch.mint.as_ref(), depositor.key().as_ref()],
        bump = deposit.bump
    )]
    pub deposit: Box<Account<'info, Deposit>>,
}

pub fn handle_withdraw_deposit(ctx: Context<WithdrawDeposit>, amount: u64) -> Result<()> {
    // Check
    let timestamp = Clock::get()?.unix_timestamp;
    let (batch, receipt) = (&mut ctx.accounts.batch, &mut ctx.accounts.deposit);
    batch.require_giving_back(timestamp)?;
    require!(amount > 0, CurveError::ZeroAmount);
    let amount = amount.min(receipt.amount);

    // Effect
    batch.take_back(receipt, amount)?;
    let info = batch.to_account_info();
    pay_out(&info, &ctx.accounts.depositor, amount)?;
    batch.invariant(info.lamports())?;

    // Event
    emit_cpi!(BatchWithdrawn {
        mint: batch.mint,
        batch: info.key(),
        depositor: receipt.wallet,
        amount,
        deposited: receipt.amount,
        deposits: batch.deposits,
        timestamp,
    });
    match receipt.amount {
        0 => ctx.accounts.deposit.close(ctx.accounts.depositor.to_account_info()),
        _ => Ok(receipt.invariant()?),
    }
}
