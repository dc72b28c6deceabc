use {
    crate::{
        constants::*,
        events::ShapeCreated,
        state::{Segment, Shape},
    },
    anchor_lang::prelude::*,
    launchpad_common::creation::NewAccount,
};

#[event_cpi]
#[derive(Accounts)]
pub struct CreateShape<'info> {
    /// Pays the rent; anybody.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// CHECK: created here, at the address of its content.
    #[account(mut)]
    pub shape: UncheckedAccount<'info>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_shape(ctx: Context<CreateShape>, segments: Vec<Segment>) -> Result<()> {
    // Check
    let (payer, target) = (&ctx.accounts.payer, &ctx.accounts.shape);
    let hash = Shape::hash_of(&segments)?;
    let (address, bump) = Pubkey::find_program_address(&[SHAPE_SEED, &hash], &crate::ID);
    require_keys_eq!(target.key(), address, ErrorCode::ConstraintSeeds);
    // Two launches of one moment may both find the shape missing: the second has nothing left to do.
    if !target.data_is_empty() {
        return Ok(());
    }
    let shape = Shape::new(segments, bump)?;

    // Effect
    NewAccount::rent_exempt(payer, target, &crate::ID, Shape::space(shape.segments.len()))?
        .create_with(&shape, &[&[SHAPE_SEED, &hash, &[bump]]])?;

    // Event
    emit_cpi!(ShapeCreated {
        shape: address,
        sale_supply: shape.sale_supply,
        raise_target: shape.raise_target,
        segments: shape.segments,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}
