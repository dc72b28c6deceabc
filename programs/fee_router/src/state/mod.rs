mod proposal;
mod release;
mod router;
mod share;
mod table;

pub use {
    proposal::{Portion, Proposal},
    release::Release,
    router::{Router, RouterArgs},
    share::Share,
    table::Table,
};

#[cfg(test)]
mod tests;
