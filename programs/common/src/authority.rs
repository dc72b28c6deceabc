//! Who may upgrade a program. A config is created by that key alone, so that
//! nobody can claim a freshly deployed program's parameters first.

use anchor_lang::{
    prelude::*,
    solana_program::bpf_loader_upgradeable::{self, UpgradeableLoaderState},
};

/// Bytes of `UpgradeableLoaderState::ProgramData`: tag u32, slot u64, authority Option<Pubkey>.
const TAG: [u8; 4] = [3, 0, 0, 0];
const AUTHORITY_SOME: usize = 12;
const AUTHORITY: core::ops::Range<usize> =
    13..UpgradeableLoaderState::size_of_programdata_metadata();

/// The address of the account in which the loader keeps `program_id`'s code and authority.
pub fn program_data_address(program_id: &Pubkey) -> Pubkey {
    Pubkey::find_program_address(&[program_id.as_ref()], &bpf_loader_upgradeable::ID).0
}

/// Whether `who` may upgrade `program_id`, read from that program's own data
/// account. False for any other account, and for a program that is final.
pub fn is_upgrade_authority(
    program_id: &Pubkey,
    program_data: &AccountInfo,
    who: &Pubkey,
) -> Result<bool> {
    if program_data.key != &program_data_address(program_id)
        || program_data.owner != &bpf_loader_upgradeable::ID
    {
        return Ok(false);
    }
    let data = program_data.try_borrow_data()?;
    Ok(upgrade_authority(&data) == Some(*who))
}

fn upgrade_authority(data: &[u8]) -> Option<Pubkey> {
    if data.get(..4)? != TAG || *data.get(AUTHORITY_SOME)? != 1 {
        return None;
    }
    Pubkey::try_from(data.get(AUTHORITY)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program_data(tag: u8, authority: Option<Pubkey>) -> Vec<u8> {
        let mut data = vec![tag, 0, 0, 0];
        data.extend(7u64.to_le_bytes());
        data.push(u8::from(authority.is_some()));
        data.extend(authority.unwrap_or_default().to_bytes());
        data
    }

    #[test]
    fn the_authority_is_read_from_program_data_alone() {
        let key = Pubkey::new_unique();
        assert_eq!(upgrade_authority(&program_data(3, Some(key))), Some(key));
        assert_eq!(upgrade_authority(&program_data(2, Some(key))), None, "a program account");
        assert_eq!(upgrade_authority(&program_data(3, None)), None, "a final program");
        assert_eq!(upgrade_authority(&program_data(3, Some(key))[..44]), None, "cut short");
    }
}
