//! The command line.

use crate::generate::constructs;

pub const HELP: &str = "\
usage: cargo run --release -p fuzz -- [options]

  --programs N   how many programs (500)
  --seed S       of the generator (1)
  --from K       the first program's number (0)
  --only K       program K alone: print it, and the verdict
  --batch N      programs in one run of rustc (150)
  --jobs N       runs of rustc at a time (2)
  --shrink N     failures of one kind that are made small, for each batch (2)
  --without NAME leave out programs with this construct
  --graph        make programs small too whose gradient is not compiled
  --release      optimised programs
  --structs      programs with structs that carry gradients
  --list         the constructs";

#[derive(Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Options {
    pub programs: u64,
    pub seed: u64,
    pub from: u64,
    pub only: Option<u64>,
    pub batch: u64,
    pub jobs: usize,
    pub shrink: usize,
    pub release: bool,
    pub list: bool,
    pub graph: bool,
    pub structs: bool,
    pub without: Vec<String>,
}

impl Options {
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let mut options = Options {
            programs: 500,
            seed: 1,
            from: 0,
            only: None,
            batch: 150,
            jobs: 2,
            shrink: 2,
            release: false,
            list: false,
            graph: false,
            structs: false,
            without: Vec::new(),
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            if argument == "--without" {
                let name = arguments.next().ok_or("`--without` takes the name of a construct")?;
                if !constructs().contains(&name.as_str()) {
                    return Err(format!("no construct is called `{name}`: `--list` lists them"));
                }
                options.without.push(name);
                continue;
            }
            let mut number = || -> Result<u64, String> {
                let text = arguments.next().ok_or_else(|| format!("`{argument}` takes a number"))?;
                text.parse().map_err(|_| format!("`{argument}` takes a number, not `{text}`"))
            };
            match argument.as_str() {
                "--programs" => options.programs = number()?,
                "--seed" => options.seed = number()?,
                "--from" => options.from = number()?,
                "--only" => options.only = Some(number()?),
                "--batch" => options.batch = number()?.max(1),
                "--jobs" => options.jobs = usize::try_from(number()?.max(1)).unwrap_or(1),
                "--shrink" => options.shrink = usize::try_from(number()?).unwrap_or(usize::MAX),
                "--release" => options.release = true,
                "--graph" => options.graph = true,
                "--structs" => options.structs = true,
                "--list" => options.list = true,
                _ => return Err(format!("unknown option `{argument}`")),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let parse = |text: &str| Options::parse(text.split_whitespace().map(str::to_owned));
        assert_eq!(parse("--programs 7 --only 3").unwrap().only, Some(3));
        assert!(parse("--programs").is_err());
        assert!(parse("--fast").is_err());
        assert_eq!(parse("--without negation").unwrap().without, ["negation"]);
        assert!(parse("--without without").is_err());
    }
}
