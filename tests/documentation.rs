//! The pages that rustdoc makes of a crate with annotated functions: no link is ambiguous, and companions link to the function.

use std::path::Path;
use std::process::Command;

/// Builds the documentation of a package as strictly as can be.
fn documented(package: &str) -> Result<std::path::PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = root.join("target/documented");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root).args(["doc", "--quiet", "--no-deps", "--offline", "-p", package, "--target-dir"]);
    let output =
        cargo.arg(&target).env("RUSTDOCFLAGS", "-D warnings").output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(target.join("doc").join(package.replace('-', "_")))
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn page(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether the page links to the function in its text.
#[track_caller]
fn links(folder: &Path, from: &str, to: &str) {
    let page = page(folder, &format!("fn.{from}.html"));
    assert!(page.contains(&format!("href=\"fn.{to}.html\"")), "the page of `{from}` has no link to `{to}`");
    assert!(!page.contains("[<code>"), "a link of the page of `{from}` was not resolved");
}

#[test]
fn companions_link_to_their_function() {
    let folder = documented("strict-2024").unwrap_or_else(|errors| panic!("{errors}"));
    for suffix in ["grad", "grad_add", "graph"] {
        links(&folder, &format!("neuron_{suffix}"), "neuron");
        links(&folder, &format!("norm_{suffix}"), "norm");
    }
    for suffix in ["vjp", "jacobian", "graph"] {
        links(&folder, &format!("softmax_{suffix}"), "softmax");
    }
    let inside = folder.join("measures");
    links(&inside, "measure", "measures");
    links(&inside, "measures_grad", "measures");
    // A link of the user's to an annotated function.
    links(&folder, "match_grad", "match");
    links(&folder, "unit_neuron", "neuron");
}
