use super::*;
use anchor_lang::Discriminator;

const DAY: i64 = 86_400;

fn args() -> ScheduleArgs {
    ScheduleArgs {
        beneficiary: Pubkey::new_from_array([3; 32]),
        amount: 1_000,
        start: 0,
        cliff: 10 * DAY,
        end: 100 * DAY,
        period: DAY,
        revocable: true,
        index: 0x0102,
    }
}

fn schedule() -> Schedule {
    let [mint, grantor, escrow] = [1, 2, 5].map(|byte| Pubkey::new_from_array([byte; 32]));
    Schedule::new(&args(), mint, escrow, grantor, 254)
}

#[test]
fn the_layout_is_pinned() {
    let mut schedule = schedule();
    schedule.pending_beneficiary = Pubkey::new_from_array([4; 32]);
    schedule.claimed = 5;
    schedule.revoked_at = 6;
    let mut bytes = Schedule::DISCRIMINATOR.to_vec();
    schedule.serialize(&mut bytes).unwrap();
    assert_eq!(bytes.len(), 8 + Schedule::INIT_SPACE);
    assert_eq!(bytes[8..10], [SCHEDULE_VERSION, 254]);
    for (at, byte) in [(10, 1), (42, 2), (74, 3), (106, 3), (138, 4), (229, 5)] {
        assert_eq!(bytes[at..at + 32], [byte; 32], "key at {at}");
    }
    let numbers = [1_000, 5, 6, 0, 10 * DAY, 100 * DAY, DAY];
    for (number, at) in numbers.into_iter().zip((170..).step_by(8)) {
        assert_eq!(bytes[at..at + 8], number.to_le_bytes(), "number at {at}");
    }
    assert_eq!(bytes[226..229], [1, 0x02, 0x01]);
    assert_eq!(bytes[261..], [0; 64]);
}

#[test]
fn a_revoked_schedule_has_vested_all_that_is_left() {
    let mut schedule = schedule();
    schedule.amount = 333;
    schedule.revoked_at = 34 * DAY;
    assert_eq!(schedule.vested(DAY).unwrap(), 333);
}

#[test]
fn valid_terms_pass() {
    assert!(args().validate(0).is_ok());
    let one_second = ScheduleArgs { cliff: 0, end: 1, period: 1, ..args() };
    assert!(one_second.validate(0).is_ok());
}

#[test]
fn terms_that_could_cheat_are_refused() {
    let end = MAX_DURATION_SECONDS;
    let cases = [
        (ScheduleArgs { amount: 0, ..args() }, VestingError::ZeroAmount),
        (
            ScheduleArgs { beneficiary: Pubkey::default(), ..args() },
            VestingError::InvalidBeneficiary,
        ),
        (ScheduleArgs { start: -1, ..args() }, VestingError::InvalidTimes),
        (ScheduleArgs { cliff: -1, ..args() }, VestingError::InvalidTimes),
        (ScheduleArgs { cliff: 101 * DAY, ..args() }, VestingError::InvalidTimes),
        (ScheduleArgs { start: 9, cliff: 9, end: 9, ..args() }, VestingError::InvalidTimes),
        (ScheduleArgs { end: end + 1, ..args() }, VestingError::InvalidTimes),
        (ScheduleArgs { end: i64::MAX, ..args() }, VestingError::InvalidTimes),
        (ScheduleArgs { period: 0, ..args() }, VestingError::InvalidPeriod),
        (ScheduleArgs { period: -DAY, ..args() }, VestingError::InvalidPeriod),
        (ScheduleArgs { period: 100 * DAY + 1, ..args() }, VestingError::InvalidPeriod),
    ];
    for (args, expected) in cases {
        assert_eq!(args.validate(0).unwrap_err(), expected.into(), "{args:?}");
    }
}

#[test]
fn the_invariant_wants_the_escrow_to_cover_what_is_owed() {
    let schedule = Schedule { claimed: 400, ..schedule() };
    assert!(schedule.invariant(600).is_ok());
    assert!(schedule.invariant(10_000).is_ok(), "donations do not matter");
    assert_eq!(schedule.invariant(599).unwrap_err(), VestingError::InvariantViolated.into());
}

#[test]
fn the_invariant_refuses_states_no_instruction_makes() {
    let impossible = [
        Schedule { version: 0, ..schedule() },
        Schedule { claimed: 1_001, ..schedule() },
        Schedule { cliff: -1, ..schedule() },
        Schedule { period: 0, ..schedule() },
        Schedule { revocable: false, revoked_at: 1, ..schedule() },
        Schedule { beneficiary: Pubkey::default(), ..schedule() },
    ];
    for schedule in impossible {
        assert!(schedule.invariant(1_000).is_err(), "{schedule:?}");
    }
}
