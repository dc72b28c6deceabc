use {
    crate::{
        constants::*,
        error::LauncherError,
        events::TokensMinted,
        state::{LaunchRecord, SupplyKind},
        token::instructions,
    },
    anchor_lang::{prelude::*, solana_program::program::invoke_signed},
    anchor_spl::token_interface::TokenInterface,
    bonding_curve::state::{Curve, CurveBytes, CurveStatus},
    launchpad_common::{account::data_of, token::read_mint, SafeMath},
};

#[event_cpi]
#[derive(Accounts)]
pub struct MintTokens<'info> {
    /// The mint authority that the record names.
    pub authority: Signer<'info>,
    #[account(
        mut,
        seeds = [LAUNCH_SEED, mint.key().as_ref()],
        bump = launch_record.bump,
        has_one = mint
    )]
    pub launch_record: Box<Account<'info, LaunchRecord>>,
    /// CHECK: the record names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: address here, owner and discriminator in [`MintTokens::has_graduated`].
    #[account(
        seeds = [bonding_curve::CURVE_SEED, mint.key().as_ref()],
        seeds::program = bonding_curve::ID,
        bump
    )]
    pub curve: UncheckedAccount<'info>,
    /// CHECK: the token program checks that it belongs to the mint. Anybody may receive.
    #[account(mut)]
    pub recipient_base: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
}

pub fn handle_mint_tokens(ctx: Context<MintTokens>, amount: u64) -> Result<()> {
    // Check
    let record = &ctx.accounts.launch_record;
    require!(record.supply_mode == SupplyKind::Mintable, LauncherError::SupplyFixed);
    let authority = ctx.accounts.authority.key();
    require_keys_eq!(authority, record.mint_authority, LauncherError::InvalidAuthority);
    require!(amount > 0, LauncherError::ZeroAmount);
    require!(ctx.accounts.has_graduated()?, LauncherError::NotGraduated);
    let room = record.mint_cap.saturating_sub(record.created()?);
    require!(amount <= room, LauncherError::CapExceeded);

    // Effect
    let record = &mut ctx.accounts.launch_record;
    record.minted = record.minted.safe_add(amount).map_err(LauncherError::from)?;
    let (mint, minted) = (record.mint, record.minted);

    // Interaction
    ctx.accounts.mint(amount)?;
    ctx.accounts.check_outcome()?;

    // Event
    let timestamp = Clock::get()?.unix_timestamp;
    emit_cpi!(TokensMinted { mint, authority, amount, minted, timestamp });
    Ok(())
}

impl MintTokens<'_> {
    /// While the curve trades, new tokens could be sold into the buyers' own money.
    fn has_graduated(&self) -> Result<bool> {
        let data = data_of::<Curve>(&self.curve, &bonding_curve::ID)?;
        Ok(CurveBytes::new(&data).ledger()?.status == CurveStatus::Graduated)
    }

    fn mint(&self, amount: u64) -> Result<()> {
        let record = &self.launch_record;
        let to = self.recipient_base.key;
        let mint = instructions::mint_to(
            self.token_program.key,
            self.mint.key,
            to,
            &record.key(),
            amount,
            record.decimals,
        );
        let infos = [
            self.mint.to_account_info(),
            self.recipient_base.to_account_info(),
            record.to_account_info(),
        ];
        record.sign(|seeds| Ok(invoke_signed(&mint, &infos, seeds)?))
    }

    fn check_outcome(&self) -> Result<()> {
        let mint = read_mint(&self.mint, self.token_program.key)?;
        self.launch_record.invariant(&self.launch_record.key(), &mint)
    }
}
