use {
    crate::state::Schedule,
    anchor_lang::prelude::*,
    launchpad_common::token::{read_account, read_mint, require_account_of, TransferChecked},
};

/// A payment out of a schedule's escrow, signed by the schedule.
pub struct Payout<'a, 'info> {
    pub schedule: &'a Account<'info, Schedule>,
    pub escrow: &'a AccountInfo<'info>,
    pub mint: &'a AccountInfo<'info>,
    pub token_program: &'a AccountInfo<'info>,
    /// Must belong to `owner`.
    pub to: &'a AccountInfo<'info>,
    pub owner: &'a Pubkey,
}

impl Payout<'_, '_> {
    /// Pays `amount` base units, then checks that the escrow still covers what the schedule owes.
    #[inline(never)]
    pub fn pay(&self, amount: u64) -> Result<()> {
        let (token_program, mint) = (self.token_program.key, self.mint.key);
        let decimals = read_mint(self.mint, token_program)?.decimals;
        require_account_of(self.to, token_program, mint, self.owner)?;
        let transfer = TransferChecked {
            token_program: self.token_program,
            from: self.escrow,
            mint: self.mint,
            to: self.to,
            authority: self.schedule.as_ref(),
            decimals,
        };
        self.schedule.sign(|seeds| transfer.invoke(amount, seeds))?;
        self.schedule.invariant(read_account(self.escrow, token_program)?.amount)
    }
}
