//! Many programs in one run of `rustc`, and whose fault an error is.
//!
//! Each program is a file of its own, so that the place of an error identifies the program. Programs with errors are left out, and
//! the rest is compiled again until it compiles: `rustc` reports the errors of one phase at a time.

use crate::print::{Version, file};
use crate::tree::Program;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{fs, io};

/// Where the crates are that programs are linked with.
pub struct Toolchain {
    /// `target/fuzz` of the workspace.
    pub directory: PathBuf,
    gradus: PathBuf,
    dependencies: PathBuf,
    support: PathBuf,
    release: bool,
}

/// What `rustc` says of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    pub code: Option<String>,
    pub message: String,
    pub rendered: String,
}

impl Diagnostic {
    /// Whether a lint says so, and no rule of the language.
    pub fn is_lint(&self) -> bool {
        self.code.as_ref().is_some_and(|code| !code.starts_with('E'))
    }
}

/// What is wrong with the programs that have errors, by number.
pub type Errors = BTreeMap<u64, Diagnostic>;

impl Toolchain {
    /// Builds the engine and the support crate.
    pub fn prepare(release: bool) -> Result<Toolchain, String> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let workspace = package.ancestors().nth(2).expect("two levels below the workspace");
        let directory = workspace.join("target/fuzz");
        fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(workspace).args(["build", "-p", "gradus", "--message-format=json", "--target-dir"]);
        cargo.arg(directory.join("build")).stderr(Stdio::inherit());
        // The macro runs thousands of times.
        let profile = if release { "release" } else { "dev" };
        cargo.args(["--profile", profile, "--config"]);
        cargo.arg(format!("profile.{profile}.build-override.opt-level=1"));
        let built = output(&mut cargo)?;
        let gradus = artifact(&built.stdout).ok_or("cargo names no library of gradus")?;
        let dependencies =
            directory.join("build").join(if release { "release" } else { "debug" }).join("deps");
        let support = directory.join("libsupport.rlib");
        let mut rustc = Command::new("rustc");
        rustc.args([
            "--edition",
            "2024",
            "--crate-name",
            "support",
            "--crate-type",
            "rlib",
            "-O",
            "-A",
            "warnings",
        ]);
        rustc.arg(package.join("src/support/mod.rs")).arg("-o").arg(&support).stderr(Stdio::inherit());
        output(&mut rustc)?;
        Ok(Toolchain { directory, gradus, dependencies, support, release })
    }

    /// The identity of this build of the engine.
    pub fn identity(&self) -> String {
        let stamp = fs::metadata(&self.gradus).and_then(|data| Ok((data.len(), data.modified()?)));
        format!("{stamp:?} {}", self.release)
    }

    /// Which programs are not valid Rust, attribute or not: the plain and the dual version are checked.
    pub fn check(&self, directory: &Path, programs: &[&Program]) -> Result<Errors, String> {
        self.until_clean(directory, programs, &[('p', Version::Plain), ('d', Version::Dual)], None)
    }

    /// Compiles the annotated and the dual versions to `executable`, without the programs that have errors.
    pub fn build(
        &self,
        directory: &Path,
        programs: &[&Program],
        executable: &Path,
    ) -> Result<Errors, String> {
        let versions = [('a', Version::Annotated), ('d', Version::Dual)];
        self.until_clean(directory, programs, &versions, Some(executable))
    }

    /// Which programs a lint denies when code is made of them, attribute or not.
    pub fn check_code(&self, directory: &Path, programs: &[&Program]) -> Result<Errors, String> {
        self.until_clean(directory, programs, &[('p', Version::Plain)], Some(&directory.join("plain")))
    }

    /// The same as far as errors go: nothing is made to run, and the dual version is not looked at.
    pub fn check_annotated(
        &self,
        directory: &Path,
        programs: &[&Program],
    ) -> Result<(Errors, Errors), String> {
        let invalid = self.until_clean(directory, programs, &[('p', Version::Plain)], None)?;
        let valid: Vec<&Program> =
            programs.iter().copied().filter(|program| !invalid.contains_key(&program.number)).collect();
        let errors = self.until_clean(directory, &valid, &[('a', Version::Annotated)], None)?;
        Ok((invalid, errors))
    }

    fn until_clean(
        &self,
        directory: &Path,
        programs: &[&Program],
        versions: &[(char, Version)],
        executable: Option<&Path>,
    ) -> Result<Errors, String> {
        fs::create_dir_all(directory).map_err(|error| error.to_string())?;
        for program in programs {
            for (letter, version) in versions {
                let path = directory.join(format!("{letter}{}.rs", program.number));
                fs::write(path, file(program, *version)).map_err(|error| error.to_string())?;
            }
        }
        let mut errors = Errors::new();
        loop {
            let left: Vec<u64> = programs
                .iter()
                .map(|program| program.number)
                .filter(|number| !errors.contains_key(number))
                .collect();
            if left.is_empty() {
                return Ok(errors);
            }
            let (clean, found, unplaced) = self.rustc(directory, &left, versions, executable)?;
            if clean {
                return Ok(errors);
            }
            if found.is_empty() {
                self.narrow(directory, &left, versions, &unplaced, &mut errors)?;
            }
            errors.extend(found);
        }
    }

    /// Finds the programs of errors without a place, by halves.
    fn narrow(
        &self,
        directory: &Path,
        numbers: &[u64],
        versions: &[(char, Version)],
        unplaced: &Diagnostic,
        errors: &mut Errors,
    ) -> Result<(), String> {
        if let [number] = numbers {
            errors.insert(*number, unplaced.clone());
            return Ok(());
        }
        for half in numbers.chunks(numbers.len().div_ceil(2)) {
            let scratch = directory.join("half");
            let (clean, found, unplaced) = self.rustc(directory, half, versions, Some(&scratch))?;
            if clean {
                continue;
            }
            if found.is_empty() {
                self.narrow(directory, half, versions, &unplaced, errors)?;
            }
            errors.extend(found);
        }
        Ok(())
    }

    /// One run: whether all is well, the errors by program, and an error without a place.
    fn rustc(
        &self,
        directory: &Path,
        numbers: &[u64],
        versions: &[(char, Version)],
        executable: Option<&Path>,
    ) -> Result<(bool, Errors, Diagnostic), String> {
        let root = directory.join("main.rs");
        fs::write(&root, main(numbers, versions)).map_err(|error| error.to_string())?;
        let mut rustc = Command::new("rustc");
        rustc.args(["--edition", "2024", "--crate-name", "programs", "--crate-type", "bin"]);
        rustc.args(["-A", "warnings", "-C", "debuginfo=0", "--error-format=json"]);
        rustc.args(if self.release {
            ["-C", "opt-level=3", "-C", "overflow-checks=off"]
        } else {
            ["-C", "opt-level=0", "-C", "debug-assertions=on"]
        });
        rustc.arg("--extern").arg(format!("gradus={}", self.gradus.display()));
        rustc.arg("--extern").arg(format!("support={}", self.support.display()));
        rustc.arg("-L").arg(format!("dependency={}", self.dependencies.display()));
        match executable {
            Some(path) => rustc.arg("--emit=link").arg("-o").arg(path),
            None => rustc.arg("--emit=metadata").arg("-o").arg(directory.join("checked.rmeta")),
        };
        rustc.env("GRADUS_WITHOUT_PASSES", without_passes(numbers));
        let output = rustc.arg(&root).output().map_err(|error| format!("rustc: {error}"))?;
        let text = String::from_utf8_lossy(&output.stderr);
        let (mut errors, mut unplaced) = (Errors::new(), None);
        let mut rest = String::new();
        for line in text.lines() {
            let Ok(value) = serde_json::from_str::<Value>(line) else {
                rest.push_str(line);
                rest.push('\n');
                continue;
            };
            if value["level"] != "error"
                || value["message"].as_str().is_some_and(|text| text.starts_with("aborting due"))
            {
                continue;
            }
            let diagnostic = diagnostic(&value);
            match owner(&value).filter(|number| numbers.contains(number)) {
                Some(number) => {
                    errors.entry(number).or_insert(diagnostic);
                }
                None => unplaced = Some(diagnostic),
            }
        }
        let unplaced = unplaced.unwrap_or(Diagnostic {
            code: None,
            message: "rustc does not end well, and does not say why".to_owned(),
            rendered: rest,
        });
        Ok((output.status.success(), errors, unplaced))
    }
}

