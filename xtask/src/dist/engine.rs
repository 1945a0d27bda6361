//! From what Trunk wrote to what ships: the engine without dead code, its glue minified, both named by their content.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::glue;
use super::inputs::Hash;
use super::linker;
use crate::project::Project;
use crate::shell::{self, Naming, Result};

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

/// The files that the loader has to name.
#[derive(Debug)]
pub(super) struct Names {
    /// The glue.
    pub(super) script: String,
    /// The module.
    pub(super) wasm: String,
}

/// Takes the engine out of Trunk's folder and writes it, shrunk, into the other.
pub(super) fn shrink(project: &Project, studio: &Path, embed: &Path, words: &str) -> Result<Names> {
    let work = Work { project, scratch: embed.with_file_name("engine"), words };
    fs::create_dir_all(&work.scratch).naming(&work.scratch)?;
    let taken = |name: &str, to: PathBuf| {
        let from = studio.join(name);
        fs::rename(&from, &to).naming(&from)?;
        Ok::<_, String>(to)
    };
    let mut text = glue::lean(&read(&taken("engine.js", work.scratch.join("trunk.js"))?)?)?;
    let mut module = taken("engine_bg.wasm", work.scratch.join("trunk.wasm"))?;
    linker::check(&fs::read(&module).naming(&module)?)?;

    // Removing dead exports leaves dead imports, whose removal may leave dead exports again.
    for round in 0..3 {
        let code = work.bundle(&text)?;
        let (smaller, unused) = work.without_dead_code(&module, &text, &code, round)?;
        text = glue::without(&text, &unused);
        module = smaller;
        if unused.is_empty() {
            break;
        }
    }
    let (module, names) = work.optimised(&module)?;
    let code = work.bundle(&glue::renamed(&text, &names))?;

    let module = fs::read(&module).naming(&module)?;
    let names = Names {
        script: format!("sondeo-{}.js", Hash::of(code.as_bytes())),
        wasm: format!("sondeo-{}.wasm", Hash::of(&module)),
    };
    for (name, content) in [(&names.script, code.as_bytes()), (&names.wasm, &module)] {
        let file = embed.join(name);
        fs::write(&file, content).naming(&file)?;
    }
    Ok(names)
}

struct Work<'a> {
    project: &'a Project,
    scratch: PathBuf,
    /// What the names of the language files begin with.
    words: &'a str,
}

impl Work<'_> {
    /// `loader/engine.js` with this glue, in one minified module.
    fn bundle(&self, text: &str) -> Result<String> {
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
        let mut alias = std::ffi::OsString::from("--alias:engine-glue=");
        alias.push(&glue);
        shell::quietly(
            Command::new(self.project.node_bin().join("esbuild"))
                .args(["loader/engine.js", "--bundle", "--minify", "--format=esm"])
                .args(["--target=es2022", "--legal-comments=none", "--log-level=warning"])
                .arg("--define:Symbol.dispose=undefined")
                .arg(format!("--define:WORDS=\"{}\"", self.words))
                .arg(alias)
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
        let imports = glue::imports(glue)
            .into_iter()
            .map(|name| format!(r#"{{"name": "{name}", "import": ["./engine_bg.js", "{name}"]}}"#));
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
                // Rust keeps the first kilobyte free, and rebuilt control flow compresses better: together 1 %.
                .args(["--low-memory-unused", "--flatten", "--rereloop"])
                .args(["-Oz", "-Oz", "--converge"])
                .args(["--debuginfo", "--strip-producers", "--strip-target-features"])
                .arg("-o")
                .arg(&optimised)
        })?;
        // By itself: `--converge` repeats every pass, and the second list would be about the first one's names.
        let named = self.scratch.join("named.wasm");
        let mapping = self.binaryen("wasm-opt", |command| {
            command
                .arg(&optimised)
                .arg("--minify-imports-and-exports-and-modules")
                // Functions of one kind side by side compress better. Until here they need their names.
                .arg("--reorder-functions-by-name")
                .arg("-o")
                .arg(&named)
        })?;
        let names = mapping.lines().filter_map(renaming).collect();
        Ok((named, names))
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
