//! From what Trunk wrote to what ships: each program without dead code, its glue minified, both named by their content;
//! and once more the same, translated to JavaScript for pages that refuse WebAssembly.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::features;
use super::glue;
use super::inputs::Hash;
use super::linker;
use super::split;
use crate::project::Project;
use crate::setup::Tools;
use crate::shell::{self, Naming, Result};
use sondeo_model::{Kind, Question, Template, Trigger};

/// Named one by one: with `--all-features` binaryen writes a compact import section, and WebKit refuses the module.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What JavaScript has no word for. binaryen's translator asks for it in plain instructions.
const LOWERED: [&str; 3] = [
    "--signext-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "--llvm-memory-copy-fill-lowering",
];

/// One of the widget's programs: a module of WebAssembly, its glue, and both once more in JavaScript alone.
pub(super) struct Program {
    /// As Trunk and cargo call it.
    name: &'static str,
    /// What follows the common hash in its files' names. A digit of hashes, as servers know them.
    letter: &'static str,
    /// What is imported: its file in `loader/`, and the one of the translated program.
    entry: &'static str,
    translated_entry: &'static str,
    /// What follows the hash in the name of the translated program's file.
    translated_name: &'static str,
    /// Whether a part of it comes later ([`split`]).
    is_cut: bool,
}

/// What follows the common hash in the name of the engine's part that comes later.
const REST: &str = "e";

impl Program {
    /// What decides and shows.
    pub(super) const ENGINE: Self = Self {
        name: "engine",
        letter: "",
        entry: "loader/engine.js",
        translated_entry: "loader/translated.js",
        translated_name: "translated",
        is_cut: true,
    };
    /// What delivers.
    pub(super) const SENDER: Self = Self {
        name: "sender",
        letter: "d",
        entry: "loader/sender.js",
        translated_entry: "loader/sender-translated.js",
        translated_name: "translated-sender",
        is_cut: false,
    };
}

/// Where a program comes from, where it goes, and what it names there.
pub(super) struct Places<'a> {
    pub(super) project: &'a Project,
    pub(super) tools: &'a Tools,
    /// Trunk's folder.
    pub(super) studio: &'a Path,
    /// The folder that ships.
    pub(super) embed: &'a Path,
    /// What the names of the language files begin with.
    pub(super) words: &'a str,
}

/// A program, shrunk.
struct Shrunk {
    letter: &'static str,
    glue: String,
    module: Vec<u8>,
    /// The part of the module that comes later.
    rest: Option<Vec<u8>>,
}

impl Places<'_> {
    /// Takes the programs out of Trunk's folder and writes them, shrunk, into the other, named by the first six digits
    /// of the hash that it gives: [`super::loader::write`] may take six others. All share one hash, since the loader
    /// names it, and each letter of that is downloaded with every page.
    pub(super) fn shrink(&self) -> Result<String> {
        let programs = [self.shrunk(&Program::ENGINE)?, self.shrunk(&Program::SENDER)?];
        let all: Vec<&[u8]> =
            programs.iter().flat_map(|it| [it.glue.as_bytes(), &it.module]).collect();
        let hash = Hash::of(&all.concat());
        let name = format!("sondeo-{}", &hash[..6]);
        for Shrunk { letter, glue, module, rest } in &programs {
            self.write(&format!("{name}{letter}.js"), glue.as_bytes())?;
            self.write(&format!("{name}{letter}.wasm"), module)?;
            if let Some(rest) = rest {
                self.write(&format!("{name}{letter}{REST}.wasm"), rest)?;
            }
        }
        Ok(hash)
    }

    fn write(&self, name: &str, content: &[u8]) -> Result {
        let file = self.embed.join(name);
        fs::write(&file, content).naming(&file)
    }

    fn shrunk(&self, program: &Program) -> Result<Shrunk> {
        let scratch = self.embed.with_file_name(program.name);
        let (project, words) = (self.project, self.words);
        let mut work = Work { project, program, scratch, words, translated: String::new() };
        fs::create_dir_all(&work.scratch).naming(&work.scratch)?;
        let taken = |name: &str, to: PathBuf| {
            let from = self.studio.join([program.name, name].concat());
            fs::rename(&from, &to).naming(&from)?;
            Ok::<_, String>(to)
        };
        let text = read(&taken(".js", work.scratch.join("trunk.js"))?)?;
        let module = taken("_bg.wasm", work.scratch.join("trunk.wasm"))?;
        linker::check(&fs::read(&module).naming(&module)?)?;
        let translated = work.translated(self.tools)?;
        let hash = Hash::of(translated.as_bytes());
        work.translated = format!("sondeo-{hash}.{}.js", program.translated_name);
        self.write(&work.translated, translated.as_bytes())?;
        let entry = Entry { file: program.entry, module: None };
        let (text, module) = work.alive(&entry, &text, &module)?;
        let (module, renames) = work.optimised(&module)?;
        let glue = work.bundle(&entry, &glue::renamed(&text, program.name, &renames))?;
        let (module, rest) = work.cut(&module)?;
        Ok(Shrunk { letter: program.letter, glue, module, rest })
    }
}

