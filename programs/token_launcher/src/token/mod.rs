//! Token-2022 as a launch uses it: the mint, its metadata, its supply.

pub mod instructions;
pub mod metadata;
