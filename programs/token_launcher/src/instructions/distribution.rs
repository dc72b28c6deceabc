//! Makes the mint and brings every base unit of the supply to where it belongs.

use {
    super::launch_accounts::{needed, Launching},
    crate::{
        error::LauncherError,
        state::{Amounts, LaunchArgs, SupplyMode, TeamVesting, UpdateAuthority},
        token::{instructions, metadata},
    },
    anchor_lang::{
        prelude::*,
        solana_program::{
            instruction::Instruction,
            program::{invoke, invoke_signed},
        },
    },
    anchor_spl::token_2022,
    launchpad_common::{associated::CreateAssociated, creation::NewAccount},
    vesting::state::ScheduleArgs,
};

impl<'info> Launching<'_, 'info> {
    /// A Token-2022 mint that the record controls, with its metadata inside, which nobody controls where it is
    /// immutable, and no freeze authority.
    /// The account is sized for the mint alone and funded for the metadata, by which the token program enlarges it.
    #[inline(never)]
    pub fn create_mint(&self, args: &LaunchArgs) -> Result<()> {
        let unused = self.mint.owner == &System::id() && self.mint.data_is_empty();
        require!(unused, LauncherError::MintInUse);
        let texts = [&args.name, &args.symbol, &args.uri];
        let text_bytes = texts.iter().map(|text| text.len()).sum();
        let account = NewAccount {
            payer: self.creator,
            account: self.mint,
            owner: &token_2022::ID,
            space: metadata::MINT_SPACE,
            lamports: Rent::get()?.minimum_balance(metadata::final_space(text_bytes)),
        };
        account.create(&[])?;
        let (mint, record) = (self.mint.key, self.launch_record.key);
        self.on_mint(&instructions::initialize_metadata_pointer(mint))?;
        self.on_mint(&instructions::initialize_mint(mint, args.decimals, record))?;
        let [name, symbol, uri] = texts;
        self.on_mint(&instructions::initialize_metadata(mint, record, name, symbol, uri))?;
        if args.update_authority == UpdateAuthority::Immutable {
            self.on_mint(&instructions::renounce_metadata_authority(mint, record))?;
        }
        Ok(())
    }

    /// Takes over a mint whose authority is the creator.
    #[inline(never)]
    pub fn take_mint(&self) -> Result<()> {
        let handed = instructions::hand_over_mint_authority(
            self.token_program.key,
            self.mint.key,
            self.creator.key,
            self.launch_record.key,
        );
        invoke(&handed, &[self.mint.to_account_info(), self.creator.to_account_info()])?;
        Ok(())
    }

    /// Mints each allocation into its own account.
    #[inline(never)]
    pub fn distribute(&self, args: &LaunchArgs, amounts: &Amounts, now: i64) -> Result<()> {
        self.mint_into(self.base_vault, self.curve, amounts.market()?)?;
        if amounts.ecosystem > 0 {
            let owner = needed(self.ecosystem_owner)?;
            self.mint_into(needed(self.ecosystem_base)?, owner, amounts.ecosystem)?;
        }
        if amounts.treasury > 0 {
            let owner = needed(self.treasury_owner)?;
            self.mint_into(needed(self.treasury_base)?, owner, amounts.treasury)?;
        }
        match &args.team {
            Some(team) => self.vest_team(team, amounts.team, now),
            None => Ok(()),
        }
    }

    /// Opens the curve on what lies in its vault.
    #[inline(never)]
    pub fn open_curve(&self, args: &LaunchArgs, amounts: &Amounts) -> Result<()> {
        let accounts = Box::new(bonding_curve::cpi::accounts::OpenCurve {
            payer: self.creator.to_account_info(),
            authority: self.launch_record.to_account_info(),
            config: self.curve_config.to_account_info(),
            mint: self.mint.to_account_info(),
            curve: self.curve.to_account_info(),
            base_vault: self.base_vault.to_account_info(),
            depositor_base: None,
            shape: self.shape.as_ref().map(ToAccountInfo::to_account_info),
            terms: self.terms.as_ref().map(ToAccountInfo::to_account_info),
            batch: self.batch.as_ref().map(ToAccountInfo::to_account_info),
            token_program: self.token_program.to_account_info(),
            associated_token_program: self.associated_token_program.to_account_info(),
            system_program: self.system_program.to_account_info(),
            event_authority: self.bonding_curve_event_authority.to_account_info(),
            program: self.bonding_curve_program.to_account_info(),
        });
        let open = bonding_curve::OpenCurveArgs {
            creator: self.creator.key(),
            sale_supply: amounts.public,
            liquidity_supply: amounts.liquidity,
            source: args.source.clone(),
            deadline: args.deadline,
        };
        self.record.sign(|seeds| {
            let context = CpiContext::new_with_signer(bonding_curve::ID, *accounts, seeds);
            bonding_curve::cpi::open_curve(context, open)
        })
    }

    /// Gives up the mint authority of a supply that cannot grow.
    pub fn renounce_mint(&self, args: &LaunchArgs) -> Result<()> {
        if matches!(args.supply_mode, SupplyMode::Mintable { .. }) {
            return Ok(());
        }
        let (program, record) = (self.token_program.key, self.launch_record.key);
        self.on_mint(&instructions::renounce_mint_authority(program, self.mint.key, record))
    }

    /// The associated token account of `owner`, created if missing.
    pub fn create_associated(
        &self,
        account: &AccountInfo<'info>,
        owner: &AccountInfo<'info>,
    ) -> Result<()> {
        let create = CreateAssociated {
            payer: self.creator,
            account,
            owner,
            mint: self.mint,
            system_program: self.system_program,
            token_program: self.token_program,
        };
        create.invoke()
    }

    /// Opens a schedule on tokens that lie in its escrow or come from `source`.
    #[inline(never)]
    pub fn create_schedule(&self, vested: Vested<'_, 'info>, args: ScheduleArgs) -> Result<()> {
        let accounts = Box::new(vesting::cpi::accounts::CreateSchedule {
            payer: self.creator.to_account_info(),
            grantor: vested.grantor.clone(),
            mint: self.mint.to_account_info(),
            source: vested.source.cloned(),
            schedule: needed(vested.schedule)?.to_account_info(),
            escrow: needed(vested.escrow)?.to_account_info(),
            token_program: self.token_program.to_account_info(),
            associated_token_program: self.associated_token_program.to_account_info(),
            system_program: self.system_program.to_account_info(),
            event_authority: needed(self.vesting_event_authority)?.to_account_info(),
            program: needed(self.vesting_program)?.to_account_info(),
        });
        self.record.sign(|seeds| {
            let context = CpiContext::new_with_signer(vesting::ID, *accounts, seeds);
            vesting::cpi::create_schedule(context, args)
        })
    }

    #[inline(never)]
    fn mint_into(
        &self,
        account: &AccountInfo<'info>,
        owner: &AccountInfo<'info>,
        amount: u64,
    ) -> Result<()> {
        self.create_associated(account, owner)?;
        let minted = instructions::mint_to(
            self.token_program.key,
            self.mint.key,
            account.key,
            self.launch_record.key,
            amount,
            self.record.decimals,
        );
        let infos =
            [self.mint.to_account_info(), account.clone(), self.launch_record.to_account_info()];
        self.record.sign(|seeds| Ok(invoke_signed(&minted, &infos, seeds)?))
    }

    /// The team's tokens are minted straight into their escrow; the record grants the schedule.
    #[inline(never)]
    fn vest_team(&self, team: &TeamVesting, amount: u64, now: i64) -> Result<()> {
        let schedule = needed(self.team_schedule)?;
        self.mint_into(needed(self.team_escrow)?, schedule, amount)?;
        let vested = Vested {
            grantor: self.launch_record,
            source: None,
            schedule: self.team_schedule,
            escrow: self.team_escrow,
        };
        self.create_schedule(vested, team.schedule(amount, now)?)
    }

    /// An instruction on the mint that needs no account besides it and the record.
    #[inline(never)]
    fn on_mint(&self, instruction: &Instruction) -> Result<()> {
        let infos = [self.mint.to_account_info(), self.launch_record.to_account_info()];
        self.record.sign(|seeds| Ok(invoke_signed(instruction, &infos, seeds)?))
    }
}

/// Who grants tokens, and where they come from and go to.
pub struct Vested<'a, 'info> {
    pub grantor: &'a AccountInfo<'info>,
    /// None where they lie in the escrow already.
    pub source: Option<&'a AccountInfo<'info>>,
    pub schedule: &'a Option<UncheckedAccount<'info>>,
    pub escrow: &'a Option<UncheckedAccount<'info>>,
}
