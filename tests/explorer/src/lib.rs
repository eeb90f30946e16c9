//! What the tests of the explorer share: functions to make pages of, and a browser to open these in.

pub mod browser;
pub mod functions;
