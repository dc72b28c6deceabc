use {
    super::{income::Teller, resize::grow},
    crate::{
        error::RouterError,
        events::SharesApplied,
        state::{Proposal, Router, Table},
    },
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ApplyShares<'info> {
    /// Anybody. Pays the rent of entries for which there is no room yet.
    #[account(mut)]
    pub payer: Signer<'info>,
    #[account(mut)]
    pub router: Box<Account<'info, Router>>,
    /// Authentic by owner and discriminator: this program creates each at its own address only.
    #[account(
        mut,
        close = rent_payer,
        has_one = router,
        has_one = rent_payer @ RouterError::WrongRentPayer
    )]
    pub proposal: Box<Account<'info, Proposal>>,
    /// CHECK: the proposal names it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_apply_shares(ctx: Context<ApplyShares>) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;
    let accounts = &mut *ctx.accounts;
    let teller = Teller { authority: &accounts.event_authority };

    // Check
    accounts.router.require_open()?;
    accounts.proposal.require_effective(now)?;

    // Effect
    teller.notice(&mut accounts.router)?;
    let first = !accounts.router.is_active();
    let table = accounts.next_table()?;
    accounts.make_room(table.0.len())?;
    accounts.put(&table, now)?;

    // Event: too long for the heap in two copies
    Teller { authority: &accounts.event_authority }.tell(&SharesApplied {
        router: accounts.router.key(),
        shares: core::mem::take(&mut accounts.proposal.portions),
        first,
        income: accounts.router.income,
        timestamp: now,
    })
}

impl ApplyShares<'_> {
    fn next_table(&self) -> Result<Table> {
        let info = self.router.to_account_info();
        let mut table = Table::read(&self.router, &info.try_borrow_data()?)?;
        table.replace(&self.proposal.portions, self.router.income)?;
        Ok(table)
    }

    /// The rent that is added is nobody's income.
    fn make_room(&mut self, entries: usize) -> Result<()> {
        let (info, deposit) = (self.router.to_account_info(), self.router.deposit);
        let added = grow(&info, Router::space(entries)?, deposit, &self.payer)?;
        self.router.deposit = deposit.safe_add(added).map_err(RouterError::from)?;
        Ok(())
    }

    fn put(&mut self, table: &Table, now: i64) -> Result<()> {
        let info = self.router.to_account_info();
        let router = &mut self.router;
        table.write(&mut info.try_borrow_mut_data()?)?;
        router.entries = u16::try_from(table.0.len()).map_err(|_| RouterError::Overflow)?;
        let recipients = self.proposal.portions.len();
        router.recipients = u16::try_from(recipients).map_err(|_| RouterError::Overflow)?;
        router.applied_at = now;
        table.invariant(router)?;
        router.invariant(info.lamports())
    }
}
