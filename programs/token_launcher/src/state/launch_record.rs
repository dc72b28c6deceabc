use {
    super::{Allocations, LaunchArgs, SupplyMode, UpdateAuthority},
    crate::{
        constants::{ACCOUNT_VERSION, LAUNCH_SEED},
        error::LauncherError,
    },
    anchor_lang::prelude::*,
    launchpad_common::{token::MintView, SafeMath},
};

/// How a token's supply was declared. The order is published.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupplyKind {
    Fixed,
    Mintable,
    Burnable,
}

/// Whom `update_authority` follows. The order is published.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdatePolicy {
    Creator,
    Immutable,
    Governance,
    /// The metadata stands beside the mint, in Metaplex's program, where `update_authority` was
    /// what it names at the launch; nobody if it cannot change.
    Metaplex,
}

/// What was promised at a token's launch; PDA `["launch", mint]`. It signs for the mint: as the update
/// authority of metadata inside it while that can change, and as mint authority of a mintable token. So limits
/// and events of this program hold whoever stands behind it.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct LaunchRecord {
    pub version: u8,
    pub bump: u8,
    pub mint: Pubkey,
    pub creator: Pubkey,
    /// Default = nobody proposed.
    pub pending_creator: Pubkey,
    pub curve: Pubkey,
    pub decimals: u8,
    /// Base units at launch.
    pub supply: u64,
    pub supply_mode: SupplyKind,
    pub allocations: Allocations,
    /// SHA-256 of the metadata document.
    pub metadata_hash: [u8; 32],
    /// Who may change the metadata; default = nobody.
    pub update_authority: Pubkey,
    /// Who may create more tokens; default = nobody.
    pub mint_authority: Pubkey,
    /// The most base units ever created, launch included; 0 unless mintable.
    pub mint_cap: u64,
    /// Base units created after the launch.
    pub minted: u64,
    pub created_at: i64,
    pub update_policy: UpdatePolicy,
    /// Base units the creator bought in the launch.
    pub first_buy: u64,
    /// The schedule that locks them; default with a first buy = declared unlocked.
    pub first_buy_lock: Pubkey,
    /// The team's schedule; default = none.
    pub team_schedule: Pubkey,
    pub reserved: [u8; 64],
}

/// The addresses a record keeps.
pub struct LaunchKeys {
    pub mint: Pubkey,
    pub creator: Pubkey,
    pub curve: Pubkey,
    pub team_schedule: Option<Pubkey>,
}

impl LaunchRecord {
    /// The record of a launch at `now`, before any first buy.
    pub fn new(args: &LaunchArgs, keys: LaunchKeys, bump: u8, now: i64) -> Self {
        let (supply_mode, mint_authority, mint_cap) = match args.supply_mode {
            SupplyMode::Fixed => (SupplyKind::Fixed, Pubkey::default(), 0),
            SupplyMode::Burnable => (SupplyKind::Burnable, Pubkey::default(), 0),
            SupplyMode::Mintable { authority, cap } => (SupplyKind::Mintable, authority, cap),
        };
        let (update_policy, update_authority) = args.update_authority.resolve(keys.creator);
        Self {
            version: ACCOUNT_VERSION,
            bump,
            mint: keys.mint,
            creator: keys.creator,
            pending_creator: Pubkey::default(),
            curve: keys.curve,
            decimals: args.decimals,
            supply: args.supply,
            supply_mode,
            allocations: args.allocations,
            metadata_hash: args.metadata_hash,
            update_authority,
            mint_authority,
            mint_cap,
            minted: 0,
            created_at: now,
            update_policy,
            first_buy: 0,
            first_buy_lock: Pubkey::default(),
            team_schedule: keys.team_schedule.unwrap_or_default(),
            reserved: [0; 64],
        }
    }

    /// The same of a token whose metadata stands in Metaplex's program.
    pub fn listed(self) -> Self {
        Self { update_policy: UpdatePolicy::Metaplex, ..self }
    }

    /// Refuses to change metadata that this program does not hold, or that cannot change.
    pub fn require_mutable(&self) -> Result<()> {
        match self.update_policy {
            UpdatePolicy::Metaplex => err!(LauncherError::MetadataElsewhere),
            UpdatePolicy::Immutable => err!(LauncherError::MetadataImmutable),
            UpdatePolicy::Creator | UpdatePolicy::Governance => Ok(()),
        }
    }

    /// Base units ever created.
    pub fn created(&self) -> Result<u64> {
        Ok(self.supply.safe_add(self.minted).map_err(LauncherError::from)?)
    }

    /// Makes the proposed creator the creator; the metadata follows where it is the creator's.
    pub fn change_creator(&mut self) {
        self.creator = self.pending_creator;
        self.pending_creator = Pubkey::default();
        if self.update_policy == UpdatePolicy::Creator {
            self.update_authority = self.creator;
        }
    }

    /// Runs `call` with the seeds by which the record signs for its mint.
    pub fn sign<T>(&self, call: impl FnOnce(&[&[&[u8]]]) -> T) -> T {
        let bump = [self.bump];
        let seeds: [&[u8]; 3] = [LAUNCH_SEED, self.mint.as_ref(), &bump];
        call(&[&seeds])
    }

    /// What every stored record satisfies, seen beside its mint.
    pub fn invariant(&self, record: &Pubkey, mint: &MintView) -> Result<()> {
        self.invariant_alone()?;
        let minter = (self.supply_mode == SupplyKind::Mintable).then_some(*record);
        let sound = mint.mint_authority == minter
            && mint.freeze_authority.is_none()
            && mint.decimals == self.decimals
            && mint.supply <= self.created()?;
        require!(sound, LauncherError::InvariantViolated);
        Ok(())
    }

    /// What every stored record satisfies by itself.
    pub fn invariant_alone(&self) -> Result<()> {
        let nobody = Pubkey::default();
        let mintable = self.supply_mode == SupplyKind::Mintable;
        let immutable = self.update_policy == UpdatePolicy::Immutable;
        let elsewhere = self.update_policy == UpdatePolicy::Metaplex;
        let sound = self.version == ACCOUNT_VERSION
            && self.creator != nobody
            && self.supply > 0
            && (self.mint_authority != nobody) == mintable
            && (self.minted == 0 || self.created()? <= self.mint_cap)
            && (elsewhere || (self.update_authority == nobody) == immutable)
            && (self.first_buy_lock == nobody || self.first_buy > 0);
        require!(sound, LauncherError::InvariantViolated);
        Ok(())
    }
}

impl UpdateAuthority {
    /// The policy and the key it names now.
    pub fn resolve(&self, creator: Pubkey) -> (UpdatePolicy, Pubkey) {
        match *self {
            UpdateAuthority::Creator => (UpdatePolicy::Creator, creator),
            UpdateAuthority::Immutable => (UpdatePolicy::Immutable, Pubkey::default()),
            UpdateAuthority::Governance { authority } => (UpdatePolicy::Governance, authority),
        }
    }
}

#[cfg(test)]
mod tests;
