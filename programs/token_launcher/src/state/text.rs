//! What may stand in a name, a symbol or a metadata address. Wallets print these
//! next to other people's text, so nothing may reorder, hide or break a line.

use crate::{
    constants::{MAX_NAME_BYTES, MAX_SYMBOL_BYTES, MAX_URI_BYTES},
    error::{Checked, LauncherError},
};

/// A name may hold spaces between its words.
pub fn check_name(name: &str) -> Checked<()> {
    let tidy = fits(name, MAX_NAME_BYTES) && name.trim() == name && !name.contains(is_deceptive);
    tidy.then_some(()).ok_or(LauncherError::InvalidName)
}

/// A symbol is one word.
pub fn check_symbol(symbol: &str) -> Checked<()> {
    let tidy = fits(symbol, MAX_SYMBOL_BYTES) && is_one_word(symbol);
    tidy.then_some(()).ok_or(LauncherError::InvalidSymbol)
}

/// An address is one word; its scheme is for readers to judge.
pub fn check_uri(uri: &str) -> Checked<()> {
    let tidy = fits(uri, MAX_URI_BYTES) && is_one_word(uri);
    tidy.then_some(()).ok_or(LauncherError::InvalidUri)
}

fn fits(text: &str, most: u16) -> bool {
    (1..=usize::from(most)).contains(&text.len())
}

fn is_one_word(text: &str) -> bool {
    !text.contains(|c: char| c.is_whitespace() || is_deceptive(c))
}

/// Control characters, direction marks and overrides, line and paragraph
/// separators, and characters without any width.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_of_any_language_passes() {
        for name in ["A", "Two words", "Ünï", "猫", "🚀 moon", "x".repeat(32).as_str()] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for symbol in ["A", "EXM", "$CAT", "0123456789", "猫"] {
            assert_eq!(check_symbol(symbol), Ok(()), "{symbol}");
        }
        for uri in ["ipfs://bafy", "https://x.example/a?b=c", &"u".repeat(200)] {
            assert_eq!(check_uri(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn text_is_measured_in_bytes() {
        assert_eq!(check_name(&"é".repeat(16)), Ok(()));
        assert_eq!(check_name(&"é".repeat(17)), Err(LauncherError::InvalidName));
        assert_eq!(check_symbol("猫猫猫猫"), Err(LauncherError::InvalidSymbol));
        assert_eq!(check_uri(&"u".repeat(201)), Err(LauncherError::InvalidUri));
    }

    #[test]
    fn empty_and_padded_text_is_refused() {
        for text in ["", " ", " a", "a ", "\u{3000}a"] {
            assert_eq!(check_name(text), Err(LauncherError::InvalidName), "{text:?}");
            assert_eq!(check_symbol(text), Err(LauncherError::InvalidSymbol), "{text:?}");
            assert_eq!(check_uri(text), Err(LauncherError::InvalidUri), "{text:?}");
        }
    }

    #[test]
    fn characters_that_deceive_are_refused_everywhere() {
        let deceptive = [
            '\0',
            '\t',
            '\n',
            '\r',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{e0041}',
        ];
        for c in deceptive {
            let text = format!("a{c}b");
            assert_eq!(check_name(&text), Err(LauncherError::InvalidName), "{text:?}");
            assert_eq!(check_symbol(&text), Err(LauncherError::InvalidSymbol), "{text:?}");
            assert_eq!(check_uri(&text), Err(LauncherError::InvalidUri), "{text:?}");
        }
    }
}
