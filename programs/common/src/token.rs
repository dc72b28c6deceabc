//! Token accounts and mints of the classic Token program and of Token-2022.
//!
//! Both programs share the layout of the first 82 (mint) and 165 (account)
//! bytes, so the fields a program needs are read where they lie: unpacking
//! whole accounts costs several times more compute.

use {
    crate::keys::is_key,
    anchor_lang::{
        prelude::*,
        solana_program::{instruction::Instruction, program::invoke_signed},
    },
    anchor_spl::{token, token_2022},
};

/// Extensions of a mint that let somebody stop, tax, take or fake its tokens
/// are refused by naming the few that cannot: metadata and where it lies.
pub const HARMLESS_MINT_EXTENSIONS: [u16; 2] = [METADATA_POINTER, TOKEN_METADATA];

/// Numbers of Token-2022's extensions as they stand in a mint's list.
pub const METADATA_POINTER: u16 = 18;
/// Name, symbol and uri inside the mint.
pub const TOKEN_METADATA: u16 = 19;

const MINT_LEN: usize = 82;
const ACCOUNT_LEN: usize = 165;
const MULTISIG_LEN: usize = 355;
const KIND_MINT: u8 = 1;
const KIND_ACCOUNT: u8 = 2;
const TRANSFER_CHECKED: u8 = 12;

/// The fields of a mint that decide what may be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MintView {
    /// Who may create more tokens, if anybody.
    pub mint_authority: Option<Pubkey>,
    /// All tokens in existence, in base units.
    pub supply: u64,
    /// Decimal places of the unit people see.
    pub decimals: u8,
    /// Who may freeze token accounts, if anybody.
    pub freeze_authority: Option<Pubkey>,
}

/// The fields of a token account that decide whose tokens it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenView {
    /// Which token.
    pub mint: Pubkey,
    /// Whose.
    pub owner: Pubkey,
    /// How many, in base units.
    pub amount: u64,
}

/// True for the two token programs.
pub fn is_token_program(id: &Pubkey) -> bool {
    id == &token::ID || id == &token_2022::ID
}

/// Reads a mint of `token_program`.
///
/// # Errors
/// `AccountOwnedByWrongProgram` for an account of another program,
/// `AccountNotInitialized` for one that is not an initialised mint.
pub fn read_mint(info: &AccountInfo, token_program: &Pubkey) -> Result<MintView> {
    require_keys_eq!(*info.owner, *token_program, ErrorCode::AccountOwnedByWrongProgram);
    let data = info.try_borrow_data()?;
    parse_mint(&data).ok_or_else(|| error!(ErrorCode::AccountNotInitialized))
}

/// Reads a token account of `token_program`.
///
/// # Errors
/// `AccountOwnedByWrongProgram` for an account of another program,
/// `AccountNotInitialized` for one that is not an initialised token account.
pub fn read_account(info: &AccountInfo, token_program: &Pubkey) -> Result<TokenView> {
    if info.owner != token_program {
        return err!(ErrorCode::AccountOwnedByWrongProgram);
    }
    let data = info.try_borrow_data()?;
    match parse_account(&data) {
        Some(view) => Ok(view),
        None => err!(ErrorCode::AccountNotInitialized),
    }
}

/// Reads a token account and insists on its mint and owner.
///
/// # Errors
/// Those of [`read_account`], `ConstraintTokenMint`, `ConstraintTokenOwner`.
pub fn read_account_of(
    info: &AccountInfo,
    token_program: &Pubkey,
    mint: &Pubkey,
    owner: &Pubkey,
) -> Result<TokenView> {
    require_account_of(info, token_program, mint, owner)?;
    read_account(info, token_program)
}

/// Insists that an account is a token account of `mint` and `owner`.
///
/// # Errors
/// Those of [`read_account`], `ConstraintTokenMint`, `ConstraintTokenOwner`.
pub fn require_account_of(
    info: &AccountInfo,
    token_program: &Pubkey,
    mint: &Pubkey,
    owner: &Pubkey,
) -> Result<()> {
    if !is_key(info.owner.as_array(), token_program) {
        return err!(ErrorCode::AccountOwnedByWrongProgram);
    }
    let data = info.try_borrow_data()?;
    // Compared where they lie: a key costs more to copy than to compare.
    if !is_account(&data) {
        return err!(ErrorCode::AccountNotInitialized);
    }
    if !is_key(&data[..32], mint) {
        return err!(ErrorCode::ConstraintTokenMint);
    }
    if !is_key(&data[32..64], owner) {
        return err!(ErrorCode::ConstraintTokenOwner);
    }
    Ok(())
}

