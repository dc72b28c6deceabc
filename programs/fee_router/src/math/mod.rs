pub mod earnings;
