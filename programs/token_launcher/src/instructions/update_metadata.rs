use {
    crate::{
        constants::*,
        error::{Checked, LauncherError},
        events::MetadataUpdated,
        state::{text, LaunchRecord},
        token::{
            instructions,
            metadata::{final_space, read_texts, Texts},
        },
    },
    anchor_lang::{prelude::*, solana_program::program::invoke_signed},
    anchor_spl::token_2022::Token2022,
    launchpad_common::lamports,
};

/// Which text changes. The order is that of the token program.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataField {
    Name,
    Symbol,
    Uri,
}

/// One changed text and the hash of the document that now describes the token.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct MetadataUpdate {
    pub field: MetadataField,
    pub value: String,
    /// SHA-256 of the document at the token's uri.
    pub metadata_hash: [u8; 32],
}

#[event_cpi]
#[derive(Accounts)]
pub struct UpdateMetadata<'info> {
    /// Pays the rent of a longer text.
    #[account(mut)]
    pub update_authority: Signer<'info>,
    #[account(
        mut,
        seeds = [LAUNCH_SEED, mint.key().as_ref()],
        bump = launch_record.bump,
        has_one = mint
    )]
    pub launch_record: Box<Account<'info, LaunchRecord>>,
    /// CHECK: the record names it.
    #[account(mut)]
    pub mint: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

pub fn handle_update_metadata(ctx: Context<UpdateMetadata>, args: MetadataUpdate) -> Result<()> {
    // Check
    let record = &mut ctx.accounts.launch_record;
    record.require_mutable()?;
    let authority = ctx.accounts.update_authority.key();
    require_keys_eq!(authority, record.update_authority, LauncherError::InvalidAuthority);
    args.field.check(&args.value)?;

    // Effect
    record.metadata_hash = args.metadata_hash;
    record.invariant_alone()?;

    // Interaction
    ctx.accounts.fund_growth(&args)?;
    ctx.accounts.write(&args)?;

    // Event
    let Texts { name, symbol, uri } = ctx.accounts.texts()?;
    emit_cpi!(MetadataUpdated {
        mint: ctx.accounts.mint.key(),
        name,
        symbol,
        uri,
        metadata_hash: args.metadata_hash,
        timestamp: Clock::get()?.unix_timestamp,
    });
    Ok(())
}

impl MetadataField {
    fn check(self, value: &str) -> Checked<()> {
        match self {
            MetadataField::Name => text::check_name(value),
            MetadataField::Symbol => text::check_symbol(value),
            MetadataField::Uri => text::check_uri(value),
        }
    }

    fn number(self) -> u8 {
        match self {
            MetadataField::Name => 0,
            MetadataField::Symbol => 1,
            MetadataField::Uri => 2,
        }
    }

    fn of(self, texts: &mut Texts) -> &mut String {
        match self {
            MetadataField::Name => &mut texts.name,
            MetadataField::Symbol => &mut texts.symbol,
            MetadataField::Uri => &mut texts.uri,
        }
    }
}

impl UpdateMetadata<'_> {
    /// The token program enlarges the mint but does not pay for it.
    fn fund_growth(&self, args: &MetadataUpdate) -> Result<()> {
        let mut texts = self.texts()?;
        args.field.of(&mut texts).clone_from(&args.value);
        let needed = Rent::get()?.minimum_balance(final_space(texts.total_bytes()));
        match needed.saturating_sub(self.mint.lamports()) {
            0 => Ok(()),
            missing => lamports::transfer(&self.update_authority, &self.mint, missing),
        }
    }

    fn write(&self, args: &MetadataUpdate) -> Result<()> {
        let record = &self.launch_record;
        let update = instructions::update_metadata_field(
            self.mint.key,
            &record.key(),
            args.field.number(),
            &args.value,
        );
        let infos = [self.mint.to_account_info(), record.to_account_info()];
        record.sign(|seeds| Ok(invoke_signed(&update, &infos, seeds)?))
    }

    fn texts(&self) -> Result<Texts> {
        Ok(read_texts(&self.mint)?.ok_or(LauncherError::InvariantViolated)?)
    }
}
