//! Writes the page, and prints its path: `cargo run --release -p playground`.

fn main() -> std::process::ExitCode {
    #[cfg(not(target_family = "wasm"))]
    match playground::page::write() {
        Ok(path) => println!("{}", path.display()),
        Err(message) => {
            eprintln!("error: {message}");
            return std::process::ExitCode::FAILURE;
        }
    }
    std::process::ExitCode::SUCCESS
}
