use {
    crate::{
        constants::*,
        error::{AmmError, Checked},
        events::ConfigChanged,
        math::FeeRates,
    },
    anchor_lang::prelude::*,
};

/// The creator's fee from a market cap on.
#[derive(AnchorSerialize, AnchorDeserialize, InitSpace, Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeTier {
    /// What the whole supply is worth at least, in lamports.
    pub min_market_cap_quote: u64,
    pub creator_fee_bps: u16,
}

/// Parameters of the whole program; PDA `["config"]`. They hold for every pool
/// from the moment they are set; a trader's own limits protect from the change.
#[account]
#[derive(InitSpace, Debug, PartialEq, Eq)]
pub struct Config {
    pub version: u8,
    pub bump: u8,
    /// May change every fee within its cap, pause, and name a successor.
    pub authority: Pubkey,
    /// Successor who has not accepted yet; the default key when there is none.
    pub pending_authority: Pubkey,
    /// Whose token accounts protocol fees are swept to, by anybody.
    pub fee_recipient: Pubkey,
    pub lp_fee_bps: u16,
    pub protocol_fee_bps: u16,
    /// Stops new pools, deposits and buys; selling, withdrawing, claiming and graduating never stop.
    pub paused: bool,
    pub reserved: [u8; 128],
    /// Creator fees by market cap, rising from 0.
    #[max_len(MAX_FEE_TIERS)]
    pub tiers: Vec<FeeTier>,
}

/// What the upgrade authority decides once.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct ConfigArgs {
    pub authority: Pubkey,
    pub fees: FeeArgs,
}

/// Every parameter that the authority may change; all are set at once.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Debug)]
pub struct FeeArgs {
    pub fee_recipient: Pubkey,
    pub lp_fee_bps: u16,
    pub protocol_fee_bps: u16,
    pub tiers: Vec<FeeTier>,
}

impl Config {
    /// Bytes of the account, discriminator and room for every tier included.
    pub const SPACE: usize = Config::DISCRIMINATOR.len() + Config::INIT_SPACE;

    /// The first config.
    pub fn new(args: ConfigArgs, bump: u8) -> Self {
        Config {
            version: ACCOUNT_VERSION,
            bump,
            authority: args.authority,
            pending_authority: Pubkey::default(),
            fee_recipient: args.fees.fee_recipient,
            lp_fee_bps: args.fees.lp_fee_bps,
            protocol_fee_bps: args.fees.protocol_fee_bps,
            paused: false,
            reserved: [0; 128],
            tiers: args.fees.tiers,
        }
    }

    /// Sets the fees; [`Config::invariant`] judges them.
    pub fn apply(&mut self, fees: FeeArgs) {
        self.fee_recipient = fees.fee_recipient;
        self.lp_fee_bps = fees.lp_fee_bps;
        self.protocol_fee_bps = fees.protocol_fee_bps;
        self.tiers = fees.tiers;
    }

    /// What every stored config satisfies.
    pub fn invariant(&self) -> Result<()> {
        require!(self.version == ACCOUNT_VERSION, AmmError::InvariantViolated);
        require!(self.authority != Pubkey::default(), AmmError::InvalidAuthority);
        require!(self.fee_recipient != Pubkey::default(), AmmError::InvalidFeeRecipient);
        require!(self.lp_fee_bps <= MAX_LP_FEE_BPS, AmmError::InvalidFee);
        require!(self.protocol_fee_bps <= MAX_PROTOCOL_FEE_BPS, AmmError::InvalidFee);
        let capped = self.tiers.iter().all(|tier| tier.creator_fee_bps <= MAX_CREATOR_FEE_BPS);
        require!(capped, AmmError::InvalidFee);
        require!(self.tiers.len() <= usize::from(MAX_FEE_TIERS), AmmError::InvalidTiers);
        let from_zero = self.tiers.first().is_some_and(|tier| tier.min_market_cap_quote == 0);
        let rising = self
            .tiers
            .windows(2)
            .all(|pair| pair[0].min_market_cap_quote < pair[1].min_market_cap_quote);
        require!(from_zero && rising, AmmError::InvalidTiers);
        Ok(())
    }

    /// The event that carries the whole config.
    pub fn changed(&self, timestamp: i64) -> ConfigChanged {
        ConfigChanged {
            authority: self.authority,
            fee_recipient: self.fee_recipient,
            lp_fee_bps: self.lp_fee_bps,
            protocol_fee_bps: self.protocol_fee_bps,
            paused: self.paused,
            tiers: self.tiers.clone(),
            timestamp,
        }
    }
}

/// Where the fields that swaps need lie in a config's account: behind
/// discriminator, version, bump and three keys.
mod at {
    pub const LP_FEE: usize = 8 + 2 + 3 * 32;
    pub const PROTOCOL_FEE: usize = LP_FEE + 2;
    pub const PAUSED: usize = PROTOCOL_FEE + 2;
    pub const TIERS: usize = PAUSED + 1 + 128;
}

/// A [`Config`] as its account's bytes, after the discriminator was checked.
#[derive(Clone, Copy)]
pub struct ConfigBytes<'a>(&'a [u8]);

impl<'a> ConfigBytes<'a> {
    /// Takes the whole account's data.
    pub fn new(data: &'a [u8]) -> Self {
        ConfigBytes(data)
    }

    /// Whether the config says that entering is paused; so does what cannot be read.
    pub fn is_paused(&self) -> bool {
        self.0.get(at::PAUSED) != Some(&0)
    }

    /// The rates of the moment, with the creator's as the pool has it.
    pub fn rates(&self, creator_bps: u16) -> Checked<FeeRates> {
        let lp_bps = u16_at(self.0, at::LP_FEE).ok_or(AmmError::InvariantViolated)?;
        let protocol_bps = u16_at(self.0, at::PROTOCOL_FEE).ok_or(AmmError::InvariantViolated)?;
        Ok(FeeRates { lp_bps, protocol_bps, creator_bps })
    }

    /// The creator's fee at a market cap: that of the last tier that begins at or below it.
    pub fn creator_fee_bps(&self, market_cap: u64) -> Checked<u16> {
        let (count, rest) = self
            .0
            .get(at::TIERS..)
            .and_then(|bytes| bytes.split_first_chunk::<4>())
            .ok_or(AmmError::InvariantViolated)?;
        let (tiers, _) = rest.as_chunks::<{ FeeTier::INIT_SPACE }>();
        let count = u32::from_le_bytes(*count) as usize;
        let tiers = tiers.get(..count).ok_or(AmmError::InvariantViolated)?;
        let reached =
            tiers.iter().map(tier).take_while(|tier| tier.min_market_cap_quote <= market_cap);
        Ok(reached.last().map_or(0, |tier| tier.creator_fee_bps))
    }
}

fn tier(bytes: &[u8; FeeTier::INIT_SPACE]) -> FeeTier {
    let [a, b, c, d, e, f, g, h, low, high] = *bytes;
    FeeTier {
        min_market_cap_quote: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
        creator_fee_bps: u16::from_le_bytes([low, high]),
    }
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..)?.first_chunk::<2>()?;
    Some(u16::from_le_bytes(*bytes))
}
