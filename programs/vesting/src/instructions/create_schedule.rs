use {
    crate::{
        constants::SCHEDULE_SEED,
        error::VestingError,
        events::ScheduleCreated,
        state::{Schedule, ScheduleArgs},
    },
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token_interface::TokenInterface},
    launchpad_common::{
        associated::CreateAssociated,
        creation::NewAccount,
        token::{
            forbidden_extension, read_account, read_mint, require_account_of, MintView,
            TransferChecked, HARMLESS_MINT_EXTENSIONS,
        },
    },
};

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: ScheduleArgs)]
pub struct CreateSchedule<'info> {
    /// Pays the rent of schedule and escrow.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// Grants the tokens; owns the source.
    pub grantor: Signer<'info>,
    /// CHECK: program and content are read below.
    pub mint: UncheckedAccount<'info>,
    /// Tops up what the escrow lacks. None where the tokens were minted into it.
    /// CHECK: program, mint and owner are read where it is used.
    #[account(mut)]
    pub source: Option<UncheckedAccount<'info>>,
    /// CHECK: made here, at its own address.
    #[account(
        mut,
        seeds = [SCHEDULE_SEED, mint.key().as_ref(), args.beneficiary.as_ref(), &args.index.to_le_bytes()],
        bump,
    )]
    pub schedule: UncheckedAccount<'info>,
    /// The schedule's associated token account. Anybody may have created it already.
    /// CHECK: the associated token program checks the address, its content is read below.
    #[account(mut)]
    pub escrow: UncheckedAccount<'info>,
    pub token_program: Interface<'info, TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

pub fn handle_create_schedule(ctx: Context<CreateSchedule>, args: ScheduleArgs) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;

    // Check
    args.validate(now)?;
    let mint = ctx.accounts.escrowable_mint()?;

    // Effect
    let schedule = ctx.accounts.terms(&args, ctx.bumps.schedule);
    ctx.accounts.create_schedule(&schedule)?;

    // Interaction
    ctx.accounts.create_escrow()?;
    ctx.accounts.top_up(args.amount, mint.decimals)?;
    schedule.invariant(ctx.accounts.escrowed()?)?;

    // Event
    emit_cpi!(schedule.created(ctx.accounts.schedule.key(), now));
    Ok(())
}

impl CreateSchedule<'_> {
    /// A promise in escrow is worth something only while nobody can take, freeze, tax or block the tokens.
    fn escrowable_mint(&self) -> Result<MintView> {
        let mint = read_mint(&self.mint, self.token_program.key)?;
        require!(mint.freeze_authority.is_none(), VestingError::ForbiddenMint);
        let forbidden = forbidden_extension(&self.mint, &HARMLESS_MINT_EXTENSIONS)?;
        require!(forbidden.is_none(), VestingError::ForbiddenMint);
        Ok(mint)
    }

    fn terms(&self, args: &ScheduleArgs, bump: u8) -> Box<Schedule> {
        let (mint, escrow) = (self.mint.key(), self.escrow.key());
        Box::new(Schedule::new(args, mint, escrow, self.grantor.key(), bump))
    }

    #[inline(never)]
    fn create_schedule(&self, schedule: &Schedule) -> Result<()> {
        let space = 8 + Schedule::INIT_SPACE;
        let account = NewAccount::rent_exempt(&self.payer, &self.schedule, &crate::ID, space)?;
        schedule.sign(|seeds| account.create_with(schedule, seeds))
    }

    #[inline(never)]
    fn create_escrow(&self) -> Result<()> {
        let create = CreateAssociated {
            payer: &self.payer,
            account: &self.escrow,
            owner: &self.schedule,
            mint: &self.mint,
            system_program: &self.system_program,
            token_program: &self.token_program,
        };
        create.invoke()
    }

    /// Brings the escrow to `amount` base units from the grantor's account.
    #[inline(never)]
    fn top_up(&self, amount: u64, decimals: u8) -> Result<()> {
        let missing = amount.saturating_sub(self.escrowed()?);
        if missing == 0 {
            return Ok(());
        }
        let source = self.source.as_ref().ok_or(VestingError::SourceMissing)?;
        require_account_of(source, self.token_program.key, self.mint.key, self.grantor.key)?;
        let transfer = TransferChecked {
            token_program: &self.token_program,
            from: source,
            mint: &self.mint,
            to: &self.escrow,
            authority: &self.grantor,
            decimals,
        };
        transfer.invoke(missing, &[])
    }

    /// Address, mint and owner are the associated token program's word.
    fn escrowed(&self) -> Result<u64> {
        Ok(read_account(&self.escrow, self.token_program.key)?.amount)
    }
}

impl Schedule {
    /// The event that carries everything a schedule is created with.
    fn created(&self, schedule: Pubkey, timestamp: i64) -> ScheduleCreated {
        ScheduleCreated {
            schedule,
            mint: self.mint,
            grantor: self.grantor,
            beneficiary: self.beneficiary,
            amount: self.amount,
            start: self.start,
            cliff: self.cliff,
            end: self.end,
            period: self.period,
            revocable: self.revocable,
            index: self.index,
            timestamp,
        }
    }
}
