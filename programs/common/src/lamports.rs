//! Lamports from a wallet, by the system program.

use anchor_lang::{
    prelude::*,
    solana_program::{instruction::Instruction, program::invoke},
    system_program,
};

const TRANSFER: u32 = 2;

/// Moves lamports from `from`, who signed the transaction, to `to`. The
/// instruction is written by hand because its generic encoder costs more than
/// the transfer.
pub fn transfer<'info>(
    from: &AccountInfo<'info>,
    to: &AccountInfo<'info>,
    lamports: u64,
) -> Result<()> {
    let mut data = Vec::with_capacity(12);
    data.extend_from_slice(&TRANSFER.to_le_bytes());
    data.extend_from_slice(&lamports.to_le_bytes());
    let instruction = Instruction {
        program_id: system_program::ID,
        accounts: vec![AccountMeta::new(*from.key, true), AccountMeta::new(*to.key, false)],
        data,
    };
    invoke(&instruction, &[from.clone(), to.clone()]).map_err(Into::into)
}
