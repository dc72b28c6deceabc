use {
    super::{
        graduation::sale_of,
        lamports::{missing_rent, pay_out, send_through},
    },
    crate::{
        constants::*,
        error::CurveError,
        events::{PayoutKind, PayoutReleased},
        math::most_of,
        state::{Curve, Payout, Terms},
    },
    amm::token::WRAPPED_SOL,
    anchor_lang::prelude::*,
    anchor_spl::{
        associated_token::AssociatedToken,
        token::{self, SyncNative, Token, TokenAccount},
    },
    launchpad_common::{associated::CreateAssociated, SafeMath},
    vesting::{
        program::Vesting,
        state::{Schedule, ScheduleArgs},
    },
};

#[event_cpi]
#[derive(Accounts)]
pub struct ReleasePayout<'info> {
    /// Anybody: pays the rent of what is made here and gets it back out of the payout.
    #[account(mut)]
    pub caller: Signer<'info>,
    #[account(mut, seeds = [CURVE_SEED, curve.mint.as_ref()], bump = curve.bump)]
    pub curve: Box<Account<'info, Curve>>,
    /// CHECK: compared with the curve where it is used.
    pub terms: Box<Account<'info, Terms>>,
    /// CHECK: wrapped SOL.
    #[account(address = WRAPPED_SOL @ CurveError::InvalidMint)]
    pub quote_mint: UncheckedAccount<'info>,
    /// CHECK: made here, by the vesting program, at its own address.
    #[account(mut)]
    pub schedule: UncheckedAccount<'info>,
    /// CHECK: the schedule's associated token account. Anybody may have made it already.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    /// Of wrapped SOL.
    pub token_program: Program<'info, Token>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
    pub vesting_program: Program<'info, Vesting>,
    /// CHECK: the vesting program checks it.
    pub vesting_event_authority: UncheckedAccount<'info>,
}

pub fn handle_release_payout(
    ctx: Context<ReleasePayout>,
    kind: PayoutKind,
    index: u16,
) -> Result<()> {
    // Check
    let accounts = &*ctx.accounts;
    let sale = sale_of(&accounts.curve, Some(&accounts.terms))?;
    let payout = sale.graduation.payout.ok_or(CurveError::PayoutMissing)?;
    let owed = accounts.curve.payout(kind);
    require!(owed > 0, CurveError::PayoutMissing);
    let repaid = accounts.rents()?.min(most_of(owed));
    let amount = owed.safe_sub(repaid).map_err(CurveError::from)?;
    let args = payout.schedule(kind, amount, accounts.curve.graduated_at, index);

    // Effect
    ctx.accounts.curve.settle_payout(kind);

    // Interaction
    let accounts = &*ctx.accounts;
    accounts.fund(amount)?;
    accounts.create_schedule(args)?;
    let curve = accounts.curve.to_account_info();
    pay_out(&curve, &accounts.caller, repaid)?;
    accounts.curve.invariant(curve.lamports())?;

    // Event
    emit_cpi!(PayoutReleased {
        mint: accounts.curve.mint,
        curve: curve.key(),
        kind,
        beneficiary: args.beneficiary,
        amount,
        schedule: accounts.schedule.key(),
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl<'info> ReleasePayout<'info> {
    /// What the caller pays for the schedule and its escrow.
    fn rents(&self) -> Result<u64> {
        let schedule = missing_rent(&self.schedule, 8 + Schedule::INIT_SPACE)?;
        let escrow = missing_rent(&self.escrow, TokenAccount::LEN)?;
        Ok(schedule.safe_add(escrow).map_err(CurveError::from)?)
    }

    /// Makes the escrow and puts the lamports into it, as wrapped SOL.
    #[inline(never)]
    fn fund(&self, amount: u64) -> Result<()> {
        CreateAssociated {
            payer: &self.caller,
            account: &self.escrow,
            owner: &self.schedule,
            mint: &self.quote_mint,
            system_program: &self.system_program,
            token_program: &self.token_program,
        }
        .invoke()?;
        let curve = self.curve.to_account_info();
        send_through(&curve, &self.caller, &self.escrow, amount, &[])?;
        let accounts = SyncNative { account: self.escrow.to_account_info() };
        token::sync_native(CpiContext::new(token::ID, accounts))
    }

    /// Nothing has to come from a source: the whole amount lies in the escrow.
    #[inline(never)]
    fn create_schedule(&self, args: ScheduleArgs) -> Result<()> {
        let accounts = Box::new(vesting::cpi::accounts::CreateSchedule {
            payer: self.caller.to_account_info(),
            grantor: self.curve.to_account_info(),
            mint: self.quote_mint.to_account_info(),
            source: None,
            schedule: self.schedule.to_account_info(),
            escrow: self.escrow.to_account_info(),
            token_program: self.token_program.to_account_info(),
            associated_token_program: self.associated_token_program.to_account_info(),
            system_program: self.system_program.to_account_info(),
            event_authority: self.vesting_event_authority.to_account_info(),
            program: self.vesting_program.to_account_info(),
        });
        self.curve.sign(|seeds| {
            let signers = [seeds];
            let context = CpiContext::new_with_signer(vesting::ID, *accounts, &signers);
            vesting::cpi::create_schedule(context, args)
        })
    }
}

impl Curve {
    /// Lamports that wait for a schedule.
    fn payout(&self, kind: PayoutKind) -> u64 {
        match kind {
            PayoutKind::Team => self.team_payout,
            PayoutKind::Treasury => self.treasury_payout,
        }
    }

    fn settle_payout(&mut self, kind: PayoutKind) {
        match kind {
            PayoutKind::Team => self.team_payout = 0,
            PayoutKind::Treasury => self.treasury_payout = 0,
        }
    }
}

impl Payout {
    /// The schedule of `amount` lamports, counted from the graduation, whenever it is made.
    fn schedule(&self, kind: PayoutKind, amount: u64, start: i64, index: u16) -> ScheduleArgs {
        ScheduleArgs {
            beneficiary: match kind {
                PayoutKind::Team => self.team,
                PayoutKind::Treasury => self.treasury,
            },
            amount,
            start,
            cliff: start.saturating_add(self.cliff_seconds.into()),
            end: start.saturating_add(self.duration_seconds.into()),
            period: self.period_seconds.into(),
            revocable: false,
            index,
        }
    }
}
