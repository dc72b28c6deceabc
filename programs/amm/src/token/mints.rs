use {
    crate::{constants::*, error::AmmError},
    anchor_lang::prelude::*,
    anchor_spl::{token, token_2022},
    launchpad_common::token::{
        forbidden_extension, is_token_program, read_mint, MintView, HARMLESS_MINT_EXTENSIONS,
    },
};

/// SOL as a token; always the quote side.
pub const WRAPPED_SOL: Pubkey = token::spl_token::native_mint::ID;

/// A mint that a pool accepts.
#[derive(Clone, Copy, Debug)]
pub struct PoolMint {
    pub view: MintView,
    /// Whether its program keeps back a part of each transfer.
    pub taxed: bool,
}

/// Reads a mint and refuses those whose tokens somebody could stop, take or hide in a vault.
///
/// # Errors
/// `IncorrectProgramId` for a token program that is none, those of [`read_mint`],
/// `ForbiddenExtension`, `InvalidMint` for Token-2022's own wrapped SOL.
pub fn read_pool_mint(mint: &AccountInfo, token_program: &Pubkey) -> Result<PoolMint> {
    require!(is_token_program(token_program), ErrorCode::InvalidProgramId);
    let view = read_mint(mint, token_program)?;
    let foreign_sol = mint.key == &token_2022::spl_token_2022::native_mint::ID;
    require!(!foreign_sol, AmmError::InvalidMint);
    let forbidden = forbidden_extension(mint, &POOL_MINT_EXTENSIONS)?;
    require!(forbidden.is_none(), AmmError::ForbiddenExtension);
    let taxed = forbidden_extension(mint, &HARMLESS_MINT_EXTENSIONS)?.is_some();
    Ok(PoolMint { view, taxed })
}

/// Two different mints, SOL never as the base.
pub fn require_pair(base: &Pubkey, quote: &Pubkey) -> Result<()> {
    require!(base != quote && base != &WRAPPED_SOL, AmmError::InvalidMint);
    Ok(())
}

/// All tokens in existence, of a mint that was checked before.
pub fn supply_of(mint: &AccountInfo) -> Result<u64> {
    u64_at(mint, 36)
}

/// What a token account holds that was checked before.
pub fn amount_of(account: &AccountInfo) -> Result<u64> {
    u64_at(account, 64)
}

fn u64_at(info: &AccountInfo, at: usize) -> Result<u64> {
    let data = info.try_borrow_data()?;
    match data.get(at..).and_then(|bytes| bytes.first_chunk::<8>()) {
        Some(bytes) => Ok(u64::from_le_bytes(*bytes)),
        None => err!(ErrorCode::AccountNotInitialized),
    }
}
