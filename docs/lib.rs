//! The examples of the workspace's README, run as tests.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
