mod allocations;
mod config;
mod launch_args;
mod launch_record;
pub mod text;

pub use {allocations::*, config::*, launch_args::*, launch_record::*};
