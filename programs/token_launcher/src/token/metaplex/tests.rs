use super::*;

const AUTHORITY: Pubkey = Pubkey::new_from_array([7; 32]);
const MINT: Pubkey = Pubkey::new_from_array([8; 32]);

fn text(value: &str, length: u32) -> Vec<u8> {
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend(value.as_bytes());
    bytes.resize(4 + usize::try_from(length).unwrap(), 0);
    bytes
}

/// An account as the program's first generation leaves it: padded texts, then what later ones append to.
fn stored(royalty_bps: u16, creators: &[u8], is_mutable: u8) -> Vec<u8> {
    let mut data = vec![METADATA_V1];
    data.extend(AUTHORITY.as_ref());
    data.extend(MINT.as_ref());
    for (value, length) in [("Näme", 32), ("SYM", 10), ("ipfs://x", 200)] {
        data.extend(text(value, length));
    }
    data.extend(royalty_bps.to_le_bytes());
    data.extend(creators);
    data.extend([0, is_mutable, 1, 254]);
    data.resize(679, 0);
    data
}

fn read(mut data: Vec<u8>, owner: Pubkey) -> Result<Listed> {
    let (key, mut lamports) = (Pubkey::new_unique(), 1);
    let info = AccountInfo::new(&key, false, false, &mut lamports, &mut data, &owner, false);
    read_listed(&info, &MINT)
}

fn code(outcome: Result<Listed>) -> u32 {
    match outcome {
        Err(Error::AnchorError(error)) => error.error_code_number,
        other => panic!("no error of ours: {other:?}"),
    }
}

#[test]
fn texts_lose_their_padding() {
    let listed = read(stored(0, &[0], 1), METAPLEX).unwrap();
    let texts = Texts { name: "Näme".into(), symbol: "SYM".into(), uri: "ipfs://x".into() };
    assert_eq!(listed, Listed { texts, update_authority: AUTHORITY });
}

#[test]
fn metadata_that_cannot_change_has_no_authority() {
    let listed = read(stored(0, &[0], 0), METAPLEX).unwrap();
    assert_eq!(listed.update_authority, Pubkey::default());
}

#[test]
fn creators_and_royalties_are_refused() {
    let mut creators = vec![1, 1, 0, 0, 0];
    creators.extend([9; 34]);
    for data in [stored(1, &[0], 1), stored(0, &creators, 1), stored(10_000, &creators, 1)] {
        assert_eq!(code(read(data, METAPLEX)), u32::from(LauncherError::RoyaltyOnToken));
    }
}

#[test]
fn what_is_no_metadata_of_this_mint_is_refused() {
    let invalid = u32::from(LauncherError::InvalidMetadata);
    let whole = stored(0, &[0], 1);
    assert_eq!(
        code(read(whole.clone(), Pubkey::new_unique())),
        invalid,
        "another program's account"
    );
    for (at, byte) in [(0, 6), (33, 1), (64, 1), (65, 255)] {
        let mut data = whole.clone();
        data[at] = byte;
        assert_eq!(code(read(data, METAPLEX)), invalid, "byte {at}");
    }
    for length in [0, 1, 65, 300, 322] {
        assert_eq!(code(read(whole[..length].to_vec(), METAPLEX)), invalid, "{length} bytes");
    }
}
