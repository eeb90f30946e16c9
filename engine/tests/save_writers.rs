//! Saving under attack: writers that race and are killed, links, permissions, full disks.
#![cfg(all(feature = "save", feature = "nn", unix))]

use gradus::nn::Mlp;
use gradus::optim::{Adam, Optimizer};
use gradus::save::{SaveError, load, save};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        Folder::inside(&std::env::temp_dir(), name)
    }

    /// In memory where there is such a folder: writers that need not wait for a disk race more often.
    fn quick(name: &str) -> Folder {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Folder::inside(memory, name) } else { Folder::new(name) }
    }

    fn inside(parent: &Path, name: &str) -> Folder {
        let folder = parent.join(format!("gradus-writers-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The names of what is in it, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

type Run = (Mlp, Adam, u64);

/// A run that can be told from every other, of some kilobytes.
fn run(id: u64) -> Run {
    let network = Mlp::new(4, &[8 + usize::try_from(id % 4).unwrap(), 2], id);
    let (mut adam, mut parameters) = (Adam::new(0.01), network.parameters());
    let gradient = parameters.clone();
    adam.step(&mut parameters, &gradient);
    (network, adam, id)
}

/// Whose run it is, if it is whole.
fn whole(loaded: Result<Run, SaveError>) -> u64 {
    let (network, adam, id) = loaded.expect("there is always a whole run");
    assert_eq!((network, adam, id), run(id), "a mixture");
    id
}

/// What says to the test program that it is to save in a loop, and to which path as whom.
const WRITER: &str = "GRADUS_TEST_WRITER";

/// No test of its own: what the processes of the others do.
#[test]
fn writer() {
    let Ok(task) = std::env::var(WRITER) else { return };
    let (id, path) = task.split_once(' ').unwrap();
    let run = run(id.parse().unwrap());
    loop {
        save(path, &run).unwrap();
    }
}

/// This program again, as one that saves until it is killed.
fn writer_process(id: u64, path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer"])
        .env(WRITER, format!("{id} {}", path.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn kill(mut writers: Vec<Child>) {
    writers.iter_mut().for_each(|writer| writer.kill().unwrap());
    for writer in &mut writers {
        writer.wait().unwrap();
    }
}

#[test]
fn of_four_threads_each_reads_whole_runs() {
    let folder = Folder::quick("threads");
    let path = folder.path("run.json");
    save(&path, &run(0)).unwrap();
    let until = Instant::now() + Duration::from_millis(1500);
    let loads: usize = thread::scope(|scope| {
        let write_and_read = |id| {
            let (run, path) = (run(id), &path);
            move || {
                let mut loads = 0;
                while Instant::now() < until {
                    save(path, &run).unwrap();
                    whole(load(path));
                    loads += 1;
                }
                loads
            }
        };
        let threads: Vec<_> = (1..=4).map(|id| scope.spawn(write_and_read(id))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    println!("{loads} saves and loads by four threads, every one whole");
    assert!(loads > 20, "only {loads}");
    assert_eq!(folder.names(), ["run.json"]);
}

#[test]
fn of_four_processes_that_are_killed_a_whole_run_is_left() {
    let folder = Folder::quick("killed");
    let path = folder.path("run.json");
    save(&path, &run(0)).unwrap();
    let (mut loads, mut writers_seen) = (0, [false; 5]);
    let rounds = 12;
    for round in 0..rounds {
        let writers = (1..=4).map(|id| writer_process(id, &path)).collect();
        let until = Instant::now() + Duration::from_millis(150 + 7 * round);
        while Instant::now() < until {
            writers_seen[usize::try_from(whole(load(&path))).unwrap()] = true;
            loads += 1;
        }
        kill(writers);
        writers_seen[usize::try_from(whole(load(&path))).unwrap()] = true;
    }
    let left = folder.names().len() - 1;
    println!(
        "{rounds} rounds of four writers killed, {loads} loads meanwhile, every one whole; {left} temporary files left"
    );
    assert!(writers_seen.iter().skip(1).any(|&seen| seen), "no process has saved");
    // A writer that is killed in the middle leaves at most the one file that it was writing.
    assert!(left <= usize::try_from(4 * rounds).unwrap());
    assert!(folder.names().iter().all(|name| name == "run.json" || name.starts_with(".gradus-")));
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn the_mode_of_the_file_is_kept() {
    let folder = Folder::new("modes");
    let path = folder.path("run.json");
    save(&path, &1).unwrap();
    // A new file is as any new file of this process.
    File::create(folder.path("usual")).unwrap();
    assert_eq!(mode(&path), mode(&folder.path("usual")));
    for kept in [0o600, 0o640, 0o644, 0o444, 0o400, 0o666, 0o777] {
        fs::set_permissions(&path, Permissions::from_mode(kept)).unwrap();
        save(&path, &2).unwrap();
        assert_eq!(mode(&path), kept, "{kept:o}");
    }
}

/// Only the superuser can give files away, so that only then there is something to see.
#[test]
fn the_owner_of_the_file_is_kept() {
    let folder = Folder::new("owner");
    let path = folder.path("run.json");
    save(&path, &1).unwrap();
    if std::os::unix::fs::chown(&path, Some(12345), Some(23456)).is_ok() {
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        save(&path, &2).unwrap();
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!((metadata.uid(), metadata.gid(), mode(&path)), (12345, 23456, 0o640));
    }
}

#[test]
fn links_are_kept_and_their_files_written() {
    let folder = Folder::new("links");
    fs::create_dir(folder.path("runs")).unwrap();
    let (link, second, target) =
        (folder.path("latest.json"), folder.path("second.json"), folder.path("runs/3.json"));
    save(&target, &1).unwrap();
    symlink("runs/3.json", &link).unwrap();
    symlink("latest.json", &second).unwrap();
    save(&second, &2).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::symlink_metadata(&second).unwrap().is_symlink());
    assert!(fs::symlink_metadata(&target).unwrap().is_file());
    assert_eq!(load::<i32>(&target).unwrap(), 2);

    fs::remove_file(&target).unwrap();
    let error = save(&link, &3).unwrap_err().to_string();
    assert!(error.contains("it is a link to a file that cannot be found"), "{error}");
    assert!(!target.exists());
    let turning = folder.path("loop.json");
    symlink("loop.json", &turning).unwrap();
    assert!(save(&turning, &3).is_err());
    assert_eq!(folder.names(), ["latest.json", "loop.json", "runs", "second.json"]);
}

#[test]
fn files_and_links_beside_it_are_not_touched() {
    let folder = Folder::new("beside");
    let (path, victim) = (folder.path("run.json"), folder.path("victim"));
    fs::write(&victim, "precious").unwrap();
    for planted in ["run.json.part", "run.json.tmp", ".run.json.tmp"] {
        symlink(&victim, folder.path(planted)).unwrap();
    }
    fs::write(folder.path("run.json~"), "notes").unwrap();
    let before = folder.names();
    save(&path, &1).unwrap();
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    assert_eq!(fs::read(folder.path("run.json~")).unwrap(), b"notes");
    assert!(fs::symlink_metadata(&path).unwrap().is_file());
    assert_eq!(folder.names().len(), before.len() + 1);
}

#[test]
fn what_is_no_file_is_refused_and_nothing_is_left() {
    let folder = Folder::new("refused");
    let (directory, pipe, socket) = (folder.path("directory"), folder.path("pipe"), folder.path("socket"));
    fs::create_dir(&directory).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let to_pipe = folder.path("to-pipe");
    symlink("pipe", &to_pipe).unwrap();
    for path in
        [&directory, &pipe, &socket, &to_pipe, Path::new("/dev/null"), Path::new("/"), Path::new("..")]
    {
        let error = save(path, &1).unwrap_err().to_string();
        assert!(error.ends_with("it is not a regular file"), "{error}");
    }
    assert!(save("", &1).is_err());
    let missing = save(folder.path("no/such/folder/run.json"), &1).unwrap_err().to_string();
    assert!(missing.contains("no file can be made in its folder"), "{missing}");
    assert!(save(folder.path("directory/run.json/"), &1).is_err());
    assert!(fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    assert_eq!(folder.names(), ["directory", "pipe", "socket", "to-pipe"]);
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
}

/// The shell limits the size of files, and what is too large fails as on a full disk.
#[test]
fn a_full_disk_leaves_the_old_file_and_nothing_else() {
    let folder = Folder::new("full");
    let path = folder.path("run.json");
    save(&path, &run(1)).unwrap();
    let this = std::env::current_exe().unwrap();
    let script = format!("trap '' XFSZ; ulimit -f 1; exec '{}' --exact writer", this.display());
    let output = Command::new("sh")
        .args(["-c", &script])
        .env(WRITER, format!("2 {}", path.display()))
        .output()
        .unwrap();
    let told =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && told.contains("File too large"), "{told}");
    assert_eq!(whole(load(&path)), 1);
    assert_eq!(folder.names(), ["run.json"]);
}

#[test]
fn the_longest_name_is_saved_under() {
    let folder = Folder::new("long");
    let path = folder.path(&"x".repeat(255));
    save(&path, &1).unwrap();
    save(&path, &2).unwrap();
    assert_eq!(load::<i32>(&path).unwrap(), 2);
    assert_eq!(folder.names().len(), 1);
}
