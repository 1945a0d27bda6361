//! The linker of the widget's build: rustc's own, told to keep less.
//!
//! rustc has the linker export all that any library offers to JavaScript, and what is exported is kept with all
//! that it reaches. No later tool can tell: what is reached through the function table looks alive to all of them.
//! So this program stands between the two, under a name of its own, and takes from the list what no page ever calls.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

use crate::shell::{Naming, Result};

/// The name by which this program knows that it is the linker.
const NAME: &str = "sondeo-linker";
/// What `-C linker` is where nobody sets it. rustc puts its folder on the PATH.
const REAL: &str = "rust-lld";
/// How the names of dead exports start: streams in Rust that JavaScript reads, which Leptos' server functions bring.
const DEAD: [&str; 1] = ["intounderlying"];

/// How much stack a program needs, by how the name of its file starts: of the linker's own megabyte, a visitor's browser
/// would keep every byte. What was measured of the engine, in all that its tests do, is a quarter of this
/// (`tests/browser/cost.rs`).
const STACKS: [(&str, &str); 2] =
    [("engine", "-zstack-size=65536"), ("sender", "-zstack-size=65536")];

/// The engine with the linker's relocations, beside the engine itself.
pub(super) const RELOCATIONS: &str = "engine.relocations.wasm";

/// Puts this program under the linker's name into this folder.
pub(super) fn install(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder).naming(folder)?;
    let linker = folder.join(NAME).with_extension(env::consts::EXE_EXTENSION);
    let program = env::current_exe().map_err(|error| format!("Where is xtask? {error}"))?;
    // A file of its own: the next `cargo xtask` may build xtask anew while this one's compiler still links.
    let _ = fs::remove_file(&linker);
    fs::copy(&program, &linker).naming(&program)?;
    Ok(linker)
}

/// Fails if a module has what the linker should have left out.
pub(super) fn check(module: &[u8]) -> Result {
    let has = |name: &str| module.windows(name.len()).any(|bytes| bytes == name.as_bytes());
    match DEAD.iter().find(|name| has(name)) {
        None => Ok(()),
        Some(name) => Err(format!(
            "The engine still has `{name}…`, which its linker (xtask/src/dist/linker.rs) leaves out: does a setting \
             of cargo's name another linker? If something needs those functions now, take them from its list"
        )),
    }
}

/// Whether rustc has called this program as its linker.
pub(crate) fn is_called() -> bool {
    env::args_os()
        .next()
        .is_some_and(|program| Path::new(&program).file_stem() == Some(NAME.as_ref()))
}

/// Links.
pub(crate) fn main() -> ExitCode {
    match link(env::args_os().skip(1).collect()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{NAME}: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn link(arguments: Vec<OsString>) -> Result<ExitCode> {
    let before = arguments.len();
    let mut arguments = alive(arguments);
    let mut dropped = before - arguments.len();
    for argument in &mut arguments {
        // Where the list is too long for the system, rustc writes it into a file.
        if let Some(list) = argument.to_str().and_then(|word| word.strip_prefix('@')) {
            let list = Path::new(list);
            let (text, count) = alive_lines(&fs::read_to_string(list).naming(list)?);
            let shorter = list.with_extension("alive");
            fs::write(&shorter, text).naming(&shorter)?;
            *argument = "@".into();
            argument.push(shorter);
            dropped += count;
        }
    }
    if dropped == 0 {
        return Err(format!(
            "none of the exports that start with {DEAD:?} is there any more, or rustc names exports in another way: \
             see xtask/src/dist/linker.rs"
        ));
    }
    let stack = stack(&arguments);
    if let Some(arguments) = relocatable(&arguments) {
        let status = real(&arguments, stack)?;
        if !status.success() {
            return Ok(code(status));
        }
    }
    real(&arguments, stack).map(code)
}

fn real(arguments: &[OsString], stack: Option<&str>) -> Result<ExitStatus> {
    let mut command = Command::new(REAL);
    command
        .args(arguments)
        .args(stack)
        .status()
        .map_err(|error| format!("`{REAL}`, which comes with rustc, does not start: {error}"))
}

fn code(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, Into::into)
}

/// The arguments that write the same module once more, with whose address stands where, if this is the one that is cut
/// in two ([`super::split`]). wasm-bindgen would not take it.
fn relocatable(arguments: &[OsString]) -> Option<Vec<OsString>> {
    let at = arguments.iter().position(|argument| argument == "-o")? + 1;
    let file = Path::new(arguments.get(at)?);
    // `…/widget/deps/engine-58a9.wasm`
    let is_engine = file.file_name()?.to_str()?.starts_with("engine-");
    let folder = file.parent()?.parent().filter(|_| is_engine)?;
    let mut arguments = arguments.to_vec();
    arguments[at] = folder.join(RELOCATIONS).into();
    arguments.push("--emit-relocs".into());
    Some(arguments)
}

/// The arguments without dead exports: `--export` `name`, or both in one word.
fn alive(arguments: Vec<OsString>) -> Vec<OsString> {
    let mut kept: Vec<OsString> = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let word = argument.to_str().map_or("", unquoted);
        let follows = kept.last().and_then(|last| last.to_str()).map(unquoted) == Some("--export");
        if follows && is_dead(word) {
            kept.pop();
        } else if !word.strip_prefix("--export=").is_some_and(is_dead) {
            kept.push(argument);
        }
    }
    kept
}

