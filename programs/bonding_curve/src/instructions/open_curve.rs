use {
    crate::{
        constants::*,
        error::CurveError,
        events::{BatchOpened, CurveOpened},
        math, raydium,
        state::{
            Batch, BatchStatus, BatchTerms, Config, Curve, CurveSource, CurveStatus, SaleTerms,
            Segment, Shape, Terms, Venue,
        },
    },
    anchor_lang::prelude::*,
    anchor_spl::{associated_token::AssociatedToken, token_interface},
    launchpad_common::{
        associated::CreateAssociated,
        creation::NewAccount,
        token::{
            forbidden_extension, read_account, read_account_of, read_mint, MintView,
            TransferChecked, HARMLESS_MINT_EXTENSIONS,
        },
        SafeMath,
    },
};

/// What a curve is opened with.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct OpenCurveArgs {
    /// Who claims the creator fees.
    pub creator: Pubkey,
    /// Base units for sale; the sum over the segments.
    pub sale_supply: u64,
    /// Base units kept for the pool.
    pub liquidity_supply: u64,
    pub source: CurveSource,
    /// Unix seconds at which the sale fails unless everything is sold; the raise is the minimum.
    pub deadline: Option<i64>,
}

#[event_cpi]
#[derive(Accounts)]
pub struct OpenCurve<'info> {
    /// Pays the rent of the curve and its vault.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The mint's authority or, where it has none, who deposits the whole supply.
    pub authority: Signer<'info>,
    #[account(seeds = [CONFIG_SEED], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    #[account(mint::token_program = token_program)]
    pub mint: Box<InterfaceAccount<'info, token_interface::Mint>>,
    /// CHECK: created here, at its own address.
    #[account(mut, seeds = [CURVE_SEED, mint.key().as_ref()], bump)]
    pub curve: UncheckedAccount<'info>,
    /// Anybody may have created it already.
    /// CHECK: the associated token program accepts no other address.
    #[account(mut)]
    pub base_vault: UncheckedAccount<'info>,
    /// Tops up what the vault lacks; owned by the authority.
    /// CHECK: program, mint and owner are checked where it is used.
    #[account(mut)]
    pub depositor_base: Option<UncheckedAccount<'info>>,
    /// Where the segments come from a shape.
    pub shape: Option<Box<Account<'info, Shape>>>,
    /// Where the sale has terms of its own; authentic by owner and discriminator.
    pub terms: Option<Box<Account<'info, Terms>>>,
    /// Where the terms begin with a batch.
    /// CHECK: created here, at its own address.
    #[account(mut)]
    pub batch: Option<UncheckedAccount<'info>>,
    pub token_program: Interface<'info, token_interface::TokenInterface>,
    pub associated_token_program: Program<'info, AssociatedToken>,
    pub system_program: Program<'info, System>,
}

pub fn handle_open_curve(ctx: Context<OpenCurve>, args: OpenCurveArgs) -> Result<()> {
    // Check
    require!(!ctx.accounts.config.paused, CurveError::Paused);
    require!(args.creator != Pubkey::default(), CurveError::InvalidCreator);
    let (segments, raise_target) = ctx.accounts.segments(&args)?;
    let mint = ctx.accounts.sellable_mint()?;
    let needed = args.sale_supply.safe_add(args.liquidity_supply).map_err(CurveError::from)?;
    ctx.accounts.require_right_to_open(&mint, needed)?;
    require_refundable(args.deadline, &mint, needed)?;
    let sale = ctx.accounts.terms.as_ref().map(|terms| terms.sale).unwrap_or_default();
    require_time_to_trade(args.deadline, &sale)?;
    let bps = sale.graduation.liquidity_bps;
    math::require_pool(segments.as_slice(), raise_target, bps, args.liquidity_supply)?;
    if sale.graduation.venue == Venue::RaydiumCpSwap {
        raydium::require_raise(raise_target)?;
    }

    // Effect
    let mut curve = ctx.accounts.new_curve(&args, segments, raise_target, ctx.bumps.curve)?;
    curve.accept(&sale, ctx.accounts.terms.as_ref().map(|terms| terms.key()));
    ctx.accounts.create(&curve)?;
    let batch = ctx.accounts.open_batch(&curve, &sale)?;

    // Interaction
    ctx.accounts.top_up(needed)?;
    curve.invariant(ctx.accounts.curve.lamports())?;

    // Event
    let opened = batch.as_ref().map(|event| event.batch);
    emit_cpi!(curve.opened(ctx.accounts.curve.key(), opened));
    if let Some(event) = batch {
        emit_cpi!(event);
    }
    Ok(())
}

