//! Pages of the documentation that tests write.

use std::path::PathBuf;

/// The page at `path`, from the root of the repository, as it stands, or `None` after it was written anew with `generated`: so with `DOCS=overwrite` in the
/// environment, as in `DOCS=overwrite cargo test --test constructs`.
pub fn standing(path: &str, generated: &str) -> Option<String> {
    let path = [env!("CARGO_MANIFEST_DIR"), path].iter().collect::<PathBuf>();
    if std::env::var("DOCS").is_ok_and(|wish| wish == "overwrite") {
        std::fs::write(&path, generated).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return None;
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(text.replace("\r\n", "\n"))
}
