use super::*;

fn mint(extensions: &[(u16, usize)]) -> Vec<u8> {
    let mut data = vec![0; MINT_LEN];
    data[36..44].copy_from_slice(&1_000u64.to_le_bytes());
    data[44] = 9;
    data[45] = 1;
    if extensions.is_empty() {
        return data;
    }
    data.resize(ACCOUNT_LEN, 0);
    data.push(KIND_MINT);
    for (kind, length) in extensions {
        data.extend(kind.to_le_bytes());
        data.extend(u16::try_from(*length).unwrap().to_le_bytes());
        data.extend(vec![7; *length]);
    }
    data
}

#[test]
fn a_mint_is_read_from_both_programs_layouts() {
    for data in [mint(&[]), mint(&[(METADATA_POINTER, 64)])] {
        let view = parse_mint(&data).unwrap();
        assert_eq!((view.supply, view.decimals), (1_000, 9));
        assert_eq!((view.mint_authority, view.freeze_authority), (None, None));
    }
}

#[test]
fn authorities_are_read_only_where_the_option_says_so() {
    let mut data = mint(&[]);
    let key = Pubkey::new_unique();
    data[50..82].copy_from_slice(key.as_ref());
    assert_eq!(parse_mint(&data).unwrap().freeze_authority, None);
    data[46] = 1;
    assert_eq!(parse_mint(&data).unwrap().freeze_authority, Some(key));
    data[46] = 2;
    assert_eq!(parse_mint(&data), None, "no such option tag");
}

#[test]
fn an_uninitialised_or_foreign_layout_is_no_mint() {
    let mut blank = mint(&[]);
    blank[45] = 0;
    assert_eq!(parse_mint(&blank), None);
    assert_eq!(parse_mint(&[1; ACCOUNT_LEN]), None, "a token account's length");
    let mut account = mint(&[(METADATA_POINTER, 64)]);
    account[ACCOUNT_LEN] = KIND_ACCOUNT;
    assert_eq!(parse_mint(&account), None);
    assert_eq!(parse_mint(&[1; MULTISIG_LEN]), None, "a multisig");
}

#[test]
fn a_token_account_is_read_with_and_without_extensions() {
    let (mint, owner) = (Pubkey::new_unique(), Pubkey::new_unique());
    let mut data = vec![0; ACCOUNT_LEN];
    data[..32].copy_from_slice(mint.as_ref());
    data[32..64].copy_from_slice(owner.as_ref());
    data[64..72].copy_from_slice(&42u64.to_le_bytes());
    assert_eq!(parse_account(&data), None, "not initialised");
    data[108] = 1;
    let view = TokenView { mint, owner, amount: 42 };
    assert_eq!(parse_account(&data), Some(view));
    data.extend([KIND_ACCOUNT, 7, 0, 0, 0]);
    assert_eq!(parse_account(&data), Some(view));
    data[ACCOUNT_LEN] = KIND_MINT;
    assert_eq!(parse_account(&data), None);
}

#[test]
fn only_extensions_on_the_list_pass() {
    let harmless = [(METADATA_POINTER, 64), (TOKEN_METADATA, 90)];
    assert_eq!(first_forbidden(&mint(&harmless), &HARMLESS_MINT_EXTENSIONS), None);
    for kind in [1u16, 3, 6, 9, 10, 12, 14, 25, 26, 999] {
        let data = mint(&[harmless[0], (kind, 8), harmless[1]]);
        assert_eq!(first_forbidden(&data, &HARMLESS_MINT_EXTENSIONS), Some(kind));
    }
    assert_eq!(first_forbidden(&mint(&[]), &[]), None, "a classic mint has none");
}

#[test]
fn a_list_that_runs_past_the_account_is_forbidden() {
    let mut data = mint(&[(METADATA_POINTER, 64)]);
    data.truncate(data.len() - 1);
    assert_eq!(first_forbidden(&data, &HARMLESS_MINT_EXTENSIONS), Some(METADATA_POINTER));
}
