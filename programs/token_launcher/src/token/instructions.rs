//! The token programs' instructions, written as bytes: the builders of the interface crates
//! carry every instruction there is into the program. The tests compare with those builders.
//! Those that name a `token_program` are the same in the classic one and in Token-2022.

use {
    anchor_lang::{prelude::*, solana_program::instruction::Instruction},
    anchor_spl::token_2022,
};

const INITIALIZE_MINT2: u8 = 20;
const SET_AUTHORITY: u8 = 6;
const MINT_TO_CHECKED: u8 = 14;
const BURN_CHECKED: u8 = 15;
const METADATA_POINTER: u8 = 39;
const POINTER_INITIALIZE: u8 = 0;
const MINT_TOKENS: u8 = 0;
const NOBODY: u8 = 0;
const SOMEBODY: u8 = 1;

// First 8 bytes of SHA-256 of "spl_token_metadata_interface:" and the name of the instruction.
const METADATA_INITIALIZE: [u8; 8] = [210, 225, 30, 162, 88, 184, 77, 141];
const METADATA_UPDATE_FIELD: [u8; 8] = [221, 233, 49, 45, 181, 202, 220, 200];
const METADATA_UPDATE_AUTHORITY: [u8; 8] = [215, 228, 166, 228, 84, 100, 86, 123];

/// Points the mint at itself for its metadata, for good: nobody may redirect it.
pub fn initialize_metadata_pointer(mint: &Pubkey) -> Instruction {
    let mut data = vec![METADATA_POINTER, POINTER_INITIALIZE];
    data.extend_from_slice(Pubkey::default().as_ref());
    data.extend_from_slice(mint.as_ref());
    extended(vec![AccountMeta::new(*mint, false)], data)
}

/// Makes the account a mint that nobody can freeze.
pub fn initialize_mint(mint: &Pubkey, decimals: u8, authority: &Pubkey) -> Instruction {
    let mut data = vec![INITIALIZE_MINT2, decimals];
    data.extend_from_slice(authority.as_ref());
    data.push(0);
    extended(vec![AccountMeta::new(*mint, false)], data)
}

/// Writes the metadata into the mint; `authority` is its mint authority and becomes its update authority.
pub fn initialize_metadata(
    mint: &Pubkey,
    authority: &Pubkey,
    name: &str,
    symbol: &str,
    uri: &str,
) -> Instruction {
    let accounts = vec![
        AccountMeta::new(*mint, false),
        AccountMeta::new_readonly(*authority, false),
        AccountMeta::new_readonly(*mint, false),
        AccountMeta::new_readonly(*authority, true),
    ];
    let mut data = METADATA_INITIALIZE.to_vec();
    [name, symbol, uri].into_iter().for_each(|text| push_text(&mut data, text));
    extended(accounts, data)
}

/// Replaces one field: 0 name, 1 symbol, 2 uri.
pub fn update_metadata_field(
    mint: &Pubkey,
    authority: &Pubkey,
    field: u8,
    value: &str,
) -> Instruction {
    let mut data = METADATA_UPDATE_FIELD.to_vec();
    data.push(field);
    push_text(&mut data, value);
    extended(owned_by(mint, authority), data)
}

/// Takes the metadata's update authority away for good.
pub fn renounce_metadata_authority(mint: &Pubkey, authority: &Pubkey) -> Instruction {
    let mut data = METADATA_UPDATE_AUTHORITY.to_vec();
    data.extend_from_slice(Pubkey::default().as_ref());
    extended(owned_by(mint, authority), data)
}

/// Takes the mint authority away for good.
pub fn renounce_mint_authority(
    token_program: &Pubkey,
    mint: &Pubkey,
    authority: &Pubkey,
) -> Instruction {
    let data = vec![SET_AUTHORITY, MINT_TOKENS, NOBODY];
    Instruction { program_id: *token_program, accounts: owned_by(mint, authority), data }
}

/// Makes `to` the mint authority.
pub fn hand_over_mint_authority(
    token_program: &Pubkey,
    mint: &Pubkey,
    authority: &Pubkey,
    to: &Pubkey,
) -> Instruction {
    let mut data = vec![SET_AUTHORITY, MINT_TOKENS, SOMEBODY];
    data.extend_from_slice(to.as_ref());
    Instruction { program_id: *token_program, accounts: owned_by(mint, authority), data }
}

/// Creates `amount` base units in `account`.
pub fn mint_to(
    token_program: &Pubkey,
    mint: &Pubkey,
    account: &Pubkey,
    authority: &Pubkey,
    amount: u64,
    decimals: u8,
) -> Instruction {
    let accounts = vec![
        AccountMeta::new(*mint, false),
        AccountMeta::new(*account, false),
        AccountMeta::new_readonly(*authority, true),
    ];
    let data = checked(MINT_TO_CHECKED, amount, decimals);
    Instruction { program_id: *token_program, accounts, data }
}

/// Destroys `amount` base units of `account`.
pub fn burn(
    token_program: &Pubkey,
    account: &Pubkey,
    mint: &Pubkey,
    owner: &Pubkey,
    amount: u64,
    decimals: u8,
) -> Instruction {
    let accounts = vec![
        AccountMeta::new(*account, false),
        AccountMeta::new(*mint, false),
        AccountMeta::new_readonly(*owner, true),
    ];
    let data = checked(BURN_CHECKED, amount, decimals);
    Instruction { program_id: *token_program, accounts, data }
}

fn extended(accounts: Vec<AccountMeta>, data: Vec<u8>) -> Instruction {
    Instruction { program_id: token_2022::ID, accounts, data }
}

fn owned_by(mint: &Pubkey, authority: &Pubkey) -> Vec<AccountMeta> {
    vec![AccountMeta::new(*mint, false), AccountMeta::new_readonly(*authority, true)]
}

fn checked(tag: u8, amount: u64, decimals: u8) -> Vec<u8> {
    let mut data = vec![tag];
    data.extend_from_slice(&amount.to_le_bytes());
    data.push(decimals);
    data
}

/// A Borsh string: length u32, then the bytes. Texts are checked to be at most 200 bytes long.
fn push_text(data: &mut Vec<u8>, text: &str) {
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    data.extend_from_slice(&length.to_le_bytes());
    data.extend_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests;
