use {
    super::launch_accounts::{Launch, Launching},
    crate::{
        error::LauncherError,
        events::TokenLaunched,
        state::{FirstBuy, LaunchArgs, LaunchKeys, LaunchRecord},
    },
    anchor_lang::prelude::*,
    launchpad_common::{creation::NewAccount, lamports, token::read_mint, SafeMath},
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

    // Check
    require!(!ctx.accounts.config.paused, LauncherError::Paused);
    let amounts = args.validate()?;

    // Effect
    ctx.accounts.count()?;
    let mut launch = ctx.accounts.begin(args, ctx.bumps.launch_record, now);

    // Interaction
    launch.pay_creation_fee()?;
    launch.create_mint(args)?;
    launch.distribute(args, &amounts, now)?;
    launch.open_curve(args, &amounts)?;
    launch.renounce(args)?;
    if let Some(buy) = first_buy {
        launch.buy_first(buy, now)?;
    }
    launch.keep_record()?;
    let event = launch.launched(args, now);

    // Event
    emit_cpi!(*event);
    Ok(())
}

impl<'info> Launch<'info> {
    fn count(&mut self) -> Result<()> {
        self.config.launches = self.config.launches.safe_add(1).map_err(LauncherError::from)?;
        self.config.invariant()
    }

    #[inline(never)]
    fn begin(&self, args: &LaunchArgs, bump: u8, now: i64) -> Launching<'_, 'info> {
        let keys = LaunchKeys {
            mint: self.mint.key(),
            creator: self.creator.key(),
            curve: self.curve.key(),
            team_schedule: args.team.and(self.team_schedule.as_ref()).map(Key::key),
        };
        let record = Box::new(LaunchRecord::new(args, keys, bump, now));
        Launching { accounts: self, record }
    }
}

impl Launching<'_, '_> {
    fn pay_creation_fee(&self) -> Result<()> {
        match self.config.creation_fee {
            0 => Ok(()),
            fee => lamports::transfer(&self.creator, &self.treasury, fee),
        }
    }

    /// Writes the record, once everything in it is known and the mint is what it says.
    #[inline(never)]
    fn keep_record(&self) -> Result<()> {
        let (address, space) = (&self.launch_record, 8 + LaunchRecord::INIT_SPACE);
        let mint = read_mint(&self.mint, self.token_program.key)?;
        require_eq!(mint.supply, self.record.supply, LauncherError::InvariantViolated);
        self.record.invariant(address.key, &mint)?;
        let account = NewAccount::rent_exempt(&self.creator, address, &crate::ID, space)?;
        self.record.sign(|seeds| account.create_with(self.record.as_ref(), seeds))
    }

    #[inline(never)]
    fn launched(&self, args: &LaunchArgs, now: i64) -> Box<TokenLaunched> {
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
            ecosystem_owner: owner(allocations.ecosystem_bps, &self.ecosystem_owner),
            treasury_owner: owner(allocations.treasury_bps, &self.treasury_owner),
        })
    }
}
