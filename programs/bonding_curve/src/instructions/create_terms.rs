use {
    crate::{
        constants::*,
        events::TermsCreated,
        state::{SaleTerms, Terms},
    },
    anchor_lang::prelude::*,
    launchpad_common::creation::NewAccount,
    solana_sha256_hasher::hash,
};

#[event_cpi]
#[derive(Accounts)]
pub struct CreateTerms<'info> {
    /// Pays the rent; anybody.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: created here, at the address of its content.
    #[account(mut)]
    pub terms: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_terms(ctx: Context<CreateTerms>, sale: SaleTerms) -> Result<()> {
    // Check
    let (payer, target) = (&ctx.accounts.payer, &ctx.accounts.terms);
    let content = sale.to_bytes()?;
    let hash = hash(&content).to_bytes();
    let (address, bump) = Pubkey::find_program_address(&[TERMS_SEED, &hash], &crate::ID);
    require_keys_eq!(target.key(), address, ErrorCode::ConstraintSeeds);
    // Two launches of one moment may both find the terms missing: the second has nothing left to do.
    if !target.data_is_empty() {
        return Ok(());
    }
    let terms = Terms::new(sale, bump)?;

    // Effect
    NewAccount::rent_exempt(payer, target, &crate::ID, Terms::space(content.len()))?
        .create_with(&terms, &[&[TERMS_SEED, &hash, &[bump]]])?;

    // Event
    let timestamp = Clock::get()?.unix_timestamp;
    emit_cpi!(TermsCreated { terms: address, sale, timestamp });
    Ok(())
}
