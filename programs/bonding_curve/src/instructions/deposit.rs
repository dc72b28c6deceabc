use {
    crate::{
        constants::*,
        error::CurveError,
        events::BatchDeposited,
        state::{Batch, Config, Deposit},
    },
    anchor_lang::prelude::*,
    launchpad_common::{
        account::{data_of, data_of_mut},
        creation::NewAccount,
        lamports,
    },
};

#[event_cpi]
#[derive(Accounts)]
pub struct MakeDeposit<'info> {
    #[account(mut)]
    pub depositor: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    #[account(mut, seeds = [BATCH_SEED, batch.mint.as_ref()], bump = batch.bump)]
    pub batch: Box<Account<'info, Batch>>,
    /// CHECK: created or added to here, at its own address.
    #[account(
        mut,
        seeds = [DEPOSIT_SEED, batch.mint.as_ref(), depositor.key().as_ref()],
        bump
    )]
    pub deposit: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_deposit(ctx: Context<MakeDeposit>, amount: u64) -> Result<()> {
    // Check
    let timestamp = Clock::get()?.unix_timestamp;
    require!(!ctx.accounts.config.paused, CurveError::Paused);
    ctx.accounts.batch.require_taking(timestamp)?;
    require!(amount > 0, CurveError::ZeroAmount);

    // Effect
    let mut receipt = ctx.accounts.receipt(ctx.bumps.deposit)?;
    ctx.accounts.batch.put_in(&mut receipt, amount)?;
    ctx.accounts.store(&receipt)?;

    // Interaction
    let batch = &ctx.accounts.batch;
    let info = batch.to_account_info();
    lamports::transfer(&ctx.accounts.depositor, &info, amount)?;
    batch.invariant(info.lamports())?;

    // Event
    emit_cpi!(BatchDeposited {
        mint: batch.mint,
        batch: info.key(),
        depositor: receipt.wallet,
        amount,
        deposited: receipt.amount,
        deposits: batch.deposits,
        timestamp,
    });
    Ok(())
}

impl MakeDeposit<'_> {
    /// The wallet's receipt, made empty where there is none yet.
    fn receipt(&self, bump: u8) -> Result<Deposit> {
        if self.deposit.owner == &crate::ID {
            let data = data_of::<Deposit>(&self.deposit, &crate::ID)?;
            return Deposit::try_deserialize(&mut &data[..]);
        }
        let fresh = Deposit::new(self.batch.mint, self.depositor.key(), bump);
        let seeds: &[&[u8]] =
            &[DEPOSIT_SEED, fresh.mint.as_ref(), fresh.wallet.as_ref(), &[fresh.bump]];
        NewAccount::rent_exempt(&self.depositor, &self.deposit, &crate::ID, Deposit::SPACE)?
            .create_with(&fresh, &[seeds])?;
        Ok(fresh)
    }

    fn store(&self, receipt: &Deposit) -> Result<()> {
        receipt.invariant()?;
        let mut data = data_of_mut::<Deposit>(&self.deposit, &crate::ID)?;
        receipt.try_serialize(&mut &mut data[..])
    }
}
