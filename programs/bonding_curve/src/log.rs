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
    let mut line = Line { bytes: [0; LONGEST], len: 0 };
    line.push(side.as_bytes());
    line.push(b": mint=");
    line.push_key(mint);
    line.push(b", sol_amount=");
    line.push_number(sol_amount);
    line.push(b", token_amount=");
    line.push_number(token_amount);
    if let Ok(text) = core::str::from_utf8(line.written()) {
        sol_log(text);
    }
}

struct Line {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Line {
    fn written(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Appends what fits, which is everything by the arithmetic of [`LONGEST`].
    fn push(&mut self, text: &[u8]) {
        let end = self.len.saturating_add(text.len());
        if let Some(room) = self.bytes.get_mut(self.len..end) {
            room.copy_from_slice(text);
            self.len = end;
        }
    }

    fn push_key(&mut self, key: &Pubkey) {
        let mut text = [0u8; KEY_TEXT_MAX];
        let length = write_key(key.as_array(), &mut text);
        self.push(text.get(..length).unwrap_or_default());
    }

    #[allow(clippy::cast_possible_truncation)] // A digit is below 10.
    fn push_number(&mut self, mut number: u64) {
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
        self.push(&digits[at..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_keys_are_written_in_full() {
        for number in [0, 7, 10, 1_234_567_890, u64::MAX] {
            let mut line = Line { bytes: [0; LONGEST], len: 0 };
            line.push_number(number);
            assert_eq!(line.written(), number.to_string().as_bytes());
        }
        let mut line = Line { bytes: [0; LONGEST], len: 0 };
        line.push_key(&crate::ID);
        assert_eq!(line.written(), crate::ID.to_string().as_bytes());
    }

    #[test]
    fn the_longest_line_fits() {
        let texts = ["sell: mint=", ", sol_amount=", ", token_amount="];
        let fixed: usize = texts.iter().map(|text| text.len()).sum();
        assert!(fixed + KEY_TEXT_MAX + 2 * DIGITS <= LONGEST);
    }
}
