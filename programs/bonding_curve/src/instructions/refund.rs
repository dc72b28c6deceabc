use {
    super::lamports::pay_out,
    crate::{
        constants::*,
        error::CurveError,
        events::Refunded,
        math,
        state::{Curve, CurveStatus},
    },
    anchor_lang::prelude::*,
    launchpad_common::{
        token::{require_account_of, TransferChecked},
        SafeMath,
    },
};

#[event_cpi]
#[derive(Accounts)]
pub struct Refund<'info> {
    #[account(mut)]
    pub holder: Signer<'info>,
    #[account(
        mut,
        seeds = [CURVE_SEED, curve.mint.as_ref()],
        bump = curve.bump,
        has_one = mint @ CurveError::InvalidMint,
        has_one = base_vault,
        has_one = token_program
    )]
    pub curve: Box<Account<'info, Curve>>,
    /// CHECK: the curve names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the curve names it.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// CHECK: program, mint and owner.
    #[account(mut)]
    pub holder_base: UncheckedAccount<'info>,
    /// CHECK: the curve names it.
    pub token_program: UncheckedAccount<'info>,
}

pub fn handle_refund(ctx: Context<Refund>, base_in: u64) -> Result<()> {
    // Check
    let curve = &ctx.accounts.curve;
    require!(curve.status == CurveStatus::Refunding, CurveError::NotRefunding);
    ctx.accounts.require_own_account()?;
    let amount = math::refund(curve.quote_reserve, curve.sold, base_in)?;

    // Effect
    let curve = &mut ctx.accounts.curve;
    curve.sold = curve.sold.safe_sub(base_in).map_err(CurveError::from)?;
    curve.quote_reserve = curve.quote_reserve.safe_sub(amount).map_err(CurveError::from)?;

    // Interaction
    ctx.accounts.take_base(base_in)?;
    let curve = &ctx.accounts.curve;
    let info = curve.to_account_info();
    pay_out(&info, &ctx.accounts.holder, amount)?;
    curve.invariant(info.lamports())?;

    // Event
    emit_cpi!(Refunded {
        mint: curve.mint,
        curve: info.key(),
        holder: ctx.accounts.holder.key(),
        base_amount: base_in,
        quote_amount: amount,
        sold: curve.sold,
        quote_reserve: curve.quote_reserve,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl Refund<'_> {
    fn require_own_account(&self) -> Result<()> {
        require!(!self.holder_base.data_is_empty(), CurveError::MissingTokenAccount);
        let program = self.token_program.key;
        require_account_of(&self.holder_base, program, self.mint.key, self.holder.key)
    }

    fn take_base(&self, amount: u64) -> Result<()> {
        TransferChecked {
            token_program: &self.token_program,
            from: &self.holder_base,
            mint: &self.mint,
            to: &self.base_vault,
            authority: &self.holder,
            decimals: self.curve.decimals,
        }
        .invoke(amount, &[])
    }
}
