//! Pure arithmetic: no accounts, no clock. Twinned in Python; both read the
//! vectors of `tests/vectors/curve.json`.

pub mod batch;
pub mod fees;
pub mod graduation;
pub mod quotes;
pub mod refunds;
pub mod segments;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod small_worlds;
#[cfg(test)]
mod vectors;

pub use {batch::*, fees::*, graduation::*, quotes::*, refunds::*, segments::*};
