use {
    super::launch_accounts::Launch,
    crate::{
        error::LauncherError,
        events::TokenLaunched,
        state::{FirstBuy, LaunchArgs, LaunchKeys, LaunchRecord},
    },
    anchor_lang::prelude::*,
    launchpad_common::{lamports, token::read_mint, SafeMath},
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
    ctx.accounts.keep_record(args, ctx.bumps.launch_record, now)?;

    // Interaction
    ctx.accounts.pay_creation_fee()?;
    ctx.accounts.create_mint(args)?;
    ctx.accounts.distribute(args, &amounts, now)?;
    ctx.accounts.open_curve(args, &amounts)?;
    ctx.accounts.renounce(args)?;
    if let Some(buy) = first_buy {
        ctx.accounts.buy_first(buy, now)?;
    }
    ctx.accounts.check_outcome()?;

    // Event
    emit_cpi!(*ctx.accounts.launched(args, now));
    Ok(())
}

impl Launch<'_> {
    #[inline(never)]
    fn keep_record(&mut self, args: &LaunchArgs, bump: u8, now: i64) -> Result<()> {
        let keys = LaunchKeys {
            mint: self.mint.key(),
            creator: self.creator.key(),
            curve: self.curve.key(),
            team_schedule: args.team.and(self.team_schedule.as_ref()).map(Key::key),
        };
        self.launch_record.set_inner(LaunchRecord::new(args, keys, bump, now));
        self.config.launches = self.config.launches.safe_add(1).map_err(LauncherError::from)?;
        self.config.invariant()
    }

    fn pay_creation_fee(&self) -> Result<()> {
        match self.config.creation_fee {
            0 => Ok(()),
            fee => lamports::transfer(&self.creator, &self.treasury, fee),
        }
    }

    /// The mint is what the record says, and holds the whole supply.
    #[inline(never)]
    fn check_outcome(&self) -> Result<()> {
        let mint = read_mint(&self.mint, self.token_program.key)?;
        require_eq!(mint.supply, self.launch_record.supply, LauncherError::InvariantViolated);
        self.launch_record.invariant(&self.launch_record.key(), &mint)
    }

    #[inline(never)]
    fn launched(&self, args: &LaunchArgs, now: i64) -> Box<TokenLaunched> {
        let record = &self.launch_record;
        let allocations = &record.allocations;
        let optional = |key: Pubkey| (key != Pubkey::default()).then_some(key);
        let owner = |bps: u16, account: &Option<UncheckedAccount>| {
            account.as_ref().filter(|_| bps > 0).map(Key::key)
        };
        Box::new(TokenLaunched {
            mint: record.mint,
            creator: record.creator,
            launch_record: record.key(),
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