fn main(numbers: &[u64], versions: &[(char, Version)]) -> String {
    let mut text = String::new();
    for number in numbers {
        for (letter, _) in versions {
            let _ = writeln!(text, "mod {letter}{number};");
        }
    }
    text.push_str("fn main() {\nsupport::start();\n");
    text.push_str("let from: u64 = std::env::args().nth(1).map_or(0, |text| text.parse().unwrap());\n");
    for number in numbers {
        let _ = write!(text, "if from <= {number} {{ ");
        for (letter, _) in versions {
            let _ = write!(text, "{letter}{number}::run(); ");
        }
        text.push_str("}\n");
    }
    text.push_str("support::finish();\n}\n");
    text
}

fn diagnostic(value: &Value) -> Diagnostic {
    Diagnostic {
        code: value["code"]["code"].as_str().map(str::to_owned),
        message: value["message"].as_str().unwrap_or_default().to_owned(),
        rendered: value["rendered"].as_str().unwrap_or_default().to_owned(),
    }
}

/// The program whose file a diagnostic points into.
fn owner(value: &Value) -> Option<u64> {
    let spans = value["spans"].as_array()?;
    let primary = spans.iter().filter(|span| span["is_primary"] == true);
    primary
        .chain(spans.iter())
        .find_map(place)
        .or_else(|| value["children"].as_array()?.iter().find_map(owner))
}

