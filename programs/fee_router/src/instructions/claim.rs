use {
    super::income::{pay_out, Teller},
    crate::{error::RouterError, events::SharePaid, state::Router},
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

#[event_cpi]
#[derive(Accounts)]
pub struct Claim<'info> {
    #[account(mut)]
    pub router: Box<Account<'info, Router>>,
    /// Is paid; need not sign.
    /// CHECK: compared with the router's entries.
    #[account(mut)]
    pub recipient: UncheckedAccount<'info>,
}

pub fn handle_claim(ctx: Context<Claim>) -> Result<()> {
    let accounts = &mut *ctx.accounts;
    let teller = Teller { authority: &accounts.event_authority };

    // Effect
    teller.notice(&mut accounts.router)?;
    let amount = settle(&mut accounts.router, accounts.recipient.key)?;
    pay(&mut accounts.router, &accounts.recipient, amount)?;

    // Event
    let router = &ctx.accounts.router;
    emit_cpi!(SharePaid {
        router: router.key(),
        recipient: ctx.accounts.recipient.key(),
        amount,
        paid: router.paid,
        income: router.income,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

/// Takes all that a wallet is owed off the router's books; returns it.
fn settle(router: &mut Account<Router>, wallet: &Pubkey) -> Result<u64> {
    let info = router.to_account_info();
    let mut data = info.try_borrow_mut_data()?;
    let at = router.find(&data, wallet)?;
    let mut entry = Router::entry(&data, at)?;
    entry.settle(router.income)?;
    let amount = core::mem::take(&mut entry.owed);
    require!(amount > 0, RouterError::NothingToClaim);
    Router::put_entry(&mut data, at, &entry)?;
    if entry.has_left() {
        router.forget(&mut data, at)?;
    }
    Ok(amount)
}

/// The runtime refuses an account with less than its rent, without saying so.
fn pay(router: &mut Account<Router>, recipient: &AccountInfo, amount: u64) -> Result<()> {
    let least = Rent::get()?.minimum_balance(recipient.data_len());
    let after = recipient.lamports().safe_add(amount).map_err(RouterError::from)?;
    require!(after >= least, RouterError::BelowRent);
    router.paid = router.paid.safe_add(amount).map_err(RouterError::from)?;
    let info = router.to_account_info();
    pay_out(&info, recipient, amount)?;
    router.invariant(info.lamports())
}
