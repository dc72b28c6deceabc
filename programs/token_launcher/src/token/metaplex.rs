//! The metadata that stands beside a classic mint, in an account of Metaplex's program.

use {super::metadata::Texts, crate::error::LauncherError, anchor_lang::prelude::*};

/// Metaplex's Token Metadata program.
pub const METAPLEX: Pubkey = pubkey!("metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s");
/// First seed of a metadata account: `["metadata", program, mint]`.
pub const METADATA_SEED: &[u8] = b"metadata";

/// What tells a metadata account from the program's other accounts.
const METADATA_V1: u8 = 4;

/// What the account says of a token.
#[derive(Debug, PartialEq, Eq)]
pub struct Listed {
    pub texts: Texts,
    /// Who may change them; default = nobody.
    pub update_authority: Pubkey,
}

/// As Metaplex's program stores it, up to what matters here. The texts are padded with zeros.
#[derive(AnchorDeserialize)]
struct Stored {
    kind: u8,
    update_authority: Pubkey,
    mint: Pubkey,
    texts: Texts,
    royalty_bps: u16,
    // Behind a one, their list would follow.
    has_creators: u8,
    _primary_sale_happened: u8,
    is_mutable: u8,
}

/// Reads the metadata of `mint` from the account at its address.
///
/// # Errors
/// `InvalidMetadata` for an account that Metaplex's program did not make for this mint,
/// `RoyaltyOnToken` where it names creators or a royalty.
pub fn read_listed(account: &AccountInfo, mint: &Pubkey) -> Result<Listed> {
    require_keys_eq!(*account.owner, METAPLEX, LauncherError::InvalidMetadata);
    let data = account.try_borrow_data()?;
    let stored =
        Stored::deserialize(&mut &data[..]).map_err(|_| error!(LauncherError::InvalidMetadata))?;
    let own = stored.kind == METADATA_V1 && stored.mint == *mint;
    require!(own, LauncherError::InvalidMetadata);
    let plain = stored.royalty_bps == 0 && stored.has_creators == 0;
    require!(plain, LauncherError::RoyaltyOnToken);
    let Texts { name, symbol, uri } = stored.texts;
    let [name, symbol, uri] = [name, symbol, uri].map(without_padding);
    let update_authority =
        if stored.is_mutable == 0 { Pubkey::default() } else { stored.update_authority };
    Ok(Listed { texts: Texts { name, symbol, uri }, update_authority })
}

fn without_padding(mut text: String) -> String {
    text.truncate(text.trim_end_matches('\0').len());
    text
}

#[cfg(test)]
mod tests;