/// The first extension of a mint that is not in `allowed`, if there is one.
/// A malformed list counts as a forbidden extension.
pub fn forbidden_extension(info: &AccountInfo, allowed: &[u16]) -> Result<Option<u16>> {
    let data = info.try_borrow_data()?;
    Ok(first_forbidden(&data, allowed))
}

/// The accounts of one `TransferChecked`.
pub struct TransferChecked<'a, 'info> {
    /// Token or Token-2022.
    pub token_program: &'a AccountInfo<'info>,
    /// Source account.
    pub from: &'a AccountInfo<'info>,
    /// The token's mint.
    pub mint: &'a AccountInfo<'info>,
    /// Destination account.
    pub to: &'a AccountInfo<'info>,
    /// Owner or delegate of the source; signs the transaction or by `seeds`.
    pub authority: &'a AccountInfo<'info>,
    /// The mint's decimals; the token program refuses any other number.
    pub decimals: u8,
}

impl TransferChecked<'_, '_> {
    /// Moves `amount` base units; `seeds` sign for a program-derived authority
    /// and are empty for a key that signed the transaction.
    pub fn invoke(&self, amount: u64, seeds: &[&[&[u8]]]) -> Result<()> {
        let mut data = Vec::with_capacity(10);
        data.push(TRANSFER_CHECKED);
        data.extend_from_slice(&amount.to_le_bytes());
        data.push(self.decimals);
        let instruction = Instruction {
            program_id: *self.token_program.key,
            accounts: vec![
                AccountMeta::new(*self.from.key, false),
                AccountMeta::new_readonly(*self.mint.key, false),
                AccountMeta::new(*self.to.key, false),
                AccountMeta::new_readonly(*self.authority.key, true),
            ],
            data,
        };
        let infos = [self.from.clone(), self.mint.clone(), self.to.clone(), self.authority.clone()];
        invoke_signed(&instruction, &infos, seeds).map_err(Into::into)
    }
}

fn parse_mint(data: &[u8]) -> Option<MintView> {
    let kind_ok = data.len() == MINT_LEN || extended(data, KIND_MINT);
    if !kind_ok || data[45] != 1 {
        return None;
    }
    Some(MintView {
        mint_authority: optional_key(data, 0)?,
        supply: u64_at(data, 36)?,
        decimals: data[44],
        freeze_authority: optional_key(data, 46)?,
    })
}

fn parse_account(data: &[u8]) -> Option<TokenView> {
    if !is_account(data) {
        return None;
    }
    Some(TokenView { mint: key_at(data, 0)?, owner: key_at(data, 32)?, amount: u64_at(data, 64)? })
}

/// Whether `data` is an initialised token account.
#[inline(always)]
fn is_account(data: &[u8]) -> bool {
    (data.len() == ACCOUNT_LEN || extended(data, KIND_ACCOUNT)) && data[108] != 0
}

/// Whether `data` is a Token-2022 account of `kind` with room for extensions.
#[inline(always)]
fn extended(data: &[u8], kind: u8) -> bool {
    data.len() > ACCOUNT_LEN && data.len() != MULTISIG_LEN && data[ACCOUNT_LEN] == kind
}

/// Walks the list `type u16 | length u16 | value` behind a mint's base.
fn first_forbidden(data: &[u8], allowed: &[u16]) -> Option<u16> {
    let mut rest = data.get(ACCOUNT_LEN.saturating_add(1)..).unwrap_or_default();
    while rest.len() >= 4 {
        let kind = u16::from_le_bytes([rest[0], rest[1]]);
        if kind == 0 {
            return None;
        }
        if !allowed.contains(&kind) {
            return Some(kind);
        }
        let length = usize::from(u16::from_le_bytes([rest[2], rest[3]]));
        match rest.get(length.saturating_add(4)..) {
            Some(next) => rest = next,
            None => return Some(kind),
        }
    }
    None
}

fn key_at(data: &[u8], at: usize) -> Option<Pubkey> {
    let bytes = data.get(at..at.checked_add(32)?)?;
    Some(Pubkey::new_from_array(bytes.try_into().ok()?))
}

fn u64_at(data: &[u8], at: usize) -> Option<u64> {
    let bytes = data.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// A `COption<Pubkey>`: tag u32, then the key whether or not it counts.
fn optional_key(data: &[u8], at: usize) -> Option<Option<Pubkey>> {
    match data.get(at..at.checked_add(4)?)? {
        [0, 0, 0, 0] => Some(None),
        [1, 0, 0, 0] => key_at(data, at.checked_add(4)?).map(Some),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
