use {
    super::*,
    crate::{constants::*, error::RouterError},
    anchor_lang::{prelude::*, Discriminator},
    proptest::prelude::*,
    std::collections::BTreeMap,
};

fn key(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn router() -> Router {
    let args = RouterArgs { index: 0x0102, delay_seconds: 86_400, fixed: false };
    Router::new(&args, key(1), 5, 254, 7)
}

fn portions(of: &[(u8, u16)]) -> Vec<Portion> {
    of.iter().map(|(byte, bps)| Portion { wallet: key(*byte), bps: *bps }).collect()
}

#[test]
fn the_routers_layout_is_pinned() {
    let router = Router {
        pending_owner: key(3),
        owner: key(2),
        fixed: true,
        applied_at: 8,
        income: 9,
        paid: 10,
        adopted: 11,
        recipients: 12,
        entries: 13,
        ..router()
    };
    let mut bytes = Router::DISCRIMINATOR.to_vec();
    router.serialize(&mut bytes).unwrap();
    assert_eq!(bytes.len(), Router::TABLE);
    assert_eq!(Router::TABLE, 225);
    assert_eq!(bytes[8..10], [ACCOUNT_VERSION, 254]);
    assert_eq!(bytes[42..44], [2, 1]);
    for (at, byte) in [(10, 1), (44, 2), (76, 3)] {
        assert_eq!(bytes[at..at + 32], [byte; 32], "key at {at}");
    }
    assert_eq!(bytes[108..113], [0x80, 0x51, 1, 0, 1]);
    for (number, at) in [7u64, 8, 5, 9, 10].into_iter().zip((113..).step_by(8)) {
        assert_eq!(bytes[at..at + 8], number.to_le_bytes(), "number at {at}");
    }
    assert_eq!(bytes[153..161], [11, 0, 0, 0, 12, 0, 13, 0]);
    assert_eq!(bytes[161..], [0; 64]);
}

#[test]
fn an_entrys_layout_is_pinned() {
    let entry =
        Share { wallet: key(9), bps: 0x0102, fraction: 0x0304, counted: 0x0506, owed: 0x0708 };
    let mut bytes = vec![0; Router::space(2).unwrap()];
    Router::put_entry(&mut bytes, 1, &entry).unwrap();
    let start = Router::TABLE + 52;
    assert_eq!(bytes.len(), start + 52);
    assert_eq!(bytes[start..start + 32], [9; 32]);
    let rest = [2, 1, 4, 3, 6, 5, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0];
    assert_eq!(bytes[start + 32..], rest);
    assert_eq!(Router::entry(&bytes, 1).unwrap(), entry);
    assert!(Router::entry(&bytes, 2).is_err(), "behind the table");
}

#[test]
fn a_proposals_and_a_releases_layout_are_pinned() {
    let mut proposal = Proposal::new(key(1), key(2), 253);
    proposal.append(&portions(&[(3, 4_000), (4, 6_000)])).unwrap();
    proposal.propose(77).unwrap();
    let mut bytes = Proposal::DISCRIMINATOR.to_vec();
    proposal.serialize(&mut bytes).unwrap();
    assert_eq!(bytes.len(), Proposal::space(2));
    assert_eq!(bytes[8..10], [ACCOUNT_VERSION, 253]);
    assert_eq!((bytes[10], bytes[42]), (1, 2));
    assert_eq!(bytes[74..84], [77, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x27]);
    assert_eq!(bytes[116..120], [2, 0, 0, 0]);
    assert_eq!((bytes[120], bytes[152..154].to_vec(), bytes[154]), (3, vec![0xa0, 0x0f], 4));

    let release = Release {
        version: 1,
        bump: 252,
        router: key(1),
        mint: key(2),
        new_creator: key(3),
        rent_payer: key(4),
        effective_at: 5,
        reserved: [0; 32],
    };
    let mut bytes = Release::DISCRIMINATOR.to_vec();
    release.serialize(&mut bytes).unwrap();
    assert_eq!(bytes.len(), 8 + Release::INIT_SPACE);
    for (at, byte) in [(10, 1), (42, 2), (74, 3), (106, 4)] {
        assert_eq!(bytes[at..at + 32], [byte; 32], "key at {at}");
    }
    assert_eq!(bytes[138..146], 5i64.to_le_bytes());
}

#[test]
fn portions_must_be_ordered_positive_few_and_somebodys() {
    let cases = [
        (portions(&[(0, 1)]), RouterError::InvalidRecipient),
        (portions(&[(1, 1)]), RouterError::InvalidRecipient),
        (portions(&[(3, 0)]), RouterError::InvalidShare),
        (portions(&[(3, 1), (3, 1)]), RouterError::SharesUnordered),
        (portions(&[(4, 1), (3, 1)]), RouterError::SharesUnordered),
        (portions(&[(3, 6_000), (4, 4_001)]), RouterError::SharesIncomplete),
        (portions(&[(3, u16::MAX)]), RouterError::SharesIncomplete),
        (
            (10..=110).map(|byte| portions(&[(byte, 1)])[0]).collect(),
            RouterError::TooManyRecipients,
        ),
    ];
    for (portions, expected) in cases {
        let refusal = Proposal::new(key(1), key(2), 0).append(&portions).unwrap_err();
        assert_eq!(refusal, expected.into(), "{portions:?}");
    }
}

#[test]
fn pieces_are_judged_as_one_list() {
    let mut proposal = Proposal::new(key(1), key(2), 0);
    proposal.append(&portions(&[(5, 9_999)])).unwrap();
    let between = proposal.append(&portions(&[(4, 1)])).unwrap_err();
    assert_eq!(between, RouterError::SharesUnordered.into());
    assert_eq!(proposal.propose(1).unwrap_err(), RouterError::SharesIncomplete.into());
    proposal.append(&portions(&[(6, 1)])).unwrap();
    proposal.propose(100).unwrap();
    assert_eq!(proposal.append(&[]).unwrap_err(), RouterError::AlreadyProposed.into());
    assert_eq!(proposal.propose(1).unwrap_err(), RouterError::AlreadyProposed.into());
    assert_eq!(proposal.require_effective(99).unwrap_err(), RouterError::TimeLocked.into());
    assert!(proposal.require_effective(100).is_ok());
}

#[test]
fn the_first_shares_wait_for_nothing_and_later_ones_for_the_lock() {
    let mut router = router();
    router.fixed = true;
    assert_eq!(router.effective_at(50).unwrap(), 50);
    assert!(router.require_open().is_ok());
    router.applied_at = 1;
    assert_eq!(router.effective_at(50).unwrap(), 86_450);
    assert_eq!(router.require_open().unwrap_err(), RouterError::SharesFixed.into());
}

#[test]
fn income_is_whatever_lies_there_beside_the_rent() {
    let mut router = router();
    assert_eq!(router.notice(5).unwrap(), 0);
    assert_eq!(router.notice(25).unwrap(), 20);
    router.paid = 15;
    assert_eq!(router.notice(11).unwrap(), 1);
    assert_eq!(router.income, 21);
    assert!(router.notice(10).is_err(), "income never falls");
    assert!(router.notice(4).is_err());
}

#[test]
fn the_invariant_refuses_states_no_instruction_makes() {
    let active =
        Router { applied_at: 1, recipients: 1, entries: 1, income: 9, paid: 4, ..router() };
    assert!(active.invariant(10).is_ok());
    assert!(active.invariant(9).is_err(), "a lamport is missing");
    let clone = || copy(&active);
    let impossible = [
        Router { version: 0, ..clone() },
        Router { owner: Pubkey::default(), ..clone() },
        Router { delay_seconds: MIN_DELAY_SECONDS - 1, ..clone() },
        Router { delay_seconds: MAX_DELAY_SECONDS + 1, ..clone() },
        Router { recipients: 0, ..clone() },
        Router { recipients: 101, entries: 101, ..clone() },
        Router { entries: 201, ..clone() },
        Router { entries: 0, ..clone() },
        Router { applied_at: 0, ..clone() },
        Router { paid: 10, ..clone() },
    ];
    for router in impossible {
        assert!(router.invariant(u64::MAX).is_err(), "{router:?}");
    }
}

fn copy(router: &Router) -> Router {
    let mut bytes = vec![];
    router.serialize(&mut bytes).unwrap();
    Router::try_from_slice(&bytes).unwrap()
}

/// A router as it lies in its account, and a model of it that keeps everybody's ten-thousandths for ever.
struct World {
    router: Router,
    data: Vec<u8>,
    lamports: u64,
    shares: BTreeMap<Pubkey, u16>,
    earned: BTreeMap<Pubkey, u128>,
    paid: BTreeMap<Pubkey, u128>,
}

impl World {
    fn new() -> Self {
        let data = vec![0; Router::TABLE];
        Self {
            router: router(),
            data,
            lamports: 5,
            shares: BTreeMap::new(),
            earned: BTreeMap::new(),
            paid: BTreeMap::new(),
        }
    }

    /// What came before the first shares counts with them.
    fn receive(&mut self, lamports: u64) {
        self.lamports += lamports;
        for (wallet, bps) in &self.shares {
            *self.earned.entry(*wallet).or_default() += u128::from(lamports) * u128::from(*bps);
        }
    }

    fn apply(&mut self, portions: &[Portion]) -> Result<()> {
        self.router.notice(self.lamports)?;
        let mut table = Table::read(&self.router, &self.data)?;
        table.replace(portions, self.router.income)?;
        let space = Router::space(table.0.len())?;
        if space > self.data.len() {
            self.data.resize(space, 0);
        }
        table.write(&mut self.data)?;
        self.router.entries = table.0.len().try_into().unwrap();
        self.router.recipients = portions.len().try_into().unwrap();
        table.invariant(&self.router)?;
        let first = !self.router.is_active();
        self.router.applied_at = 1;
        self.shares = portions.iter().map(|each| (each.wallet, each.bps)).collect();
        for portion in portions {
            self.earned.entry(portion.wallet).or_default();
        }
        if first {
            let before = self.lamports - 5;
            for (wallet, bps) in &self.shares {
                self.earned.insert(*wallet, u128::from(before) * u128::from(*bps));
            }
        }
        Ok(())
    }

    fn claim(&mut self, wallet: Pubkey) -> Result<u64> {
        self.router.notice(self.lamports)?;
        let at = self.router.find(&self.data, &wallet)?;
        let mut entry = Router::entry(&self.data, at)?;
        entry.settle(self.router.income)?;
        let amount = core::mem::take(&mut entry.owed);
        if amount > 0 {
            Router::put_entry(&mut self.data, at, &entry)?;
            if entry.has_left() {
                self.router.forget(&mut self.data, at)?;
            }
            self.router.paid += amount;
            self.lamports -= amount;
            *self.paid.entry(wallet).or_default() += u128::from(amount);
        }
        self.router.invariant(self.lamports)?;
        Ok(amount)
    }

    /// Nobody has more than he earned, but for fractions of others; nobody lacks a whole lamport.
    fn judge(&self, lost_fractions: u128) {
        for (wallet, earned) in &self.earned {
            let paid = self.paid.get(wallet).copied().unwrap_or_default();
            assert!(paid * 10_000 <= earned + lost_fractions, "{wallet} got too much");
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Receive(u64),
    Apply(Vec<(u8, u16)>),
    Claim(u8),
}

/// 1 to 8 of 12 wallets whose shares sum to the whole.
fn shares() -> impl Strategy<Value = Vec<(u8, u16)>> {
    (prop::collection::btree_set(10u8..22, 1..8), prop::collection::btree_set(1u16..10_000, 7))
        .prop_map(|(wallets, cuts)| {
            let last = wallets.len() - 1;
            let cuts: Vec<u16> = cuts.into_iter().take(last).chain([10_000]).collect();
            let from = [0].into_iter().chain(cuts.clone());
            wallets.into_iter().zip(cuts.iter().zip(from).map(|(to, from)| to - from)).collect()
        })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0u32..50, any::<u64>()).prop_map(|(shift, value)| Step::Receive((value >> 16) >> shift)),
        shares().prop_map(Step::Apply),
        (10u8..22).prop_map(Step::Claim),
        (10u8..22).prop_map(Step::Claim),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn everybody_gets_his_part_of_every_lamport(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        world.receive(12_345);
        world.apply(&portions(&[(10, 1), (15, 9_999)])).unwrap();
        let mut applied = 1u128;
        for step in steps {
            match step {
                Step::Receive(lamports) => world.receive(lamports),
                Step::Apply(shares) => {
                    world.apply(&portions(&shares)).unwrap();
                    applied += 1;
                }
                Step::Claim(byte) => {
                    let _ = world.claim(key(byte));
                }
            }
            // A leaver leaves less than a lamport each time, to somebody who stays.
            world.judge(10_000 * 12 * applied);
        }
        let everybody: Vec<Pubkey> = world.earned.keys().copied().collect();
        // Twice: the last fraction of a leaver can complete a lamport of somebody who was paid.
        for wallet in everybody.iter().chain(&everybody) {
            let _ = world.claim(*wallet);
        }
        // Whoever earned whole lamports has them, but for one that his own lost fractions would have completed.
        for wallet in &everybody {
            let paid = world.paid.get(wallet).copied().unwrap_or_default();
            prop_assert!(paid + applied >= world.earned[wallet] / 10_000);
        }
        // What is left is less than a lamport for each recipient.
        prop_assert!(world.lamports - 5 < u64::from(world.router.recipients));
        prop_assert_eq!(world.router.entries, world.router.recipients);
    }

    #[test]
    fn nobody_gains_or_loses_by_when_he_claims(incomes in prop::collection::vec(0u64..1 << 40, 1..20), bps in 1u16..10_000) {
        let [mut often, mut once] = [World::new(), World::new()];
        for world in [&mut often, &mut once] {
            world.apply(&portions(&[(10, bps), (11, 10_000 - bps)])).unwrap();
        }
        let mut paid = 0;
        for income in &incomes {
            often.receive(*income);
            once.receive(*income);
            paid += often.claim(key(10)).unwrap();
        }
        prop_assert_eq!(paid, once.claim(key(10)).unwrap());
        let exact = incomes.iter().map(|income| u128::from(*income)).sum::<u128>() * u128::from(bps) / 10_000;
        prop_assert_eq!(u128::from(paid), exact);
    }
}

#[test]
fn an_edit_changes_nothing_that_was_earned_before() {
    let mut world = World::new();
    world.receive(1_000);
    world.apply(&portions(&[(10, 2_500), (20, 7_500)])).unwrap();
    world.receive(1_000);
    world.apply(&portions(&[(15, 10_000)])).unwrap();
    world.receive(3);
    assert_eq!(world.claim(key(10)).unwrap(), 500);
    assert_eq!(world.claim(key(10)).unwrap_err(), RouterError::NotRecipient.into());
    assert_eq!(world.claim(key(15)).unwrap(), 3);
    assert_eq!(world.claim(key(20)).unwrap(), 1_500);
    assert_eq!((world.lamports, world.router.entries), (5, 1));
}

#[test]
fn a_hundred_recipients_can_be_replaced_at_once_and_more_wait_for_payment() {
    let hundred =
        |from: u8| portions(&(from..from + 100).map(|byte| (byte, 100)).collect::<Vec<_>>());
    let mut world = World::new();
    world.apply(&hundred(10)).unwrap();
    world.receive(10_000_000);
    world.apply(&hundred(120)).unwrap();
    assert_eq!(world.router.entries, 200);
    world.receive(10_000_000);
    let one = portions(&[(9, 10_000)]);
    assert_eq!(world.apply(&one).unwrap_err(), RouterError::TooManyLeaving.into());
    assert_eq!(world.claim(key(57)).unwrap(), 100_000);
    world.apply(&one).unwrap();
    for byte in (10..220).filter(|byte| *byte != 57 && !(110..120).contains(byte)) {
        assert_eq!(world.claim(key(byte)).unwrap(), 100_000);
    }
    assert_eq!((world.lamports, world.router.entries), (5, 1));
}
