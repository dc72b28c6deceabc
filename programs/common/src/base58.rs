//! Addresses as text, at on-chain cost: long division in digits of 58^5, which
//! fit the machine's own 64-bit arithmetic.

// Every sum and product below stays under 58^5 * 2^32 < 2^62, so that checks
// would only cost; `wrapping_` says so where it is hot.
#![allow(clippy::arithmetic_side_effects)]
#![allow(clippy::cast_possible_truncation)] // Remainders are below their divisors.

/// Longest text of 32 bytes.
pub const KEY_TEXT_MAX: usize = 44;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const DIGITS_PER_LIMB: usize = 5;
const LIMB: u64 = 58u64.pow(DIGITS_PER_LIMB as u32);
/// 58^45 > 2^256.
const LIMBS: usize = 9;

/// Writes the base58 text of `key` into `text` and returns its length.
pub fn write_key(key: &[u8; 32], text: &mut [u8; KEY_TEXT_MAX]) -> usize {
    let digits = digits_of(&limbs_of(key));
    let zeros = key.iter().take_while(|byte| **byte == 0).count();
    // Each leading zero byte is one leading zero digit, whatever the number's own zeros.
    let blank = digits.iter().take_while(|digit| **digit == ALPHABET[0]).count();
    let written = digits.get(blank - zeros.min(blank)..).unwrap_or_default();
    let length = written.len().min(KEY_TEXT_MAX);
    text[..length].copy_from_slice(&written[..length]);
    length
}

/// The key as a number in base 58^5, least significant limb first.
fn limbs_of(key: &[u8; 32]) -> [u64; LIMBS] {
    let mut limbs = [0u64; LIMBS];
    let mut used = 0;
    for word in key.chunks_exact(4) {
        let mut carry = u64::from(u32::from_be_bytes([word[0], word[1], word[2], word[3]]));
        for limb in limbs.iter_mut().take(used) {
            let value = (*limb << 32) | carry;
            carry = value / LIMB;
            *limb = value.wrapping_sub(carry.wrapping_mul(LIMB));
        }
        while carry > 0 && used < LIMBS {
            limbs[used] = carry % LIMB;
            carry /= LIMB;
            used += 1;
        }
    }
    limbs
}

/// The digits of the same number in base 58, most significant first.
fn digits_of(limbs: &[u64; LIMBS]) -> [u8; LIMBS * DIGITS_PER_LIMB] {
    let mut digits = [0u8; LIMBS * DIGITS_PER_LIMB];
    for (group, limb) in digits.chunks_exact_mut(DIGITS_PER_LIMB).zip(limbs.iter().rev()) {
        let mut left = *limb;
        for digit in group.iter_mut().rev() {
            let quotient = left / 58;
            *digit = ALPHABET[left.wrapping_sub(quotient.wrapping_mul(58)) as usize];
            left = quotient;
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use {super::*, anchor_lang::prelude::Pubkey, proptest::prelude::*};

    fn text_of(key: &[u8; 32]) -> String {
        let mut text = [0; KEY_TEXT_MAX];
        let length = write_key(key, &mut text);
        String::from_utf8(text[..length].to_vec()).unwrap()
    }

    proptest! {
        #[test]
        fn texts_agree_with_the_sdk(key: [u8; 32], zeros in 0usize..=32) {
            let mut key = key;
            key[..zeros].fill(0);
            prop_assert_eq!(text_of(&key), Pubkey::new_from_array(key).to_string());
        }
    }

    #[test]
    fn the_ends_of_the_range_are_written() {
        assert_eq!(text_of(&[0; 32]), "1".repeat(32));
        assert_eq!(text_of(&[255; 32]), Pubkey::new_from_array([255; 32]).to_string());
    }
}
