use {
    crate::{constants::*, error::CurveError, events::ConfigChanged},
    anchor_lang::prelude::*,
};

/// Parameters of the whole program; PDA `["config"]`. Fee rates apply to curves
/// opened afterwards: an open curve keeps those it was opened with.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Config {
    pub version: u8,
    pub bump: u8,
    /// May change every parameter within its cap, pause, and name a successor.
    pub authority: Pubkey,
    /// Successor who has not accepted yet; the default key when there is none.
    pub pending_authority: Pubkey,
    /// Where protocol fees are swept to, by anybody.
    pub fee_recipient: Pubkey,
    pub protocol_fee_bps: u16,
    pub creator_fee_bps: u16,
    /// Part of the protocol fee that a referrer gets, in basis points of it.
    pub referrer_share_bps: u16,
    /// Lamports for the caller who graduates a curve.
    pub keeper_bounty: u64,
    /// Stops opening and buying; selling and claiming never stop.
    pub paused: bool,
    /// Address lookup table that clients may use; the default key when there is none.
    pub lookup_table: Pubkey,
    pub reserved: [u8; 128],
}

/// What the upgrade authority decides once.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ConfigArgs {
    pub authority: Pubkey,
    pub fee_recipient: Pubkey,
    pub protocol_fee_bps: u16,
    pub creator_fee_bps: u16,
    pub referrer_share_bps: u16,
    pub keeper_bounty: u64,
    pub lookup_table: Pubkey,
}

/// Every parameter that the authority may change; all are set at once.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ConfigUpdate {
    pub fee_recipient: Pubkey,
    pub protocol_fee_bps: u16,
    pub creator_fee_bps: u16,
    pub referrer_share_bps: u16,
    pub keeper_bounty: u64,
    pub lookup_table: Pubkey,
}

impl Config {
    /// Bytes of the account, discriminator included.
    pub const SPACE: usize = Config::DISCRIMINATOR.len() + Config::INIT_SPACE;

    /// The first config.
    pub fn new(args: ConfigArgs, bump: u8) -> Self {
        Config {
            version: ACCOUNT_VERSION,
            bump,
            authority: args.authority,
            pending_authority: Pubkey::default(),
            fee_recipient: args.fee_recipient,
            protocol_fee_bps: args.protocol_fee_bps,
            creator_fee_bps: args.creator_fee_bps,
            referrer_share_bps: args.referrer_share_bps,
            keeper_bounty: args.keeper_bounty,
            paused: false,
            lookup_table: args.lookup_table,
            reserved: [0; 128],
        }
    }

    /// Sets the parameters; [`Config::invariant`] judges them.
    pub fn apply(&mut self, update: ConfigUpdate) {
        self.fee_recipient = update.fee_recipient;
        self.protocol_fee_bps = update.protocol_fee_bps;
        self.creator_fee_bps = update.creator_fee_bps;
        self.referrer_share_bps = update.referrer_share_bps;
        self.keeper_bounty = update.keeper_bounty;
        self.lookup_table = update.lookup_table;
    }

    /// Whether a config's account, discriminator checked, says that entering is paused.
    pub fn is_paused(data: &[u8]) -> bool {
        data.get(PAUSED_AT) != Some(&0)
    }

    /// What every stored config satisfies.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == ACCOUNT_VERSION, CurveError::InvariantViolated);
        require!(self.authority != Pubkey::default(), CurveError::InvalidAuthority);
        require!(self.fee_recipient != Pubkey::default(), CurveError::InvalidFeeRecipient);
        require!(self.protocol_fee_bps <= MAX_PROTOCOL_FEE_BPS, CurveError::InvalidFee);
        require!(self.creator_fee_bps <= MAX_CREATOR_FEE_BPS, CurveError::InvalidFee);
        require!(self.referrer_share_bps <= MAX_REFERRER_SHARE_BPS, CurveError::InvalidFee);
        require!(self.keeper_bounty <= MAX_KEEPER_BOUNTY, CurveError::InvalidFee);
        Ok(())
    }

    /// The event that carries the whole config.
    pub fn changed(&self, timestamp: i64) -> ConfigChanged {
        ConfigChanged {
            authority: self.authority,
            fee_recipient: self.fee_recipient,
            protocol_fee_bps: self.protocol_fee_bps,
            creator_fee_bps: self.creator_fee_bps,
            referrer_share_bps: self.referrer_share_bps,
            keeper_bounty: self.keeper_bounty,
            paused: self.paused,
            lookup_table: self.lookup_table,
            timestamp,
        }
    }
}

/// Discriminator, version, bump, three keys, three rates, the bounty.
const PAUSED_AT: usize = 8 + 2 + 3 * 32 + 3 * 2 + 8;
