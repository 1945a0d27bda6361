//! A PostgreSQL server of our own: made for one run of the tests, gone after it.

use super::free_name;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Runs the server until our end of the pipe closes, in whatever way we end.
const WATCHED: &str = r#"
folder=$1; shift
"$@" </dev/null >"$folder/log" 2>&1 & server=$!
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
rm -rf "$folder"
"#;

/// A running server, known by its folder.
pub(crate) struct Cluster {
    folder: PathBuf,
    user: &'static str,
    data: PathBuf,
    process: Child,
    pipe: Option<ChildStdin>,
}

/// The server that all tests share; each has a database of its own in it.
pub(crate) fn shared() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(Cluster::start)
}

impl Cluster {
    /// Makes a new one. PostgreSQL refuses to run as root, so that somebody else does then.
    pub(crate) fn start() -> Self {
        let folder = std::env::temp_dir().join(free_name("sondeo-postgres"));
        fs::create_dir(&folder).expect("a folder");
        let user = if is_root() { "postgres" } else { "" };
        if !user.is_empty() {
            run(Command::new("chown").arg(user).arg(&folder));
        }
        let data = folder.join("data");
        let mut initdb = as_user(user, &program("initdb"));
        initdb.args(["--auth=trust", "--username=sondeo", "--encoding=UTF8", "--locale=C", "-D"]);
        run(initdb.arg(&data).stdout(Stdio::null()));
        let (process, pipe) = serve(&folder, &data, user);
        let cluster = Self { folder, user, data, process, pipe: Some(pipe) };
        cluster.wait();
        cluster
    }

    /// The address of a database there.
    pub(crate) fn url(&self, database: &str) -> String {
        let folder = self.folder.to_str().expect("UTF-8").replace('/', "%2F");
        format!("postgres://sondeo@localhost/{database}?host={folder}")
    }

    /// A new, empty database.
    pub(crate) fn database(&self) -> String {
        let name = free_name("test").replace('-', "_");
        let mut create = Command::new(program("createdb"));
        run(create.arg("-h").arg(&self.folder).args(["-U", "sondeo", &name]));
        self.url(&name)
    }

    /// A new, empty database in this language: PostgreSQL sorts as it has it.
    pub(crate) fn database_in(&self, language: &str) -> String {
        let name = free_name("test").replace('-', "_");
        let mut create = Command::new(program("createdb"));
        create.arg("-h").arg(&self.folder).args(["-U", "sondeo", "--template=template0"]);
        run(create.args(["--locale-provider=icu", "--icu-locale", language, &name]));
        self.url(&name)
    }

    /// Ends the server as a crash would, and everything that is connected with it.
    pub(crate) fn stop(&mut self) {
        self.end("immediate");
    }

    fn end(&self, mode: &str) {
        let mut stop = as_user(self.user, &program("pg_ctl"));
        run(stop.args(["stop", "-w", "-m", mode, "-D"]).arg(&self.data).stdout(Stdio::null()));
    }

    /// Starts it again.
    pub(crate) fn restart(&mut self) {
        self.begin(&["-w"]);
    }

    fn begin(&self, how: &[&str]) {
        let mut start = as_user(self.user, &program("pg_ctl"));
        start.arg("start").args(how).args(["-o", &options(&self.folder).join(" "), "-l"]);
        run(start
            .arg(self.folder.join("restarted.log"))
            .arg("-D")
            .arg(&self.data)
            .stdout(Stdio::null()));
    }

    /// Starts it anew on a disk that is full: no table and no index that there is can be written to, let alone
    /// grow. Its log of writes has the room that it took beforehand.
    #[cfg(target_os = "linux")]
    pub(crate) fn restart_without_room(&mut self) {
        use std::os::unix::fs::PermissionsExt;
        // In order: what is to be recovered would be written at once.
        self.end("fast");
        let below = |folder: &Path| {
            let entries = fs::read_dir(folder).expect("a folder").flatten();
            entries.map(|entry| entry.path()).collect::<Vec<_>>()
        };
        let databases = below(&self.data.join("base"));
        let files = databases.iter().flat_map(|folder| below(folder));
        let files: String = files.map(|file| format!(" -P '{}'", file.display())).collect();
        let calls = "pwrite64,pwritev,pwritev2,fallocate";
        let script = format!(
            "#!/bin/sh\nexec strace -f -o /dev/null{files} -e trace={calls} \
             -e inject={calls}:error=ENOSPC '{}' \"$@\"\n",
            program("postgres").display()
        );
        let wrapped = self.folder.join("without-room");
        fs::write(&wrapped, script).expect("a script");
        fs::set_permissions(&wrapped, fs::Permissions::from_mode(0o755)).expect("it can be run");
        // It would wait for a server whose number is the script's.
        self.begin(&["-W", "-p", wrapped.to_str().expect("UTF-8")]);
        self.wait();
    }

    fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        let is_ready = || {
            let mut ready = Command::new(program("pg_isready"));
            ready.arg("-q").arg("-h").arg(&self.folder).status().is_ok_and(|it| it.success())
        };
        while !is_ready() {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "PostgreSQL does not start:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = as_user(self.user, &program("pg_ctl"));
        stop.args(["stop", "-w", "-m", "fast", "-s", "-D"]).arg(&self.data);
        let _ = stop.stderr(Stdio::null()).status();
        drop(self.pipe.take());
        let _ = self.process.wait();
    }
}

fn serve(folder: &Path, data: &Path, user: &str) -> (Child, ChildStdin) {
    let server = as_user(user, &program("postgres"));
    let mut watched = Command::new("sh");
    watched.args(["-c", WATCHED, "sh"]).arg(folder);
    watched.arg(server.get_program()).args(server.get_args()).arg("-D").arg(data);
    watched.args(options(folder)).stdin(Stdio::piped());
    let mut process = watched.spawn().expect("sh runs");
    let pipe = process.stdin.take().expect("a pipe");
    (process, pipe)
}

/// No port: a socket in the folder. Everything else is as an operator would have it, syncs above all.
fn options(folder: &Path) -> Vec<String> {
    let folder = folder.to_str().expect("UTF-8");
    ["-c", "listen_addresses=", "-k", folder, "-c", "max_connections=300"].map(str::to_owned).into()
}

fn as_user(user: &str, program: &Path) -> Command {
    if user.is_empty() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args([&format!("--reuid={user}"), "--clear-groups", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout.trim_ascii() == b"0"
}

/// Debian keeps servers off the PATH, one folder for each version.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let versions = versions.map(|version| version.path().join("bin"));
    std::env::split_paths(&path)
        .chain(versions)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("PostgreSQL's {name} is not installed: run `cargo xtask setup`"))
}

fn run(command: &mut Command) {
    let output = command.stderr(Stdio::piped()).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
}
