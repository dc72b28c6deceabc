use {
    super::*,
    crate::state::{Allowlist, HoldersTier, LaunchFee, SaleTerms},
    proptest::prelude::*,
};

const SUPPLY: u64 = 793_100_000_000_000_000;
const NOBODY: Purchases = Purchases { bought: 0, last_slot: 0, allowlisted: false, pledged: 0 };
const LISTED: Purchases = Purchases { allowlisted: true, ..NOBODY };
const HOLDER: Purchases = Purchases { pledged: 5, ..NOBODY };

fn rules() -> OpeningRules {
    OpeningRules {
        window_seconds: 60,
        wallet_cap_bps: 200,
        one_buy_per_slot: true,
        allowlist: Some(Allowlist { root: [1; 32], seconds: 100 }),
        holders: Some(HoldersTier { mint: Pubkey::new_unique(), minimum: 5, seconds: 50 }),
        binds_creator: false,
    }
}

fn admits(rules: &OpeningRules, wallet: Purchases, elapsed: i64) -> bool {
    rules.require_admitted(&wallet, elapsed, 1).is_ok()
}

#[test]
fn tiers_open_one_after_the_other_and_never_close() {
    let rules = rules();
    for (elapsed, holder, anybody) in [
        (-9, false, false),
        (0, false, false),
        (99, false, false),
        (100, true, false),
        (149, true, false),
        (150, true, true),
    ] {
        assert!(admits(&rules, LISTED, elapsed), "{elapsed}");
        assert_eq!(admits(&rules, HOLDER, elapsed), holder, "{elapsed}");
        assert_eq!(admits(&rules, NOBODY, elapsed), anybody, "{elapsed}");
    }
}

#[test]
fn a_single_tier_counts_from_the_opening() {
    let holders = OpeningRules { allowlist: None, ..rules() };
    assert!(admits(&holders, HOLDER, -9) && admits(&holders, HOLDER, 0));
    assert!(!admits(&holders, NOBODY, 49) && admits(&holders, NOBODY, 50));
    let listed = OpeningRules { holders: None, ..rules() };
    assert!(!admits(&listed, HOLDER, 99) && admits(&listed, NOBODY, 100));
    let open = OpeningRules { allowlist: None, holders: None, ..rules() };
    assert!(admits(&open, NOBODY, -9) && admits(&open, NOBODY, 0));
}

#[test]
fn a_wallet_buys_once_a_slot_in_the_window() {
    let rules = rules();
    let bought = LISTED.after(7, 40).unwrap();
    let at = |slot, elapsed| rules.require_admitted(&bought, elapsed, slot);
    assert_eq!(at(40, 59), Err(CurveError::OneBuyPerSlot));
    assert_eq!(at(39, -5), Err(CurveError::OneBuyPerSlot), "a slot behind is no later one");
    assert_eq!(at(41, 0), Ok(()));
    assert_eq!(at(40, 60), Ok(()));
    let free = OpeningRules { one_buy_per_slot: false, ..rules };
    assert_eq!(free.require_admitted(&bought, 0, 40), Ok(()));
    assert_eq!(rules.require_admitted(&LISTED, 0, 0), Ok(()), "slot 0 is no buy");
}

#[test]
fn a_wallet_buys_up_to_its_cap_in_the_window() {
    let rules = rules();
    let cap = rules.wallet_cap(SUPPLY);
    assert_eq!(cap, SUPPLY / 50);
    assert_eq!(rules.require_room(cap, SUPPLY, 59), Ok(()));
    assert_eq!(rules.require_room(cap + 1, SUPPLY, -1), Err(CurveError::WalletCapReached));
    assert_eq!(rules.require_room(cap + 1, SUPPLY, 60), Ok(()));
    let uncapped = OpeningRules { wallet_cap_bps: 0, ..rules };
    assert_eq!(uncapped.require_room(u64::MAX, SUPPLY, 0), Ok(()));
    let all = OpeningRules { wallet_cap_bps: 10_000, ..rules };
    assert_eq!(all.wallet_cap(u64::MAX), u64::MAX);
}

#[test]
fn rules_are_read_where_they_lie_in_the_terms() {
    let fee = LaunchFee { start_bps: 500, seconds: 60, half_life: 0 };
    for opening in [rules(), OpeningRules::default(), OpeningRules { holders: None, ..rules() }] {
        let sale = SaleTerms { launch_fee: fee, opening, ..SaleTerms::default() };
        let mut bytes = Terms::DISCRIMINATOR.to_vec();
        Terms::new(sale, 7).unwrap().serialize(&mut bytes).unwrap();
        assert_eq!(Terms::opening_of(&bytes).unwrap(), opening);
        assert!(Terms::opening_of(&bytes[..20]).is_err());
    }
}

