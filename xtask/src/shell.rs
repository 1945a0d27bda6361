//! Running other programs.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A failure is the one line that tells the user what to do.
pub(crate) type Result<T = ()> = std::result::Result<T, String>;

/// The program and its arguments, as a person would type them.
pub(crate) fn line(command: &Command) -> String {
    let mut words = vec![
        Path::new(command.get_program())
            .file_name()
            .unwrap_or(command.get_program())
            .to_string_lossy(),
    ];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}

/// Runs a command whose output the user sees.
pub(crate) fn run(command: &mut Command) -> Result {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` failed ({status})", line(command))),
        Err(error) => Err(not_started(command, &error)),
    }
}

/// Runs a command that is of interest only when it fails: then its output is part of the failure.
pub(crate) fn quietly(command: &mut Command) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!(
        "{}{}`{}` failed ({})",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        line(command),
        output.status
    ))
}

/// What a command answers, where no answer is an answer too.
pub(crate) fn answer(program: impl AsRef<Path>, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(program.as_ref()).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn not_started(command: &Command, error: &std::io::Error) -> String {
    let program = command.get_program().to_string_lossy();
    if error.kind() == ErrorKind::NotFound {
        format!("`{program}` is not installed: run `cargo xtask setup`")
    } else {
        format!("`{program}` does not start: {error}")
    }
}

/// Where the PATH has this program.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// The PATH with these folders before everything else.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let present = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&present));
    env::join_paths(all)
        .map_err(|_| "the clone lies in a folder with a `:` in its name: move it".to_owned())
}

/// The cargo that runs this: its own toolchain, with the proxy's choice of version already made.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Waits until no other `cargo xtask` does the same. The lock ends with the file that this returns.
pub(crate) fn lock(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).naming(folder)?;
    }
    let file = File::create(path).naming(path)?;
    if file.try_lock().is_err() {
        println!("Waiting for another `cargo xtask` to finish the same work");
        file.lock().naming(path)?;
    }
    Ok(file)
}

/// Says which file could not be read or written, where the standard library says only why.
pub(crate) trait Naming<T> {
    /// Names the file.
    fn naming(self, path: &Path) -> Result<T>;
}

impl<T> Naming<T> for std::io::Result<T> {
    fn naming(self, path: &Path) -> Result<T> {
        self.map_err(|error| format!("{}: {error}", path.display()))
    }
}
