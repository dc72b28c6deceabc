use {
    super::Segment,
    crate::{
        constants::*,
        error::{Checked, CurveError},
        math,
    },
    anchor_lang::prelude::*,
    solana_sha256_hasher::hash,
};

/// Segments that any number of curves can be opened from; PDA `["shape", hash]` with
/// the SHA-256 of the segments as Borsh. Its address is its content, so it is
/// written once, by anybody, and never changes.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Shape {
    pub version: u8,
    pub bump: u8,
    /// Base units that the segments sell.
    pub sale_supply: u64,
    /// Lamports that they raise.
    pub raise_target: u64,
    #[max_len(MAX_SEGMENTS)]
    pub segments: Vec<Segment>,
}

/// Where the segments of a new curve come from.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug, PartialEq, Eq)]
pub enum CurveSource {
    /// 1 to 32 stretches, at prices that never fall.
    Inline { segments: Vec<Segment> },
    /// The shape account of the instruction: for curves too long for a transaction.
    Shape,
}

impl Shape {
    /// Accepts what [`math::validate`] accepts.
    pub fn new(segments: Vec<Segment>, bump: u8) -> Checked<Self> {
        let sale_supply =
            math::base_for_sale(&segments).map_err(|_| CurveError::InvalidSegments)?;
        let raise_target = math::validate(&segments, sale_supply)?;
        Ok(Shape { version: ACCOUNT_VERSION, bump, sale_supply, raise_target, segments })
    }

    /// Bytes of an account with `segments` segments, discriminator included.
    pub fn space(segments: usize) -> usize {
        let unused = usize::from(MAX_SEGMENTS).saturating_sub(segments);
        const LARGEST: usize = Shape::DISCRIMINATOR.len() + Shape::INIT_SPACE;
        LARGEST.saturating_sub(unused.saturating_mul(Segment::INIT_SPACE))
    }

    /// The hash in the address of these segments' shape.
    pub fn hash_of(segments: &[Segment]) -> Result<[u8; 32]> {
        let mut bytes = Vec::with_capacity(Self::space(segments.len()));
        segments.serialize(&mut bytes)?;
        Ok(hash(&bytes).to_bytes())
    }

    /// Where an account with this content lies.
    pub fn address(&self) -> Result<Pubkey> {
        let seeds: &[&[u8]] = &[SHAPE_SEED, &Self::hash_of(&self.segments)?, &[self.bump]];
        Ok(Pubkey::create_program_address(seeds, &crate::ID)
            .map_err(|_| ErrorCode::ConstraintSeeds)?)
    }
}