/// Refunds are shared by all tokens outside of the curve: only sold ones may be there.
fn require_refundable(deadline: Option<i64>, mint: &MintView, needed: u64) -> Result<()> {
    let Some(deadline) = deadline else {
        return Ok(());
    };
    require!(deadline > Clock::get()?.unix_timestamp, CurveError::InvalidDeadline);
    require!(needed == mint.supply, CurveError::SupplyOutsideSale);
    Ok(())
}

/// A sale that begins with a batch ends behind its window.
fn require_time_to_trade(deadline: Option<i64>, sale: &SaleTerms) -> Result<()> {
    let (Some(deadline), Some(batch)) = (deadline, &sale.batch) else {
        return Ok(());
    };
    let closes_at = Clock::get()?.unix_timestamp.saturating_add(batch.seconds.into());
    require!(deadline > closes_at, CurveError::InvalidDeadline);
    Ok(())
}

impl<'info> OpenCurve<'info> {
    /// The segments, and the lamports that they raise.
    fn segments(&self, args: &OpenCurveArgs) -> Result<(Vec<Segment>, u64)> {
        match &args.source {
            CurveSource::Inline { segments } => {
                let raise_target = math::validate(segments, args.sale_supply)?;
                Ok((segments.clone(), raise_target))
            }
            CurveSource::Shape => {
                let shape = self.shape.as_ref().ok_or(CurveError::InvalidShape)?;
                require_keys_eq!(shape.key(), shape.address()?, ErrorCode::ConstraintSeeds);
                require!(shape.sale_supply == args.sale_supply, CurveError::InvalidShape);
                Ok((shape.segments.clone(), shape.raise_target))
            }
        }
    }

    /// Only tokens that nobody can freeze, tax or take back.
    fn sellable_mint(&self) -> Result<MintView> {
        let key = self.mint.key();
        let info = self.mint.to_account_info();
        let mint = read_mint(&info, self.token_program.key)?;
        let native = key == anchor_spl::token::spl_token::native_mint::ID
            || key == anchor_spl::token_2022::spl_token_2022::native_mint::ID;
        require!(!native && mint.freeze_authority.is_none(), CurveError::InvalidMint);
        let forbidden = forbidden_extension(&info, &HARMLESS_MINT_EXTENSIONS)?;
        require!(forbidden.is_none(), CurveError::ForbiddenExtension);
        Ok(mint)
    }

    /// The mint's authority speaks for the token. Without one, whoever can put
    /// the whole supply on the curve does.
    fn require_right_to_open(&self, mint: &MintView, needed: u64) -> Result<()> {
        match mint.mint_authority {
            Some(key) => require_keys_eq!(key, self.authority.key(), CurveError::InvalidAuthority),
            None => require!(needed == mint.supply, CurveError::DepositShort),
        }
        Ok(())
    }

    fn new_curve(
        &self,
        args: &OpenCurveArgs,
        segments: Vec<Segment>,
        raise_target: u64,
        bump: u8,
    ) -> Result<Box<Curve>> {
        let config = &self.config;
        Ok(Box::new(Curve {
            version: ACCOUNT_VERSION,
            bump,
            mint: self.mint.key(),
            creator: args.creator,
            authority: self.authority.key(),
            token_program: self.token_program.key(),
            base_vault: self.base_vault.key(),
            decimals: self.mint.decimals,
            status: CurveStatus::Trading,
            protocol_fee_bps: config.protocol_fee_bps,
            creator_fee_bps: config.creator_fee_bps,
            referrer_share_bps: config.referrer_share_bps,
            launch_fee: Default::default(),
            sale_supply: args.sale_supply,
            liquidity_supply: args.liquidity_supply,
            sold: 0,
            quote_reserve: 0,
            raise_target,
            protocol_fees: 0,
            creator_fees: 0,
            launch_fees: 0,
            rent_reserve: Rent::get()?.minimum_balance(Curve::space(segments.len())),
            opened_at: Clock::get()?.unix_timestamp,
            completed_at: 0,
            deadline: args.deadline.unwrap_or_default(),
            rules_end: 0,
            team_payout: 0,
            treasury_payout: 0,
            terms: Pubkey::default(),
            pool: Pubkey::default(),
            graduated_at: 0,
            lp_mint: Pubkey::default(),
            reserved: [0; 24],
            segments,
        }))
    }

    fn create(&self, curve: &Curve) -> Result<()> {
        let seeds: &[&[u8]] = &[CURVE_SEED, curve.mint.as_ref(), &[curve.bump]];
        let space = Curve::space(curve.segments.len());
        NewAccount::rent_exempt(&self.payer, &self.curve, &crate::ID, space)?
            .create_with(curve, &[seeds])?;
        CreateAssociated {
            payer: &self.payer,
            account: &self.base_vault,
            owner: &self.curve,
            mint: self.mint.as_ref().as_ref(),
            system_program: &self.system_program,
            token_program: &self.token_program,
        }
        .invoke()
    }

