//! Files written whole or not at all.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::CliError;

/// Writes `bytes` to `path`: beside it first, synced, then renamed into place, with the permissions of what
/// stood there. Until the rename, and after any error, the file is what it was. A link is followed; what is no
/// regular file (a device, a pipe) is written to as it is.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let all = |file: &mut dyn Write| file.write_all(bytes);
    write(path, all, None).map_err(|e| CliError::write(&path.display().to_string(), e))
}

/// The same for what is written piece by piece; where `fill` fails there is no file.
#[cfg(feature = "feedback")]
pub(super) fn write_whole_with(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut failed = None;
    let filled = |file: &mut dyn Write| {
        let mut file = io::BufWriter::with_capacity(1 << 16, file);
        let fail = |e| {
            failed = Some(e);
            io::ErrorKind::Other.into()
        };
        fill(&mut file).map_err(fail).and_then(|()| file.flush())
    };
    let done = write(path, filled, None);
    match failed {
        Some(e) => Err(e),
        None => done.map_err(|e| CliError::write(&path.display().to_string(), e)),
    }
}

/// The same, but what stood there is kept under its name and `suffix`.
pub(super) fn replace(path: &Path, bytes: &[u8], suffix: &str) -> Result<(), CliError> {
    let kept = (!suffix.is_empty()).then(|| {
        let mut name: OsString = path.into();
        name.push(suffix);
        PathBuf::from(name)
    });
    let all = |file: &mut dyn Write| file.write_all(bytes);
    write(path, all, kept.as_deref()).map_err(|e| CliError::write(&path.display().to_string(), e))
}

/// Fails where `write_whole` would fail for the folder's sake; to be asked before long work.
pub(super) fn check_folder(path: &Path) -> Result<(), CliError> {
    let fail = |e| Err(CliError::write(&path.display().to_string(), e));
    if path.is_dir() {
        return fail(io::ErrorKind::IsADirectory.into());
    }
    match fs::metadata(folder(path)) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => fail(io::ErrorKind::NotADirectory.into()),
        Err(e) => fail(e),
    }
}

/// Fails where `output` is one of the files that are read: it would take their place.
pub(super) fn check_apart<'p>(
    output: &Path,
    read: impl IntoIterator<Item = &'p Path>,
) -> Result<(), CliError> {
    let same = |path: &Path| match (fs::canonicalize(output), fs::canonicalize(path)) {
        (Ok(output), Ok(path)) => output == path && output.is_file(),
        // What is not there yet is written by the same command.
        _ => output == path,
    };
    if !read.into_iter().any(same) {
        return Ok(());
    }
    let output = output.display();
    Err(CliError::Usage(format!("{output} is read as well, and would be replaced: write to another file")))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn write(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    kept: Option<&Path>,
) -> io::Result<()> {
    let found = fs::metadata(path).ok();
    if found.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if found.as_ref().is_some_and(|f| !f.is_file()) {
        let mut device = fs::OpenOptions::new().write(true).open(path)?;
        fill(&mut device)?;
        return device.flush();
    }
    let target = if found.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".amend-").suffix(".part");
    #[cfg(unix)]
    {
        // What a new file gets: everything that the umask leaves.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut part = builder.tempfile_in(folder(&target))?;
    fill(&mut part)?;
    if let Some(found) = &found {
        part.as_file().set_permissions(found.permissions())?;
    }
    part.as_file().sync_all()?;
    if let (Some(kept), Some(_)) = (kept, &found) {
        keep(&target, kept)?;
    }
    part.persist(&target).map_err(|e| e.error)?;
    // The rename itself is durable once the folder is; where folders cannot be synced there is nothing to do.
    if let Ok(folder) = fs::File::open(folder(&target)) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A second name for the old file, so that there is no moment without it; a copy where links are not known.
fn keep(target: &Path, kept: &Path) -> io::Result<()> {
    match fs::remove_file(kept) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    fs::hard_link(target, kept).or_else(|_| fs::copy(target, kept).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.tsv"), "a\ta\n").expect("it is written");
        fs::create_dir(path("sub")).expect("a folder");
        let (a, other) = (path("a.tsv"), path("b.tsv"));
        let read = [other.as_path(), a.as_path()];
        for (output, apart) in
            [("a.tsv", false), ("sub/../a.tsv", false), ("b.tsv", false), ("c.tsv", true), ("sub", true)]
        {
            assert_eq!(check_apart(&path(output), read).is_ok(), apart, "{output}");
        }
        let device = Path::new("/dev/null");
        assert!(check_apart(device, [device]).is_ok(), "nothing is lost there");
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|f| f.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole_and_kept_on_wish() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        write_whole(&path, b"one").expect("a new file");
        replace(&path, b"two", "").expect("no copy");
        assert_eq!(names(folder.path()), ["a.txt"]);
        replace(&path, b"three", ".old").expect("a copy");
        replace(&path, b"four", ".old").expect("a copy over the copy");
        assert_eq!(fs::read(&path).expect("new"), b"four");
        assert_eq!(fs::read(folder.path().join("a.txt.old")).expect("old"), b"three");
        assert_eq!(names(folder.path()), ["a.txt", "a.txt.old"]);
    }

    #[test]
    #[cfg(unix)]
    fn links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "one").expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("permissions");
        symlink("file", &link).expect("a link");
        write_whole(&link, b"two").expect("through the link");
        assert_eq!(fs::read(&file).expect("the file"), b"two");
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("none").join("a.txt");
        for error in [write_whole(&path, b"").expect_err("none"), check_folder(&path).expect_err("none")] {
            assert!(error.to_string().ends_with("make its folder first"), "{error}");
        }
        assert!(check_folder(folder.path()).is_err());
        assert!(check_folder(Path::new("new.amend")).is_ok());
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let full = Path::new("/dev/full");
        if full.exists() {
            let error = write_whole(full, b"text").expect_err("full").to_string();
            assert!(error.contains("/dev/full") && error.contains("make room"), "{error}");
        }
    }
}
