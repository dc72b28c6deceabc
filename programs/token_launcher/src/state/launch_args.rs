use {
    super::{text, Allocations, Amounts},
    crate::{
        constants::MAX_DECIMALS,
        error::{Checked, LauncherError},
        token::{metadata::Texts, metaplex::Listed},
    },
    anchor_lang::prelude::*,
    bonding_curve::{math::base_for_sale, state::CurveSource},
    launchpad_common::SafeMath,
};

/// Everything a token is launched with.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct LaunchArgs {
    /// 1 to 32 bytes.
    pub name: String,
    /// 1 to 10 bytes.
    pub symbol: String,
    /// Address of the metadata document, 1 to 200 bytes.
    pub uri: String,
    /// SHA-256 of that document.
    pub metadata_hash: [u8; 32],
    /// 0 to 9.
    pub decimals: u8,
    /// Base units, minted once.
    pub supply: u64,
    pub supply_mode: SupplyMode,
    pub allocations: Allocations,
    pub update_authority: UpdateAuthority,
    /// The curve, which sells the public allocation.
    pub source: CurveSource,
    /// Unix seconds at which the sale fails, and buyers are refunded, unless everything is sold.
    pub deadline: Option<i64>,
    /// Terms of the team's allocation, where it has one.
    pub team: Option<TeamVesting>,
}

/// Everything that a token of the classic Token program is launched with, besides what stands in
/// its mint and its metadata already: decimals, texts, and who may change them.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct SplLaunchArgs {
    /// SHA-256 of the document at the metadata's uri.
    pub metadata_hash: [u8; 32],
    /// Base units, minted once.
    pub supply: u64,
    pub supply_mode: SupplyMode,
    pub allocations: Allocations,
    /// The curve, which sells the public allocation.
    pub source: CurveSource,
    /// Unix seconds at which the sale fails, and buyers are refunded, unless everything is sold.
    pub deadline: Option<i64>,
    /// Terms of the team's allocation, where it has one.
    pub team: Option<TeamVesting>,
}

/// Whether more tokens can be created after the launch.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupplyMode {
    /// Nobody can create more.
    Fixed,
    /// `authority` can create more, until `cap` base units were created in all.
    Mintable { authority: Pubkey, cap: u64 },
    /// Nobody can create more; stated as a token whose holders burn.
    Burnable,
}

/// Who may change the metadata.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateAuthority {
    /// The creator, also after the token changes hands.
    Creator,
    /// Nobody.
    Immutable,
    /// This address.
    Governance { authority: Pubkey },
}

/// Vesting of the team's allocation, counted from the launch.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamVesting {
    pub beneficiary: Pubkey,
    pub cliff_seconds: u32,
    pub duration_seconds: u32,
    pub period_seconds: u32,
    /// The creator may end it early; what had not vested is burned.
    pub revocable: bool,
}

/// The creator's buy in the launch.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstBuy {
    /// Lamports, fees included.
    pub quote_in: u64,
    /// Base units below which the launch fails.
    pub min_base_out: u64,
    /// Unix seconds.
    pub deadline: i64,
    /// None declares on chain that the bought tokens are not locked.
    pub lock: Option<Lock>,
}

/// Vesting of the first buy, counted from the launch; irrevocable.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lock {
    pub cliff_seconds: u32,
    pub duration_seconds: u32,
    pub period_seconds: u32,
}

impl LaunchArgs {
    /// Refuses whatever the token or its holders could suffer from; returns the buckets in base units.
    pub fn validate(&self) -> Checked<Amounts> {
        text::check_name(&self.name)?;
        text::check_symbol(&self.symbol)?;
        text::check_uri(&self.uri)?;
        require_that(self.decimals <= MAX_DECIMALS, LauncherError::InvalidDecimals)?;
        require_that(self.supply > 0, LauncherError::InvalidSupply)?;
        self.check_authorities()?;
        self.allocations.validate()?;
        let has_team = self.allocations.team_bps > 0;
        require_that(has_team == self.team.is_some(), LauncherError::InvalidTeam)?;
        let amounts = self.allocations.split(self.supply)?;
        // What a shape sells, the curve program compares.
        if let CurveSource::Inline { segments } = &self.source {
            let sold = base_for_sale(segments)?;
            require_that(sold == amounts.public, LauncherError::SaleMismatch)?;
        }
        Ok(amounts)
    }

    fn check_authorities(&self) -> Checked<()> {
        if let SupplyMode::Mintable { authority, cap } = self.supply_mode {
            let sound = authority != Pubkey::default() && cap > self.supply;
            require_that(sound, LauncherError::InvalidSupplyMode)?;
        }
        if let UpdateAuthority::Governance { authority } = self.update_authority {
            require_that(authority != Pubkey::default(), LauncherError::InvalidAuthority)?;
        }
        Ok(())
    }
}

impl SplLaunchArgs {
    /// The launch of a mint with these decimals and this metadata.
    pub fn of(self, decimals: u8, listed: Listed) -> LaunchArgs {
        let Texts { name, symbol, uri } = listed.texts;
        let update_authority = match listed.update_authority {
            nobody if nobody == Pubkey::default() => UpdateAuthority::Immutable,
            authority => UpdateAuthority::Governance { authority },
        };
        LaunchArgs {
            name,
            symbol,
            uri,
            metadata_hash: self.metadata_hash,
            decimals,
            supply: self.supply,
            supply_mode: self.supply_mode,
            allocations: self.allocations,
            update_authority,
            source: self.source,
            deadline: self.deadline,
            team: self.team,
        }
    }
}

impl TeamVesting {
    /// The team's schedule as the vesting program takes it.
    pub fn schedule(&self, amount: u64, now: i64) -> Checked<vesting::state::ScheduleArgs> {
        let lock = Lock {
            cliff_seconds: self.cliff_seconds,
            duration_seconds: self.duration_seconds,
            period_seconds: self.period_seconds,
        };
        let index = crate::constants::TEAM_SCHEDULE_INDEX;
        let terms = lock.schedule(self.beneficiary, amount, now)?;
        Ok(vesting::state::ScheduleArgs { revocable: self.revocable, index, ..terms })
    }
}

impl Lock {
    /// The lock as the vesting program takes it.
    pub fn schedule(
        &self,
        beneficiary: Pubkey,
        amount: u64,
        now: i64,
    ) -> Checked<vesting::state::ScheduleArgs> {
        Ok(vesting::state::ScheduleArgs {
            beneficiary,
            amount,
            start: now,
            cliff: now.safe_add(self.cliff_seconds.into())?,
            end: now.safe_add(self.duration_seconds.into())?,
            period: self.period_seconds.into(),
            revocable: false,
            index: crate::constants::LOCK_SCHEDULE_INDEX,
        })
    }
}

fn require_that(holds: bool, otherwise: LauncherError) -> Checked<()> {
    holds.then_some(()).ok_or(otherwise)
}

#[cfg(test)]
mod tests;
