use {
    crate::{
        constants::{ACCOUNT_VERSION, MAX_CREATION_FEE},
        error::LauncherError,
        events::ConfigChanged,
    },
    anchor_lang::prelude::*,
};

/// Parameters of all launches; PDA `["config"]`.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Config {
    pub version: u8,
    pub bump: u8,
    pub authority: Pubkey,
    /// Default = nobody proposed.
    pub pending_authority: Pubkey,
    /// Receives the creation fees.
    pub treasury: Pubkey,
    /// Lamports a launch costs.
    pub creation_fee: u64,
    pub paused: bool,
    /// Tokens launched so far.
    pub launches: u64,
    pub reserved: [u8; 128],
}

/// What the upgrade authority decides once.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ConfigArgs {
    pub authority: Pubkey,
    pub treasury: Pubkey,
    pub creation_fee: u64,
}

/// Every parameter that the authority may change; all are set at once.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ConfigUpdate {
    pub treasury: Pubkey,
    pub creation_fee: u64,
}

impl Config {
    /// Sets the parameters; [`Config::invariant`] judges them.
    pub fn apply(&mut self, treasury: Pubkey, creation_fee: u64) {
        self.treasury = treasury;
        self.creation_fee = creation_fee;
    }

    /// What every stored config satisfies.
    pub fn invariant(&self) -> Result<()> {
        require_eq!(self.version, ACCOUNT_VERSION, LauncherError::InvariantViolated);
        require!(self.authority != Pubkey::default(), LauncherError::InvalidAuthority);
        require!(self.treasury != Pubkey::default(), LauncherError::InvalidTreasury);
        require!(self.creation_fee <= MAX_CREATION_FEE, LauncherError::InvalidFee);
        Ok(())
    }

    /// The event that carries the whole config.
    pub fn changed(&self, timestamp: i64) -> ConfigChanged {
        ConfigChanged {
            authority: self.authority,
            treasury: self.treasury,
            creation_fee: self.creation_fee,
            paused: self.paused,
            timestamp,
        }
    }
}
