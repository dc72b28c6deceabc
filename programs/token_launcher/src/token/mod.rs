//! A token as a launch uses it: the mint, its metadata inside it or beside it, its supply.

pub mod instructions;
pub mod metadata;
pub mod metaplex;
