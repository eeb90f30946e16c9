//! The program that the page runs: it reads a request, and writes the answer.

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let mut request = String::new();
    io::stdin().read_to_string(&mut request)?;
    io::stdout().write_all(playground::answer(&request).as_bytes())
}
