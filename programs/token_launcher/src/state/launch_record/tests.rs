use super::*;

const NOBODY: Pubkey = Pubkey::new_from_array([0; 32]);

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn record() -> LaunchRecord {
    LaunchRecord {
        version: ACCOUNT_VERSION,
        bump: 254,
        mint: key(1),
        creator: key(2),
        pending_creator: key(3),
        curve: key(4),
        decimals: 9,
        supply: 1_000,
        supply_mode: SupplyKind::Mintable,
        allocations: Allocations {
            public_bps: 1,
            liquidity_bps: 2,
            team_bps: 3,
            ecosystem_bps: 4,
            treasury_bps: 5,
        },
        metadata_hash: [5; 32],
        update_authority: key(2),
        mint_authority: key(7),
        mint_cap: 2_000,
        minted: 500,
        created_at: 77,
        update_policy: UpdatePolicy::Creator,
        first_buy: 9,
        first_buy_lock: key(8),
        team_schedule: key(9),
        reserved: [0; 64],
    }
}

fn mint() -> MintView {
    MintView { mint_authority: Some(key(10)), supply: 1_500, decimals: 9, freeze_authority: None }
}

#[test]
fn the_layout_is_pinned() {
    let mut bytes = LaunchRecord::DISCRIMINATOR.to_vec();
    record().serialize(&mut bytes).unwrap();
    assert_eq!(bytes.len(), 8 + LaunchRecord::INIT_SPACE);
    assert_eq!(bytes[8..10], [1, 254]);
    let keys =
        [(10, 1), (42, 2), (74, 3), (106, 4), (158, 5), (190, 2), (222, 7), (287, 8), (319, 9)];
    for (at, byte) in keys {
        assert_eq!(bytes[at..at + 32], [byte; 32], "key at {at}");
    }
    assert_eq!(bytes[138], 9, "decimals");
    assert_eq!(bytes[139..147], 1_000u64.to_le_bytes(), "supply");
    assert_eq!(bytes[147], 1, "supply mode");
    assert_eq!(bytes[148..158], [1, 0, 2, 0, 3, 0, 4, 0, 5, 0], "allocations");
    for (at, number) in [(254, 2_000u64), (262, 500), (270, 77), (279, 9)] {
        assert_eq!(bytes[at..at + 8], number.to_le_bytes(), "number at {at}");
    }
    assert_eq!(bytes[278], 0, "update policy");
    assert_eq!(bytes[351..], [0; 64]);
}

#[test]
fn a_record_agrees_with_its_mint() {
    assert!(record().invariant(&key(10), &mint()).is_ok());
    let other_mints = [
        MintView { mint_authority: None, ..mint() },
        MintView { mint_authority: Some(key(2)), ..mint() },
        MintView { freeze_authority: Some(key(10)), ..mint() },
        MintView { decimals: 6, ..mint() },
        MintView { supply: 1_501, ..mint() },
    ];
    for other in other_mints {
        assert!(record().invariant(&key(10), &other).is_err(), "{other:?}");
    }
    assert!(record().invariant(&key(10), &MintView { supply: 1, ..mint() }).is_ok(), "burned");
}

#[test]
fn the_invariant_refuses_states_no_instruction_makes() {
    let impossible = [
        LaunchRecord { version: 0, ..record() },
        LaunchRecord { creator: NOBODY, ..record() },
        LaunchRecord { supply: 0, ..record() },
        LaunchRecord { mint_authority: NOBODY, ..record() },
        LaunchRecord { supply_mode: SupplyKind::Fixed, ..record() },
        LaunchRecord { minted: 1_001, ..record() },
        LaunchRecord { minted: u64::MAX, ..record() },
        LaunchRecord { update_authority: NOBODY, ..record() },
        LaunchRecord { update_policy: UpdatePolicy::Immutable, ..record() },
        LaunchRecord { first_buy: 0, ..record() },
    ];
    for record in impossible {
        assert!(record.invariant_alone().is_err(), "{record:?}");
    }
}

#[test]
fn metadata_follows_the_creator_only_where_it_is_the_creators() {
    let mut creators = record();
    creators.change_creator();
    assert_eq!((creators.creator, creators.update_authority), (key(3), key(3)));
    assert_eq!(creators.pending_creator, NOBODY);
    let mut governed = LaunchRecord { update_policy: UpdatePolicy::Governance, ..record() };
    governed.change_creator();
    assert_eq!((governed.creator, governed.update_authority), (key(3), key(2)));
}

#[test]
fn metadata_beside_the_mint_is_nobodys_here() {
    let listed = record().listed();
    assert!(listed.invariant_alone().is_ok());
    assert!(LaunchRecord { update_authority: NOBODY, ..record() }
        .listed()
        .invariant_alone()
        .is_ok());
    let codes = [listed, LaunchRecord { update_policy: UpdatePolicy::Immutable, ..record() }].map(
        |record| match record.require_mutable() {
            Err(Error::AnchorError(error)) => error.error_code_number,
            other => panic!("no error of ours: {other:?}"),
        },
    );
    let refused = [LauncherError::MetadataElsewhere, LauncherError::MetadataImmutable];
    assert_eq!(codes, refused.map(u32::from));
    assert!(record().require_mutable().is_ok());
    let mut taken_over = record().listed();
    taken_over.change_creator();
    assert_eq!((taken_over.creator, taken_over.update_authority), (key(3), key(2)));
}
