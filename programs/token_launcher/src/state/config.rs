use {
    crate::{
        constants::{ACCOUNT_VERSION, MAX_CREATION_FEE},
        error::LauncherError,
        events::ConfigChanged,
    },
    anchor_lang::prelude::*,
    launchpad_common::SafeMath,
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
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Config::DISCRIMINATOR.len() + Config::INIT_SPACE;

    /// A config that nothing was launched under yet.
    pub fn new(args: ConfigArgs, bump: u8) -> Self {
        Self {
            version: ACCOUNT_VERSION,
            bump,
            authority: args.authority,
            pending_authority: Pubkey::default(),
            treasury: args.treasury,
            creation_fee: args.creation_fee,
            paused: false,
            launches: 0,
            reserved: [0; 128],
        }
    }

    /// Sets the parameters; [`Config::invariant`] judges them.
    pub fn apply(&mut self, treasury: Pubkey, creation_fee: u64) {
        self.treasury = treasury;
        self.creation_fee = creation_fee;
    }

    /// Counts a launch, unless launches are paused.
    pub fn admit_launch(&mut self) -> Result<()> {
        require!(!self.paused, LauncherError::Paused);
        self.launches = self.launches.safe_add(1).map_err(LauncherError::from)?;
        self.invariant()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let [authority, treasury] = [1, 3].map(|byte| Pubkey::new_from_array([byte; 32]));
        Config::new(ConfigArgs { authority, treasury, creation_fee: MAX_CREATION_FEE }, 253)
    }

    #[test]
    fn the_layout_is_pinned() {
        let pending_authority = Pubkey::new_from_array([2; 32]);
        let config = Config { pending_authority, paused: true, launches: 9, ..config() };
        let mut bytes = Config::DISCRIMINATOR.to_vec();
        config.serialize(&mut bytes).unwrap();
        assert_eq!(bytes.len(), Config::SPACE);
        assert_eq!(bytes[8..10], [1, 253]);
        for (at, byte) in [(10, 1), (42, 2), (74, 3)] {
            assert_eq!(bytes[at..at + 32], [byte; 32], "key at {at}");
        }
        assert_eq!(bytes[106..114], MAX_CREATION_FEE.to_le_bytes());
        assert_eq!(bytes[114], 1, "paused");
        assert_eq!(bytes[115..123], 9u64.to_le_bytes(), "launches");
        assert_eq!(bytes[123..], [0; 128]);
    }

    #[test]
    fn the_invariant_names_what_is_wrong() {
        let nobody = Pubkey::default();
        assert!(config().invariant().is_ok());
        let wrong = [
            (Config { version: 2, ..config() }, LauncherError::InvariantViolated),
            (Config { authority: nobody, ..config() }, LauncherError::InvalidAuthority),
            (Config { treasury: nobody, ..config() }, LauncherError::InvalidTreasury),
            (Config { creation_fee: MAX_CREATION_FEE + 1, ..config() }, LauncherError::InvalidFee),
        ];
        for (config, error) in wrong {
            assert_eq!(
                config.invariant().map_err(|found| found.to_string().contains(&error.to_string())),
                Err(true)
            );
        }
    }
}
