//! A file replaced as a whole: readers see the old contents or the new ones, whatever happens in between.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes the parts to a temporary file beside the target, flushes it to the disk, and renames it to the target.
pub(super) fn replace(path: &Path, parts: &[&str]) -> io::Result<()> {
    let (target, existing) = target(path)?;
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Created with `create_new` under a random name, so that nothing that is there is opened or followed. It is removed when
    // this function returns early.
    let mut temporary = temporary(existing.as_ref()).tempfile_in(folder).map_err(|error| {
        let folder = folder.display();
        io::Error::new(error.kind(), format!("no file can be made in its folder `{folder}`: {error}"))
    })?;
    for part in parts {
        temporary.write_all(part.as_bytes())?;
    }
    if let Some(existing) = &existing {
        keep_access(temporary.as_file(), existing)?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(&target).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// The file that is to be replaced, and what is known of it if it is there.
fn target(path: &Path) -> io::Result<(PathBuf, Option<Metadata>)> {
    let (target, metadata) = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            let target = fs::canonicalize(path).map_err(|error| {
                io::Error::new(error.kind(), format!("it is a link to a file that cannot be found: {error}"))
            })?;
            let metadata = fs::symlink_metadata(&target)?;
            (target, metadata)
        }
        Ok(metadata) => (path.to_owned(), metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((path.to_owned(), None)),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file"));
    }
    Ok((target, Some(metadata)))
}

/// A file that replaces another is private until it has the other's permissions. A new file gets the usual ones, which the
/// process's mask limits.
fn temporary(existing: Option<&Metadata>) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gradus-").suffix(".tmp");
    #[cfg(unix)]
    if existing.is_none() {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = existing;
    builder
}

/// Gives the file the owner, the group and the permissions of another. Where the group cannot be kept, the new group gets
/// only what everybody had.
#[cfg(unix)]
fn keep_access(file: &File, existing: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let made = file.metadata()?;
    let mut mode = existing.mode() & 0o777;
    if made.gid() != existing.gid() && fchown(file, None, Some(existing.gid())).is_err() {
        let everybody = mode & 0o007;
        mode &= 0o707 | (everybody << 3);
    }
    // Only the superuser can give a file away. Anybody else becomes the owner.
    if made.uid() != existing.uid() {
        let _ = fchown(file, Some(existing.uid()), None);
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_access(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Flushes the renaming to the disk, where the folder can be opened and its file system can do so.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    let Ok(folder) = File::open(folder) else { return Ok(()) };
    match folder.sync_all() {
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Err(error),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