/// What is imported.
struct Entry {
    /// Its file in `loader/`.
    file: &'static str,
    /// Where esbuild finds the translated module, in the scratch folder.
    module: Option<&'static str>,
}

struct Work<'a> {
    project: &'a Project,
    program: &'a Program,
    scratch: PathBuf,
    /// What the names of the language files begin with.
    words: &'a str,
    /// The file of the program without WebAssembly, once there is one.
    translated: String,
}

impl Work<'_> {
    /// Glue and module without what neither side can reach.
    fn alive(&self, entry: &Entry, text: &str, module: &Path) -> Result<(String, PathBuf)> {
        let (mut text, mut module) = (glue::lean(text)?, module.to_path_buf());
        // Removing dead exports leaves dead imports, whose removal may leave dead exports again.
        for round in 0..3 {
            let code = self.bundle(entry, &text)?;
            let (smaller, unused) = self.without_dead_code(&module, &text, &code, round)?;
            text = glue::without(&text, &unused);
            module = smaller;
            if unused.is_empty() {
                break;
            }
        }
        Ok((text, module))
    }

    /// The program in JavaScript alone, bundled with glue of its own.
    ///
    /// Both are of the same compilation: what is translated must not hold references to JavaScript's values, so
    /// that wasm-bindgen is told once more, of a compiler that knows none, nor functions with two results.
    fn translated(&self, tools: &Tools) -> Result<String> {
        let compiled = self.compiled(&[self.program.name, ".wasm"].concat());
        let entry =
            Entry { file: self.program.translated_entry, module: Some("translated-module.js") };
        let plain = self.scratch.join("plain.wasm");
        let module = features::without(
            &fs::read(&compiled).naming(&compiled)?,
            &["reference-types", "multivalue"],
        )?;
        fs::write(&plain, module).naming(&plain)?;
        let bound = self.scratch.join("plain");
        shell::quietly(
            Command::new(tools.program("wasm-bindgen")?)
                .args([
                    "--target",
                    "web",
                    "--no-typescript",
                    "--out-name",
                    self.program.name,
                    "--out-dir",
                ])
                .arg(&bound)
                .arg(&plain),
        )?;
        // Until there is one, an empty module stands for it: what the glue needs does not depend on it.
        let module = self.scratch.join(entry.module.unwrap_or_default());
        fs::write(&module, "export const instantiate = it => it;").naming(&module)?;
        let text = glue::translatable(&read(&bound.join([self.program.name, ".js"].concat()))?)?;
        let (text, alive) =
            self.alive(&entry, &text, &bound.join([self.program.name, "_bg.wasm"].concat()))?;
        let text = glue::with_first_slot(&text)?;
        let lowered = self.scratch.join("lowered.wasm");
        self.binaryen("wasm-opt", |command| {
            command
                .arg(&alive)
                .args(["--low-memory-unused", "-Oz", "--debuginfo"])
                .args(LOWERED)
                .arg("-o")
                .arg(&lowered)
        })?;
        let (named, renames) = self.named(&lowered, "lowered-named.wasm")?;
        let script = self.scratch.join("translated.js");
        self.binaryen("wasm2js", |command| command.arg("-Oz").arg(&named).arg("-o").arg(&script))?;
        fs::write(&module, glue::instantiable(&read(&script)?)?).naming(&module)?;
        self.bundle(&entry, &glue::renamed(&text, self.program.name, &renames))
    }

    /// What the loader imports, with this glue, in one minified module.
    fn bundle(&self, entry: &Entry, text: &str) -> Result<String> {
        let glue = self.scratch.join("glue.js");
        // Classes of libraries that nothing constructs would stay: registries, and methods named by symbols (the
        // `--define` below), look as if they had effects.
        let text =
            text.replace("new FinalizationRegistry", "/* @__PURE__ */ new FinalizationRegistry");
        // wasm-bindgen's own way to load serves every host there is; ours knows what it loads and is smaller.
        let text = format!(
            "{text}\nexport {{ __wbg_get_imports as imports, __wbg_finalize_init as finish }};\n"
        );
        fs::write(&glue, text).naming(&glue)?;
        let alias = |name: &str, file: &Path| {
            let mut alias = std::ffi::OsString::from(format!("--alias:{name}="));
            alias.push(file);
            alias
        };
        let module = entry.module.map(|module| alias("engine-module", &self.scratch.join(module)));
        shell::quietly(
            Command::new(self.project.node_bin().join("esbuild"))
                .args([entry.file, "--bundle", "--minify", "--format=esm"])
                .args(["--target=es2022", "--legal-comments=none", "--log-level=warning"])
                .arg("--define:Symbol.dispose=undefined")
                .arg(format!("--define:WORDS=\"{}\"", self.words))
                .arg(format!("--define:TRANSLATED=\"{}\"", self.translated))
                .arg(format!("--define:WHOLE=\"{}\"", whole()))
                .arg(alias("engine-glue", &glue))
                .args(module)
                .current_dir(&self.project.root),
        )
    }

    /// The module without what neither the bundle nor itself can reach, and the imports that it no longer needs.
    fn without_dead_code(
        &self,
        module: &Path,
        glue: &str,
        bundle: &str,
        round: usize,
    ) -> Result<(PathBuf, Vec<String>)> {
        let roots = glue::exports(glue)
            .into_iter()
            .filter(|name| glue::reads(bundle, name))
            .map(|name| format!(r#"{{"name": "{name}()", "export": "{name}", "root": true}}"#));
        let imports = glue::imports(glue).into_iter().map(|name| {
            format!(
                r#"{{"name": "{name}", "import": ["./{}_bg.js", "{name}"]}}"#,
                self.program.name
            )
        });
        let nodes: Vec<String> = roots.chain(imports).collect();
        let graph = self.scratch.join("graph.json");
        fs::write(&graph, format!("[{}]", nodes.join(",\n"))).naming(&graph)?;
        let smaller = self.scratch.join(format!("alive-{round}.wasm"));
        let report = self.binaryen("wasm-metadce", |command| {
            command
                .arg(module)
                .arg("--debuginfo")
                .arg("--graph-file")
                .arg(&graph)
                .arg("-o")
                .arg(&smaller)
        })?;
        let unused = report
            .lines()
            .filter_map(|line| line.strip_prefix("unused: "))
            .filter(|name| glue::imports(glue).contains(name))
            .map(str::to_owned)
            .collect();
        Ok((smaller, unused))
    }

    /// The module as small as binaryen makes it, and the short names it gave to imports and exports.
    fn optimised(&self, module: &Path) -> Result<(PathBuf, BTreeMap<String, String>)> {
        let optimised = self.scratch.join("optimised.wasm");
        self.binaryen("wasm-opt", |command| {
            command
                .arg(module)
                // A gate that is inlined is none.
                .arg(["--no-inline=*::", split::GATE, "*"].concat())
                // Rust keeps the first kilobyte free, and rebuilt control flow compresses better: together 1 %.
                .args(["--low-memory-unused", "--flatten", "--rereloop"])
                .args(["-Oz", "-Oz", "--converge"])
                .args(["--debuginfo", "--strip-producers", "--strip-target-features"])
                .arg("-o")
                .arg(&optimised)
        })?;
        // By itself: `--converge` repeats every pass, and the second list would be about the first one's names.
        self.named(&optimised, "named.wasm")
    }

    /// The module with short names for imports and exports, and which.
    fn named(&self, module: &Path, name: &str) -> Result<(PathBuf, BTreeMap<String, String>)> {
        let named = self.scratch.join(name);
        let mapping = self.binaryen("wasm-opt", |command| {
            command
                .arg(module)
                .arg("--minify-imports-and-exports-and-modules")
                // Functions of one kind side by side compress better.
                .args(["--reorder-functions-by-name", "--debuginfo"])
                .arg("-o")
                .arg(&named)
        })?;
        let names = mapping.lines().filter_map(renaming).collect();
        Ok((named, names))
    }

    /// The module without names of functions, and what of it comes later.
    fn cut(&self, module: &Path) -> Result<(Vec<u8>, Option<Vec<u8>>)> {
        if !self.program.is_cut {
            return Ok((self.nameless(module)?, None));
        }
        let linked = self.compiled(linker::RELOCATIONS);
        let owned = split::ownership(&fs::read(&linked).naming(&linked)?)?;
        let halves = split::cut(&fs::read(module).naming(module)?, &owned)?;
        let write = |name: &str, half: &[u8]| {
            let file = self.scratch.join(name);
            fs::write(&file, half).naming(&file)?;
            // Functions have fewer callers now: 0.4 kB of the first half.
            let again = self.scratch.join(["again-", name].concat());
            self.binaryen("wasm-opt", |command| {
                command
                    .arg(&file)
                    .args(["--low-memory-unused", "-Oz", "--converge", "--debuginfo", "-o"])
                    .arg(&again)
            })?;
            self.nameless(&again)
        };
        Ok((write("first.wasm", &halves.first)?, Some(write("rest.wasm", &halves.rest)?)))
    }

    fn nameless(&self, module: &Path) -> Result<Vec<u8>> {
        let nameless = module.with_extension("nameless.wasm");
        self.binaryen("wasm-opt", |command| {
            command.arg(module).arg("--reorder-functions-by-name").arg("-o").arg(&nameless)
        })?;
        fs::read(&nameless).naming(&nameless)
    }

    /// Where cargo has put this file of its own.
    fn compiled(&self, name: &str) -> PathBuf {
        self.project.wasm_target().join("wasm32-unknown-unknown/widget").join(name)
    }

    fn binaryen(
        &self,
        program: &str,
        arguments: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<String> {
        let mut command = Command::new(self.project.node_bin().join(program));
        shell::quietly(arguments(command.args(FEATURES)))
    }
}

/// The templates that take both parts of the engine: some kinds of questions and most triggers come with the second one.
/// What is asked for in parallel is there earlier; the engine knows better, and asks for whatever is missing here.
fn whole() -> String {
    let listens = |it: &Trigger| {
        !matches!(it, Trigger::Load | Trigger::Visit(_) | Trigger::Event(_) | Trigger::Manual)
    };
    let is_list = |it: &Question| matches!(it.kind, Kind::Choice(_) | Kind::Choices { .. });
    let takes = |template: &&Template| {
        let definition = template.definition();
        definition.triggers().iter().any(listens)
            || definition.delay_ends_at_scroll().is_some()
            || definition.questions.iter().any(is_list)
    };
    let names: Vec<&str> = Template::ALL.iter().filter(takes).map(|it| it.as_str()).collect();
    names.join("|")
}

/// A line of wasm-opt's list: `["module", "import", "short"]` or `["export", "short"]`.
fn renaming(line: &str) -> Option<(String, String)> {
    let list = line.trim().strip_prefix('[')?;
    let mut names = list.split('"').skip(1).step_by(2).collect::<Vec<_>>();
    let short = names.pop()?;
    Some((names.pop()?.to_owned(), short.to_owned()))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).naming(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_short_names_is_read() {
        let list = "{\n \"imports\": [\n  [\"./engine_bg.js\", \"__wbg_set_1\", \"$\"],\n ],\n\"exports\": [\n  [\"memory\", \"Ba\"]\n ]\n}";
        let names: Vec<_> = list.lines().filter_map(renaming).collect();
        let pair = |long: &str, short: &str| (long.to_owned(), short.to_owned());
        assert_eq!(names, [pair("__wbg_set_1", "$"), pair("memory", "Ba")]);
    }
}
