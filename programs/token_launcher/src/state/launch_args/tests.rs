use {super::*, bonding_curve::state::Segment};

fn args() -> LaunchArgs {
    LaunchArgs {
        name: "Example".into(),
        symbol: "EXM".into(),
        uri: "ipfs://bafy".into(),
        metadata_hash: [7; 32],
        decimals: 9,
        supply: 1_000_000,
        supply_mode: SupplyMode::Fixed,
        allocations: Allocations {
            public_bps: 7_000,
            liquidity_bps: 1_000,
            team_bps: 2_000,
            ecosystem_bps: 0,
            treasury_bps: 0,
        },
        update_authority: UpdateAuthority::Creator,
        source: inline(&[300_000, 400_000]),
        deadline: None,
        team: Some(team()),
    }
}

fn inline(sales: &[u64]) -> CurveSource {
    let segment = |base_for_sale: &u64| Segment {
        base_reserve: 1_000_000,
        quote_reserve: 1,
        base_for_sale: *base_for_sale,
    };
    CurveSource::Inline { segments: sales.iter().map(segment).collect() }
}

fn team() -> TeamVesting {
    TeamVesting {
        beneficiary: Pubkey::new_unique(),
        cliff_seconds: 10,
        duration_seconds: 100,
        period_seconds: 1,
        revocable: true,
    }
}

#[test]
fn sound_arguments_give_the_buckets() {
    let amounts = args().validate().unwrap();
    assert_eq!((amounts.public, amounts.liquidity, amounts.team), (700_000, 100_000, 200_000));
}

#[test]
fn every_unsound_argument_has_its_own_error() {
    let key = Pubkey::new_unique();
    let without_team = Allocations { liquidity_bps: 3_000, team_bps: 0, ..args().allocations };
    let lopsided = Allocations { team_bps: 2_001, ..args().allocations };
    let cap = args().supply;
    let governance = UpdateAuthority::Governance { authority: Pubkey::default() };
    let cases = [
        (LaunchArgs { name: "".into(), ..args() }, LauncherError::InvalidName),
        (LaunchArgs { symbol: "A B".into(), ..args() }, LauncherError::InvalidSymbol),
        (LaunchArgs { uri: "a\nb".into(), ..args() }, LauncherError::InvalidUri),
        (LaunchArgs { decimals: 10, ..args() }, LauncherError::InvalidDecimals),
        (LaunchArgs { supply: 0, ..args() }, LauncherError::InvalidSupply),
        (mintable(key, cap), LauncherError::InvalidSupplyMode),
        (mintable(Pubkey::default(), cap + 1), LauncherError::InvalidSupplyMode),
        (LaunchArgs { update_authority: governance, ..args() }, LauncherError::InvalidAuthority),
        (LaunchArgs { allocations: lopsided, ..args() }, LauncherError::InvalidAllocations),
        (LaunchArgs { team: None, ..args() }, LauncherError::InvalidTeam),
        (LaunchArgs { allocations: without_team, ..args() }, LauncherError::InvalidTeam),
        (LaunchArgs { source: inline(&[699_999]), ..args() }, LauncherError::SaleMismatch),
        (LaunchArgs { source: inline(&[]), ..args() }, LauncherError::SaleMismatch),
        (LaunchArgs { source: inline(&[u64::MAX, 1]), ..args() }, LauncherError::Overflow),
    ];
    for (args, expected) in cases {
        assert_eq!(args.validate(), Err(expected), "{args:?}");
    }
    assert!(mintable(key, cap + 1).validate().is_ok());
}

fn mintable(authority: Pubkey, cap: u64) -> LaunchArgs {
    LaunchArgs { supply_mode: SupplyMode::Mintable { authority, cap }, ..args() }
}

#[test]
fn schedules_count_from_the_launch_and_never_share_an_index() {
    let team = team();
    let terms = team.schedule(5, 1_000).unwrap();
    assert_eq!((terms.start, terms.cliff, terms.end, terms.period), (1_000, 1_010, 1_100, 1));
    assert!(terms.revocable);
    let lock = Lock { cliff_seconds: 0, duration_seconds: u32::MAX, period_seconds: u32::MAX };
    let locked = lock.schedule(team.beneficiary, 5, 1_000).unwrap();
    assert_eq!(locked.end, 1_000 + i64::from(u32::MAX));
    assert!(!locked.revocable);
    assert_ne!(locked.index, terms.index);
}
