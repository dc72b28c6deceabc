//! The log line of a trade, for readers that only see logs. Written by hand:
//! formatting a key through `core::fmt` costs more than the trade's arithmetic.

use {
    anchor_lang::{prelude::Pubkey, solana_program::log::sol_log},
    launchpad_common::base58::{write_key, KEY_TEXT_MAX},
};

/// `sell: mint=` 44 `, sol_amount=` 20 `, token_amount=` 20.
const LONGEST: usize = 124;
const DIGITS: usize = 20;

/// Logs `<side>: mint=<base58>, sol_amount=<lamports>, token_amount=<base units>`,
/// the lamports without fees.
pub fn trade(side: &str, mint: &Pubkey, sol_amount: u64, token_amount: u64) {
    let mut line = Vec::with_capacity(LONGEST);
    line.extend_from_slice(side.as_bytes());
    line.extend_from_slice(b": mint=");
    push_key(&mut line, mint);
    line.extend_from_slice(b", sol_amount=");
    push_number(&mut line, sol_amount);
    line.extend_from_slice(b", token_amount=");
    push_number(&mut line, token_amount);
    if let Ok(text) = core::str::from_utf8(&line) {
        sol_log(text);
    }
}

/// Logs `migrate: mint=<base58>, pool=<base58>` when a pool takes over.
pub fn migration(mint: &Pubkey, pool: &Pubkey) {
    let mut line = Vec::with_capacity(LONGEST);
    line.extend_from_slice(b"migrate: mint=");
    push_key(&mut line, mint);
    line.extend_from_slice(b", pool=");
    push_key(&mut line, pool);
    if let Ok(text) = core::str::from_utf8(&line) {
        sol_log(text);
    }
}

fn push_key(line: &mut Vec<u8>, key: &Pubkey) {
    let mut text = [0u8; KEY_TEXT_MAX];
    let length = write_key(key.as_array(), &mut text);
    line.extend_from_slice(text.get(..length).unwrap_or_default());
}

#[allow(clippy::cast_possible_truncation)] // A digit is below 10.
fn push_number(line: &mut Vec<u8>, mut number: u64) {
    let mut digits = [b'0'; DIGITS];
    let mut at = DIGITS;
    loop {
        at = at.saturating_sub(1);
        digits[at] = b'0'.wrapping_add((number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    line.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_keys_are_written_in_full() {
        for number in [0, 7, 10, 1_234_567_890, u64::MAX] {
            let mut line = Vec::new();
            push_number(&mut line, number);
            assert_eq!(line, number.to_string().as_bytes());
        }
        let mut line = Vec::new();
        push_key(&mut line, &crate::ID);
        assert_eq!(line, crate::ID.to_string().as_bytes());
    }

    #[test]
    fn the_longest_line_fits() {
        let texts = ["sell: mint=", ", sol_amount=", ", token_amount="];
        let fixed: usize = texts.iter().map(|text| text.len()).sum();
        assert!(fixed + KEY_TEXT_MAX + 2 * DIGITS <= LONGEST);
    }
}
