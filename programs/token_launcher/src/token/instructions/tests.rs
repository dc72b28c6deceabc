use super::*;
use anchor_spl::{
    token_2022::spl_token_2022::{extension::metadata_pointer, instruction as token},
    token_2022_extensions::spl_token_metadata_interface::{instruction as metadata, state::Field},
};

const ID: Pubkey = token_2022::ID;
const BOTH: [Pubkey; 2] = [token_2022::ID, anchor_spl::token::ID];

fn keys() -> [Pubkey; 3] {
    [1, 2, 3].map(|byte| Pubkey::new_from_array([byte; 32]))
}

#[test]
fn the_mint_is_made_as_the_interface_makes_it() {
    let [mint, authority, _] = keys();
    let pointer = metadata_pointer::instruction::initialize(&ID, &mint, None, Some(mint)).unwrap();
    assert_eq!(initialize_metadata_pointer(&mint), pointer);
    let made = token::initialize_mint2(&ID, &mint, &authority, None, 9).unwrap();
    assert_eq!(initialize_mint(&mint, 9, &authority), made);
}

#[test]
fn the_mint_authority_goes_as_the_interface_lets_it_go() {
    let [mint, authority, next] = keys();
    for id in BOTH {
        let set = |to: Option<&Pubkey>| {
            let kind = token::AuthorityType::MintTokens;
            token::set_authority(&id, &mint, to, kind, &authority, &[]).unwrap()
        };
        assert_eq!(renounce_mint_authority(&id, &mint, &authority), set(None));
        assert_eq!(hand_over_mint_authority(&id, &mint, &authority, &next), set(Some(&next)));
    }
}

#[test]
fn supply_is_moved_as_the_interface_moves_it() {
    let [mint, account, authority] = keys();
    for id in BOTH {
        let minted = token::mint_to_checked(&id, &mint, &account, &authority, &[], 77, 6).unwrap();
        assert_eq!(mint_to(&id, &mint, &account, &authority, 77, 6), minted);
        let burned = token::burn_checked(&id, &account, &mint, &authority, &[], 77, 6).unwrap();
        assert_eq!(burn(&id, &account, &mint, &authority, 77, 6), burned);
    }
}

#[test]
fn metadata_is_written_as_the_interface_writes_it() {
    let [mint, authority, _] = keys();
    let (name, symbol, uri) = ("Näme", "SYM", "ipfs://x");
    let written = metadata::initialize(
        &ID,
        &mint,
        &authority,
        &mint,
        &authority,
        name.into(),
        symbol.into(),
        uri.into(),
    );
    assert_eq!(initialize_metadata(&mint, &authority, name, symbol, uri), written);
    for (number, field) in [(0, Field::Name), (1, Field::Symbol), (2, Field::Uri)] {
        let updated = metadata::update_field(&ID, &mint, &authority, field, name.into());
        assert_eq!(update_metadata_field(&mint, &authority, number, name), updated);
    }
    let renounced = metadata::update_authority(&ID, &mint, &authority, Default::default());
    assert_eq!(renounce_metadata_authority(&mint, &authority), renounced);
}
