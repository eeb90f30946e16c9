#![doc = include_str!("constructs.md")]