/// A tree over `wallets`, level by level: an odd node goes up as it is.
fn levels(wallets: &[Pubkey]) -> Vec<Vec<[u8; 32]>> {
    let leaf = |wallet: &Pubkey| hashv(&[LEAF, wallet.as_array()]).to_bytes();
    let mut levels = vec![wallets.iter().map(leaf).collect::<Vec<_>>()];
    while levels.last().unwrap().len() > 1 {
        let pair = |nodes: &[[u8; 32]]| match nodes {
            [left, right] => hashv(&[NODE, left.min(right), left.max(right)]).to_bytes(),
            _ => nodes[0],
        };
        levels.push(levels.last().unwrap().chunks(2).map(pair).collect());
    }
    levels
}

fn proof(levels: &[Vec<[u8; 32]>], mut index: usize) -> Vec<[u8; 32]> {
    let mut nodes = vec![];
    for level in &levels[..levels.len() - 1] {
        nodes.extend(level.get(index ^ 1));
        index /= 2;
    }
    nodes
}

#[test]
fn a_node_is_no_leaf_and_a_shorter_proof_proves_nothing() {
    let wallets: Vec<Pubkey> = (0..4).map(|_| Pubkey::new_unique()).collect();
    let tree = levels(&wallets);
    let root = tree[2][0];
    assert!(is_listed(&root, &wallets[0], &proof(&tree, 0)));
    // The second preimage: an inner node, or the root itself, offered as a wallet.
    assert!(!is_listed(&root, &Pubkey::new_from_array(tree[1][0]), &[tree[1][1]]));
    assert!(!is_listed(&root, &Pubkey::new_from_array(root), &[]));
    assert!(!is_listed(&root, &wallets[0], &proof(&tree, 0)[..1]));
    assert!(!is_listed(&root, &wallets[0], &[]));
}

proptest! {
    #[test]
    fn every_listed_wallet_has_a_proof_and_nobody_else(count in 1usize..40, pick in 0usize..40) {
        let wallets: Vec<Pubkey> = (0..count).map(|_| Pubkey::new_unique()).collect();
        let tree = levels(&wallets);
        let root = tree.last().unwrap()[0];
        let index = pick % count;
        let nodes = proof(&tree, index);
        prop_assert!(is_listed(&root, &wallets[index], &nodes));
        prop_assert!(!is_listed(&root, &Pubkey::new_unique(), &nodes));
        prop_assert!(!is_listed(&[9; 32], &wallets[index], &nodes));
    }

    #[test]
    fn whoever_is_admitted_stays_admitted(
        listed: bool, pledged in 0u64..2, first in 0u32..50, next in 0u32..50, elapsed in -5i64..120,
    ) {
        let tiers = OpeningRules {
            allowlist: (first > 0).then_some(Allowlist { root: [1; 32], seconds: first }),
            holders: (next > 0).then_some(HoldersTier { mint: Pubkey::default(), minimum: 1, seconds: next }),
            ..OpeningRules::default()
        };
        let wallet = Purchases { allowlisted: listed, pledged, ..NOBODY };
        if admits(&tiers, wallet, elapsed) {
            prop_assert!(admits(&tiers, wallet, elapsed + 1));
            let listed = Purchases { allowlisted: true, ..wallet };
            prop_assert!(admits(&tiers, listed, elapsed));
        }
        prop_assert!(admits(&tiers, wallet, i64::from(first + next)));
    }

    #[test]
    fn buys_of_a_wallet_never_sum_to_more_than_its_cap(
        bps in 1u16..=10_000, supply: u64, buys in prop::collection::vec(any::<u64>(), 1..20),
    ) {
        let rules = OpeningRules { window_seconds: 9, wallet_cap_bps: bps, ..OpeningRules::default() };
        let (mut wallet, mut total) = (NOBODY, 0u128);
        for (slot, base) in buys.iter().map(|base| base % (supply / 4 + 1)).enumerate() {
            let after = wallet.after(base, slot as u64);
            if let Some(after) = after.ok().filter(|after| rules.require_room(after.bought, supply, 8).is_ok()) {
                (wallet, total) = (after, total + u128::from(base));
            }
        }
        prop_assert_eq!(u128::from(wallet.bought), total);
        prop_assert!(total * 10_000 <= u128::from(supply) * u128::from(bps));
    }
}