fn place(span: &Value) -> Option<u64> {
    let file = span["file_name"].as_str()?;
    let name = Path::new(file).file_stem()?.to_str()?;
    let number = name.strip_prefix(['a', 'd', 'p']).and_then(|digits| digits.parse().ok());
    number.or_else(|| place(span["expansion"].get("span")?))
}

fn output(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|error: io::Error| format!("{command:?}: {error}"))?;
    if output.status.success() { Ok(output) } else { Err(format!("{command:?} fails")) }
}

/// The library of gradus in cargo's messages.
fn artifact(messages: &[u8]) -> Option<PathBuf> {
    String::from_utf8_lossy(messages).lines().find_map(|line| {
        let value: Value = serde_json::from_str(line).ok()?;
        if value["target"]["name"] != "gradus" {
            return None;
        }
        let names = value["filenames"].as_array()?;
        names
            .iter()
            .filter_map(Value::as_str)
            .map(PathBuf::from)
            .find(|path| path.extension().is_some_and(|end| end == "rlib"))
    })
}

/// The passes of the compiler that are left out for these programs: another set for every batch of 150, so that a program is
/// made smaller with those that it failed with.
fn without_passes(numbers: &[u64]) -> String {
    const PASSES: [&str; 4] = ["if_conversion", "reduction_order", "skipped_loops", "guarded_blocks"];
    let set = numbers.first().map_or(0, |number| number / 150 % 16);
    let left_out = PASSES.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, name)| *name);
    left_out.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_in_macros_are_placed_by_what_expands_them() {
        let error = json!({"spans": [{
            "is_primary": true,
            "file_name": "/rust/library/core/src/macros.rs",
            "expansion": {"span": {"file_name": "target/fuzz/programs/a17.rs"}}
        }]});
        assert_eq!(owner(&error), Some(17));
        assert_eq!(owner(&json!({"spans": []})), None);
    }
}
