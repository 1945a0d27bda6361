//! Programs that run beside this one, and end with it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::shell::{Naming, Result};

/// Runs the program in a process group with a watcher that reads from us: when we end, in whatever way, the pipe
/// closes, and the watcher ends the group with all that the program itself has started.
const WATCHED: &str = r#"
exec 3<&0
"$@" 3<&- </dev/null & program=$!
{ trap "" TERM; cat <&3; kill -TERM 0; sleep 2; kill -KILL 0; } >/dev/null 2>&1 &
exec 3<&-
wait $program
"#;

/// A running program.
#[derive(Debug)]
pub(crate) struct Server(Child);

impl Server {
    /// Starts it; what it says goes where ours goes.
    pub(crate) fn start(program: &Command) -> Result<Self> {
        Self::spawn(program, |_| ())
    }

    /// Starts it; what it says goes into this file.
    pub(crate) fn start_logged(program: &Command, log: &Path) -> Result<Self> {
        let out = File::create(log).naming(log)?;
        let err = out.try_clone().naming(log)?;
        Self::spawn(program, |command| {
            command.stdout(out).stderr(err);
        })
    }

    /// Starts it, and waits for the first line that it says.
    pub(crate) fn start_heard(program: &Command) -> Result<(Self, String)> {
        let mut server = Self::spawn(program, |command| {
            command.stdout(Stdio::piped()).stderr(Stdio::null());
        })?;
        let mut line = String::new();
        if let Some(out) = server.0.stdout.take() {
            // An error leaves the line empty, which the caller has to expect anyway.
            let _ = BufReader::new(out).read_line(&mut line);
        }
        Ok((server, line.trim().to_owned()))
    }

    fn spawn(program: &Command, streams: impl FnOnce(&mut Command)) -> Result<Self> {
        let mut watched = Command::new("sh");
        watched
            .args(["-c", WATCHED, "sh"])
            .arg(program.get_program())
            .args(program.get_args())
            .stdin(Stdio::piped())
            .process_group(0);
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => watched.env(name, value),
                None => watched.env_remove(name),
            };
        }
        if let Some(folder) = program.get_current_dir() {
            watched.current_dir(folder);
        }
        streams(&mut watched);
        let child = watched.spawn().map_err(|error| format!("`sh` does not start: {error}"))?;
        Ok(Self(child))
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// Waits until it ends by itself. Unlike [`Child::wait`] it keeps the pipe open meanwhile.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        let pipe = self.0.stdin.take();
        let ended = self.0.wait();
        drop(pipe);
        ended.map_err(|error| format!("a server was lost: {error}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
