//! Keys compared by the runtime.

use anchor_lang::{prelude::Pubkey, solana_program::program_memory::sol_memcmp};

const LENGTH: usize = 32;

/// Whether `bytes` are `key`. The runtime compares in 10 compute units what takes
/// a program two hundred, and a trade compares ten keys.
#[inline(always)]
pub fn is_key(bytes: &[u8], key: &Pubkey) -> bool {
    // SAFETY: both slices hold the 32 bytes that are compared.
    bytes.len() == LENGTH && unsafe { sol_memcmp(bytes, key.as_array(), LENGTH) } == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_the_length_count() {
        let key = Pubkey::new_unique();
        assert!(is_key(key.as_array(), &key));
        for at in 0..LENGTH {
            let mut other = key.to_bytes();
            other[at] ^= 1;
            assert!(!is_key(&other, &key));
        }
        assert!(!is_key(&key.as_array()[..31], &key));
        assert!(!is_key(&[], &key));
    }
}
