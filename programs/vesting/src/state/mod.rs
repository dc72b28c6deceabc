mod schedule;

pub use schedule::{Schedule, ScheduleArgs};
