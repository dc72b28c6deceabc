//! Pure arithmetic: no accounts, no clock. Twinned in Python; both read the
//! vectors of `tests/vectors/amm.json`.

pub mod fees;
pub mod liquidity;
pub mod price;
pub mod swap;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod small_worlds;
#[cfg(test)]
mod vectors;

pub use {fees::*, liquidity::*, price::*, swap::*};
