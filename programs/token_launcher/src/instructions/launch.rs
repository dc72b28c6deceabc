use {
    super::launch_accounts::{Launch, Launching, Parts},
    crate::{
        error::LauncherError,
        events::TokenLaunched,
        state::{Amounts, FirstBuy, LaunchArgs, LaunchKeys, LaunchRecord},
    },
    anchor_lang::prelude::*,
    launchpad_common::{creation::NewAccount, lamports, token::read_mint},
};

pub fn handle_launch_token(mut ctx: Context<Launch>, args: LaunchArgs) -> Result<()> {
    launch(&mut ctx, &args, None)
}

pub fn handle_launch_and_buy(
    mut ctx: Context<Launch>,
    args: LaunchArgs,
    first_buy: FirstBuy,
) -> Result<()> {
    launch(&mut ctx, &args, Some(&first_buy))
}

#[inline(never)]
fn launch(
    ctx: &mut Context<Launch>,
    args: &LaunchArgs,
    first_buy: Option<&FirstBuy>,
) -> Result<()> {
    let now = Clock::get()?.unix_timestamp;

    // Check and effect
    ctx.accounts.config.admit_launch()?;
    let amounts = args.validate()?;
    let mut launch = Launching::begin(ctx.accounts.parts(), args, ctx.bumps.launch_record, now);

    // Interaction
    launch.create_mint(args)?;
    launch.carry_out(args, &amounts, first_buy, now)?;
    let event = launch.launched(args, now);

    // Event
    emit_cpi!(*event);
    Ok(())
}

impl<'a, 'info> Launching<'a, 'info> {
    #[inline(never)]
    pub fn begin(parts: Parts<'a, 'info>, args: &LaunchArgs, bump: u8, now: i64) -> Self {
        let keys = LaunchKeys {
            mint: parts.mint.key(),
            creator: parts.creator.key(),
            curve: parts.curve.key(),
            team_schedule: args.team.and(parts.team_schedule.as_ref()).map(Key::key),
        };
        let record = Box::new(LaunchRecord::new(args, keys, bump, now));
        Launching { parts, record }
    }

    /// The same where the metadata stands beside the mint.
    pub fn listed(self) -> Self {
        Launching { record: Box::new(self.record.listed()), ..self }
    }

    /// Everything behind a mint that the record controls: supply, curve, first buy and the record itself.
    #[inline(never)]
    pub fn carry_out(
        &mut self,
        args: &LaunchArgs,
        amounts: &Amounts,
        first_buy: Option<&FirstBuy>,
        now: i64,
    ) -> Result<()> {
        self.pay_creation_fee()?;
        self.distribute(args, amounts, now)?;
        self.open_curve(args, amounts)?;
        self.renounce_mint(args)?;
        if let Some(buy) = first_buy {
            self.buy_first(buy, now)?;
        }
        self.keep_record()
    }

    fn pay_creation_fee(&self) -> Result<()> {
        match self.config.creation_fee {
            0 => Ok(()),
            fee => lamports::transfer(self.creator, self.treasury, fee),
        }
    }

    /// Writes the record, once everything in it is known and the mint is what it says.
    #[inline(never)]
    fn keep_record(&self) -> Result<()> {
        let (address, space) = (self.launch_record, 8 + LaunchRecord::INIT_SPACE);
        let mint = read_mint(self.mint, self.token_program.key)?;
        require_eq!(mint.supply, self.record.supply, LauncherError::InvariantViolated);
        self.record.invariant(address.key, &mint)?;
        let account = NewAccount::rent_exempt(self.creator, address, &crate::ID, space)?;
        self.record.sign(|seeds| account.create_with(self.record.as_ref(), seeds))
    }

    #[inline(never)]
    pub fn launched(&self, args: &LaunchArgs, now: i64) -> Box<TokenLaunched> {
        let record = &self.record;
        let allocations = &record.allocations;
        let optional = |key: Pubkey| (key != Pubkey::default()).then_some(key);
        let owner = |bps: u16, account: &Option<UncheckedAccount>| {
            account.as_ref().filter(|_| bps > 0).map(Key::key)
        };
        Box::new(TokenLaunched {
            mint: record.mint,
            creator: record.creator,
            launch_record: self.launch_record.key(),
            curve: record.curve,
            name: args.name.clone(),
            symbol: args.symbol.clone(),
            uri: args.uri.clone(),
            metadata_hash: record.metadata_hash,
            decimals: record.decimals,
            supply: record.supply,
            supply_mode: args.supply_mode,
            allocations: *allocations,
            update_authority: record.update_authority,
            creation_fee: self.config.creation_fee,
            first_buy_lock: optional(record.first_buy_lock),
            timestamp: now,
            first_buy: record.first_buy,
            team_schedule: optional(record.team_schedule),
            ecosystem_owner: owner(allocations.ecosystem_bps, self.ecosystem_owner),
            treasury_owner: owner(allocations.treasury_bps, self.treasury_owner),
        })
    }
}
