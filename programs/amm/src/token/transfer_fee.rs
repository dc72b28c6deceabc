//! Token-2022's transfer fee: what has to be sent for an amount to arrive, and
//! what arrives of what is sent. Used to plan; what really moved is measured.

use {
    crate::error::AmmError,
    anchor_lang::prelude::*,
    anchor_spl::token_2022::spl_token_2022::{
        extension::{
            transfer_fee::TransferFeeConfig, BaseStateWithExtensions, StateWithExtensions,
        },
        state::Mint,
    },
};

/// The smallest amount of which `net` arrives.
///
/// # Errors
/// `TransferFeeMismatch` where no amount is enough, as at a fee of the whole.
pub fn gross_of(mint: &AccountInfo, taxed: bool, net: u64) -> Result<u64> {
    if !taxed {
        return Ok(net);
    }
    with_fee(mint, |fee, epoch| fee.calculate_inverse_epoch_fee(epoch, net)?.checked_add(net))
}

/// What arrives of `gross`.
pub fn net_of(mint: &AccountInfo, taxed: bool, gross: u64) -> Result<u64> {
    if !taxed {
        return Ok(gross);
    }
    with_fee(mint, |fee, epoch| gross.checked_sub(fee.calculate_epoch_fee(epoch, gross)?))
}

fn with_fee(
    mint: &AccountInfo,
    reckon: impl FnOnce(&TransferFeeConfig, u64) -> Option<u64>,
) -> Result<u64> {
    let data = mint.try_borrow_data()?;
    let state = StateWithExtensions::<Mint>::unpack(&data)?;
    let fee = state.get_extension::<TransferFeeConfig>()?;
    let amount = reckon(fee, Clock::get()?.epoch);
    Ok(amount.ok_or(AmmError::TransferFeeMismatch)?)
}
