mod beneficiary;
mod claim;
mod create_schedule;
mod revoke;

pub use beneficiary::*;
pub use claim::*;
pub use create_schedule::*;
pub use revoke::*;