/// The same for the text of a file with an argument in each line, and how many it dropped.
fn alive_lines(text: &str) -> (String, usize) {
    let lines: Vec<OsString> = text.lines().map(OsString::from).collect();
    let before = lines.len();
    let kept = alive(lines);
    let dropped = before - kept.len();
    (kept.iter().map(|line| format!("{}\n", line.to_string_lossy())).collect(), dropped)
}

/// The size of the stack of the program that is written, where it is not the linker's own. The last one counts.
fn stack(arguments: &[OsString]) -> Option<&'static str> {
    let at = arguments.iter().position(|argument| argument == "-o")?;
    let name = Path::new(arguments.get(at + 1)?).file_name()?.to_str()?;
    STACKS.iter().find(|(program, _)| name.starts_with(program)).map(|(_, size)| *size)
}

/// An argument in a file is quoted on some systems. Names of exports have nothing else to escape.
fn unquoted(word: &str) -> &str {
    word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word)
}

/// Whether this names a dead function, or wasm-bindgen's description of one.
fn is_dead(name: &str) -> bool {
    let name = name.strip_prefix("__wbindgen_describe_").unwrap_or(name);
    let name = name.strip_prefix("__wbg_").unwrap_or(name);
    DEAD.iter().any(|dead| name.starts_with(dead))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIVE: &str = "-flavor wasm --export main --export __wbindgen_malloc --export=__heap_base --export \
        __wbindgen_describe___wbg_new_with_into_underlying_sink_2b75 -o engine.wasm --gc-sections";
    const ALL: &str = "-flavor wasm --export intounderlyingsink_abort_58a9 --export main \
        --export=intounderlyingsource_pull_58a9 --export __wbindgen_malloc --export=__heap_base \
        --export __wbg_intounderlyingsink_free_58a9 --export __wbindgen_describe_intounderlyingsource_pull_58a9 \
        --export __wbindgen_describe___wbg_new_with_into_underlying_sink_2b75 -o engine.wasm --gc-sections";

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn dead_exports_go_and_nothing_else() {
        assert_eq!(alive(words(ALL)), words(ALIVE));
        assert_eq!(alive(words(ALIVE)), words(ALIVE));
    }

    #[test]
    fn a_file_that_has_such_a_name_is_no_export() {
        let arguments = words("--export main intounderlying.o -L intounderlying");
        assert_eq!(alive(arguments.clone()), arguments);
    }

    #[test]
    fn the_list_in_a_file_is_the_same_list() {
        let file = |text: &str, quote: &str| -> String {
            text.split_whitespace().map(|word| format!("{quote}{word}{quote}\n")).collect()
        };
        for quote in ["", "\""] {
            assert_eq!(alive_lines(&file(ALL, quote)), (file(ALIVE, quote), 7));
            assert_eq!(alive_lines(&file(ALIVE, quote)), (file(ALIVE, quote), 0));
        }
        assert_eq!(alive_lines("/with\\ space/a.o\n").0, "/with\\ space/a.o\n");
    }

    #[test]
    fn the_engine_has_a_stack_of_its_own_size() {
        assert_eq!(
            stack(&words("-flavor wasm a.o -o /a/deps/engine-58a9.wasm")),
            Some(STACKS[0].1)
        );
        assert_eq!(stack(&words("-flavor wasm engine.o -o /engine/deps/studio-58a9.wasm")), None);
        assert_eq!(stack(&words("-flavor wasm engine.o -o")), None);
    }

    #[test]
    fn the_engine_alone_is_linked_with_relocations() {
        let linked = relocatable(&words("-flavor wasm a.o -o /a/widget/deps/engine-58a9.wasm"));
        let expected = "-flavor wasm a.o -o /a/widget/engine.relocations.wasm --emit-relocs";
        assert_eq!(linked, Some(words(expected)));
        assert_eq!(
            relocatable(&words("-flavor wasm a.o -o /a/widget/deps/sender-58a9.wasm")),
            None
        );
    }

    #[test]
    fn a_module_that_has_them_is_noticed() {
        assert!(check(b"\0asm start memory").is_ok());
        assert!(check(b"\0asm intounderlyingsink_abort").is_err());
    }
}