    /// Makes the account of the deposits, where the sale begins with a batch.
    fn open_batch(&self, curve: &Curve, sale: &SaleTerms) -> Result<Option<BatchOpened>> {
        let Some(terms) = &sale.batch else {
            return Ok(None);
        };
        let target = self.batch.as_ref().ok_or(ErrorCode::AccountNotEnoughKeys)?;
        let seeds: &[&[u8]] = &[BATCH_SEED, curve.mint.as_ref()];
        let (address, bump) = Pubkey::find_program_address(seeds, &crate::ID);
        require_keys_eq!(target.key(), address, ErrorCode::ConstraintSeeds);
        let batch = Batch::new(terms, curve, bump)?;
        let seeds: &[&[u8]] = &[BATCH_SEED, curve.mint.as_ref(), &[bump]];
        NewAccount::rent_exempt(&self.payer, target, &crate::ID, Batch::SPACE)?
            .create_with(&batch, &[seeds])?;
        Ok(Some(batch.opened(address, curve.opened_at)))
    }

    /// Brings the vault to `needed` base units from the depositor's account.
    fn top_up(&self, needed: u64) -> Result<()> {
        let token_program = self.token_program.key;
        let vault = read_account(&self.base_vault, token_program)?;
        let missing = needed.saturating_sub(vault.amount);
        if missing == 0 {
            return Ok(());
        }
        let source = self.depositor_base.as_ref().ok_or(CurveError::DepositShort)?;
        let held = read_account_of(source, token_program, &self.mint.key(), self.authority.key)?;
        require!(held.amount >= missing, CurveError::DepositShort);
        TransferChecked {
            token_program: self.token_program.as_ref(),
            from: source,
            mint: self.mint.as_ref().as_ref(),
            to: &self.base_vault,
            authority: self.authority.as_ref(),
            decimals: self.mint.decimals,
        }
        .invoke(missing, &[])
    }
}

impl Batch {
    /// A batch that takes deposits from the opening on.
    fn new(terms: &BatchTerms, curve: &Curve, bump: u8) -> Result<Self> {
        let opened_at = curve.opened_at;
        Ok(Batch {
            version: ACCOUNT_VERSION,
            bump,
            mint: curve.mint,
            status: BatchStatus::Open,
            closes_at: opened_at.saturating_add(terms.seconds.into()),
            withdraw_until: opened_at.saturating_add(terms.withdraw_seconds.into()),
            minimum: terms.minimum,
            max_deposit: terms.max_deposit,
            deposits: 0,
            base_left: 0,
            refund_left: 0,
            rent_reserve: Rent::get()?.minimum_balance(Batch::SPACE),
            settled_at: 0,
            reserved: [0; 64],
        })
    }

    fn opened(&self, batch: Pubkey, timestamp: i64) -> BatchOpened {
        BatchOpened {
            mint: self.mint,
            batch,
            closes_at: self.closes_at,
            withdraw_until: self.withdraw_until,
            minimum: self.minimum,
            max_deposit: self.max_deposit,
            timestamp,
        }
    }
}

impl Curve {
    /// Takes over what trades need of the terms that the sale is opened under.
    fn accept(&mut self, sale: &SaleTerms, terms: Option<Pubkey>) {
        self.terms = terms.unwrap_or_default();
        self.launch_fee = sale.launch_fee;
        self.rules_end = match sale.opening.seconds() {
            0 => 0,
            seconds => self.opened_at.saturating_add(seconds.into()),
        };
        if sale.batch.is_some() {
            self.status = CurveStatus::Depositing;
        }
    }

    /// The event that carries everything a curve is opened with.
    fn opened(&self, curve: Pubkey, batch: Option<Pubkey>) -> CurveOpened {
        CurveOpened {
            mint: self.mint,
            curve,
            creator: self.creator,
            authority: self.authority,
            token_program: self.token_program,
            decimals: self.decimals,
            sale_supply: self.sale_supply,
            liquidity_supply: self.liquidity_supply,
            raise_target: self.raise_target,
            protocol_fee_bps: self.protocol_fee_bps,
            creator_fee_bps: self.creator_fee_bps,
            referrer_share_bps: self.referrer_share_bps,
            segments: self.segments.clone(),
            timestamp: self.opened_at,
            deadline: self.deadline,
            launch_fee: self.launch_fee,
            terms: (self.terms != Pubkey::default()).then_some(self.terms),
            rules_end: self.rules_end,
            batch,
        }
    }
}
