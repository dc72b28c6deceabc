use {
    super::trade_rules::{rules_of, OwnPosition},
    crate::{
        constants::*,
        error::CurveError,
        events::{Admitted, Tier},
        state::{is_listed, Position},
    },
    anchor_lang::prelude::*,
};

#[event_cpi]
#[derive(Accounts)]
pub struct ProveAllowlisted<'info> {
    /// CHECK: owner and discriminator, in [`rules_of`].
    pub curve: UncheckedAccount<'info>,
    /// CHECK: compared with the curve's.
    pub terms: UncheckedAccount<'info>,
    /// The wallet's, whoever proves for it.
    #[account(mut)]
    pub position: Box<Account<'info, Position>>,
}

pub fn handle_prove_allowlisted(
    ctx: Context<ProveAllowlisted>,
    proof: Vec<[u8; 32]>,
) -> Result<()> {
    // Check
    let (mint, rules) = rules_of(&ctx.accounts.curve, &ctx.accounts.terms)?;
    let position = &mut ctx.accounts.position;
    position.require_of_sale(&mint)?;
    let tier = rules.allowlist.ok_or(CurveError::NoSuchTier)?;
    require!(proof.len() <= usize::from(MAX_PROOF_NODES), CurveError::InvalidProof);
    require!(is_listed(&tier.root, &position.wallet, &proof), CurveError::InvalidProof);
    // Anybody may have proved it in the moment before: that must stop nobody's buy.
    if position.allowlisted {
        return Ok(());
    }

    // Effect
    position.allowlisted = true;
    position.invariant()?;

    // Event
    let (wallet, timestamp) = (position.wallet, Clock::get()?.unix_timestamp);
    emit_cpi!(Admitted { mint, wallet, tier: Tier::Allowlist, timestamp });
    Ok(())
}
