use {
    super::{
        close_token_account::CloseAccount,
        trade_rules::{mint_with_rules, rules_of, OwnPosition},
    },
    crate::{constants::*, error::CurveError, events::PositionClosed, state::Position},
    anchor_lang::prelude::*,
    anchor_spl::token_interface::TokenInterface,
    launchpad_common::token::{read_account_of, read_mint, require_account_of, TransferChecked},
};

#[event_cpi]
#[derive(Accounts)]
pub struct ClosePosition<'info> {
    /// Gets the rent.
    #[account(mut)]
    pub wallet: Signer<'info>,
    /// CHECK: owner and discriminator, in [`mint_with_rules`].
    pub curve: UncheckedAccount<'info>,
    #[account(mut, close = wallet)]
    pub position: Box<Account<'info, Position>>,
    /// With a pledge, as all that follow.
    /// CHECK: compared with the curve's.
    pub terms: Option<UncheckedAccount<'info>>,
    /// CHECK: compared with the terms'.
    pub community_mint: Option<UncheckedAccount<'info>>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub wallet_account: Option<UncheckedAccount<'info>>,
    /// CHECK: program, mint and owner; holds the pledge.
    #[account(mut)]
    pub escrow: Option<UncheckedAccount<'info>>,
    pub token_program: Option<Interface<'info, TokenInterface>>,
}

pub fn handle_close_position(ctx: Context<ClosePosition>) -> Result<()> {
    // Check
    let now = Clock::get()?.unix_timestamp;
    let (mint, holds) = mint_with_rules(&ctx.accounts.curve, now)?;
    let position = &ctx.accounts.position;
    position.require_of(&mint, ctx.accounts.wallet.key)?;
    require!(!holds, CurveError::RulesStillHold);

    // Interaction
    if position.pledged > 0 {
        ctx.accounts.return_pledge()?;
    }

    // Event
    let (wallet, bought) = (position.wallet, position.bought);
    emit_cpi!(PositionClosed { mint, wallet, bought, timestamp: now });
    Ok(())
}

impl<'info> ClosePosition<'info> {
    /// Everything in the escrow, and its rent.
    fn return_pledge(&self) -> Result<()> {
        let terms = named(&self.terms)?;
        let (mint, target) = (named(&self.community_mint)?, named(&self.wallet_account)?);
        let (escrow, program) = (named(&self.escrow)?, named(&self.token_program)?);
        let (_, rules) = rules_of(&self.curve, terms)?;
        let tier = rules.holders.ok_or(CurveError::NoSuchTier)?;
        require_keys_eq!(mint.key(), tier.mint, ErrorCode::ConstraintAddress);
        let position: &AccountInfo<'info> = self.position.as_ref().as_ref();
        let held = read_account_of(escrow, program.key, mint.key, position.key)?.amount;
        // Anybody can make another account of the same owner: the pledge lies in the one that holds it.
        require!(held >= self.position.pledged, CurveError::PledgeShort);
        require_account_of(target, program.key, mint.key, self.wallet.key)?;
        let decimals = read_mint(mint, program.key)?.decimals;
        let (sale, wallet) = (self.position.mint, self.position.wallet);
        let seeds: &[&[u8]] =
            &[POSITION_SEED, sale.as_ref(), wallet.as_ref(), &[self.position.bump]];
        let token_program: &AccountInfo<'info> = program.as_ref();
        let transfer = TransferChecked {
            token_program,
            from: escrow,
            mint,
            to: target,
            authority: position,
            decimals,
        };
        transfer.invoke(held, &[seeds])?;
        let close = CloseAccount {
            token_program,
            account: escrow,
            recipient: &self.wallet,
            authority: position,
        };
        close.invoke(&[seeds])
    }
}

fn named<T>(account: &Option<T>) -> Result<&T> {
    Ok(account.as_ref().ok_or(CurveError::PledgeAccountsMissing)?)
}
