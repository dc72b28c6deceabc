//! The metadata inside a mint: how large it makes the account, and how it reads.

use anchor_lang::prelude::*;

/// Bytes of a mint before its list of extensions: base padded to 165, account type.
const EXTENSIONS_AT: usize = 166;
/// Type and length in front of an extension.
const HEADER: usize = 4;
const METADATA_POINTER_BYTES: usize = 64;
/// Update authority, mint, three string lengths, count of further fields.
const METADATA_FIXED_BYTES: usize = 80;
const MULTISIG_BYTES: usize = 355;
const MULTISIG_PADDING: usize = 2;
const TOKEN_METADATA: u16 = launchpad_common::token::TOKEN_METADATA;

/// Bytes of a mint with a metadata pointer: what the account must measure when the mint is initialised.
pub const MINT_SPACE: usize = EXTENSIONS_AT + HEADER + METADATA_POINTER_BYTES;

/// The texts of a token.
#[derive(AnchorDeserialize, Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    pub name: String,
    pub symbol: String,
    pub uri: String,
}

impl Texts {
    /// Bytes of all three together.
    pub fn total_bytes(&self) -> usize {
        [&self.name, &self.symbol, &self.uri].into_iter().map(String::len).sum()
    }
}

/// As Token-2022 stores it.
#[derive(AnchorDeserialize)]
struct Stored {
    _update_authority: Pubkey,
    mint: Pubkey,
    texts: Texts,
}

/// Bytes of the mint once texts of `text_bytes` in all stand in it. An account of exactly a multisig's size
/// would pass for one, so the token program makes it two bytes longer.
pub const fn final_space(text_bytes: usize) -> usize {
    // Texts are at most a few hundred bytes.
    let space = MINT_SPACE.saturating_add(HEADER + METADATA_FIXED_BYTES).saturating_add(text_bytes);
    if space == MULTISIG_BYTES {
        space.saturating_add(MULTISIG_PADDING)
    } else {
        space
    }
}

/// Reads the texts that a mint holds about itself; `None` when there are none.
pub fn read_texts(mint: &AccountInfo) -> Result<Option<Texts>> {
    let data = mint.try_borrow_data()?;
    Ok(parse(&data).filter(|stored| stored.mint == *mint.key).map(|stored| stored.texts))
}

fn parse(data: &[u8]) -> Option<Stored> {
    let mut rest = data.get(EXTENSIONS_AT..)?;
    loop {
        let kind = u16::from_le_bytes([*rest.first()?, *rest.get(1)?]);
        let length = usize::from(u16::from_le_bytes([*rest.get(2)?, *rest.get(3)?]));
        let end = HEADER.checked_add(length)?;
        if kind == TOKEN_METADATA {
            return Stored::deserialize(&mut rest.get(HEADER..end)?).ok();
        }
        rest = rest.get(end..)?;
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        anchor_spl::token_2022_extensions::spl_token_metadata_interface::state::TokenMetadata,
    };

    fn mint(key: Pubkey) -> Vec<u8> {
        let metadata = TokenMetadata {
            mint: key,
            name: "Name".into(),
            symbol: "SYM".into(),
            uri: "ipfs://x".into(),
            ..TokenMetadata::default()
        };
        let mut data = vec![0; EXTENSIONS_AT];
        data.extend([18, 0, 64, 0]);
        data.extend([9; METADATA_POINTER_BYTES]);
        let value = borsh::to_vec(&metadata).unwrap();
        data.extend(TOKEN_METADATA.to_le_bytes());
        data.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
        data.extend(value);
        data
    }

    #[test]
    fn texts_are_found_behind_other_extensions() {
        let key = Pubkey::new_unique();
        let stored = parse(&mint(key)).unwrap();
        assert_eq!(stored.mint, key);
        let texts = Texts { name: "Name".into(), symbol: "SYM".into(), uri: "ipfs://x".into() };
        assert_eq!(stored.texts, texts);
    }

    #[test]
    fn the_final_size_is_what_the_token_program_needs() {
        assert_eq!(MINT_SPACE, 234);
        assert_eq!(mint(Pubkey::new_unique()).len(), final_space("NameSYMipfs://x".len()));
        assert_eq!([36, 37, 38].map(final_space), [354, 357, 356], "never as long as a multisig");
    }

    #[test]
    fn a_mint_without_metadata_or_cut_short_has_no_texts() {
        let whole = mint(Pubkey::new_unique());
        for length in [0, 165, 166, MINT_SPACE, whole.len() - 5] {
            assert!(parse(&whole[..length]).is_none(), "{length} bytes");
        }
    }
}
