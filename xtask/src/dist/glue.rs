//! The JavaScript that wasm-bindgen writes around a program, as text.
//!
//! It offers the module far more than the optimised module asks for. Its form is regular and its version locked.

use std::collections::BTreeMap;

use crate::shell::Result;

/// Pieces of the glue that serve browsers too old for the engine, or gigabytes of text: where each begins, how it
/// ends, and what does instead. The last one is none: a site's script says the lines itself, since it tells them
/// (`loader/sondeo.js`).
const GENEROUS: [(&str, &str, &str); 7] = [
    (
        "function passStringToWasm0(arg, malloc, realloc) {",
        "\n}\n",
        "function passStringToWasm0(arg, malloc) {
    const bytes = cachedTextEncoder.encode(arg);
    const ptr = malloc(bytes.length, 1) >>> 0;
    getUint8ArrayMemory0().set(bytes, ptr);
    WASM_VECTOR_LEN = bytes.length;
    return ptr;
}
",
    ),
    (", wasm.__wbindgen_realloc)", "", ")"),
    ("if (!('encodeInto' in cachedTextEncoder)) {", "\n}\n", ""),
    (
        "function decodeText(bytes) {",
        "\n}\n",
        "function decodeText(bytes) {
    return cachedTextDecoder.decode(bytes);
}
",
    ),
    ("cachedDataViewMemory0.buffer.detached === true || (", ")", MEMORY_GREW),
    ("(typeof FinalizationRegistry === 'undefined')", "", "(false)"),
    ("console.warn(", "", "(window.sondeo?.warn || console.warn)("),
];
const MEMORY_GREW: &str = "cachedDataViewMemory0.buffer !== wasm.memory.buffer";

/// The same glue without generosity, or which piece of it has changed.
pub(super) fn lean(glue: &str) -> Result<String> {
    GENEROUS.iter().try_fold(glue.to_owned(), |text, (begin, end, instead)| {
        let mut pieces = text.split(begin);
        let first = pieces.next().unwrap_or_default().to_owned();
        let rests: Option<Vec<&str>> = pieces.map(|piece| Some(piece.split_once(end)?.1)).collect();
        match rests.as_deref() {
            Some(rests @ [_, ..]) => Ok(rests.iter().fold(first, |lean, rest| lean + instead + rest)),
            _ => Err(format!(
                "wasm-bindgen's glue has no `{begin}` as it had: see what it has now, and change the list in \
                 xtask/src/dist/glue.rs"
            )),
        }
    })
}

/// The module's exports that this text uses.
pub(super) fn exports(glue: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        glue.split("wasm.").skip(1).map(identifier).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether minified code reads a property of this name. It keeps property names and nothing else.
pub(super) fn reads(code: &str, property: &str) -> bool {
    code.match_indices(property).any(|(at, _)| {
        code[..at].ends_with('.') && !code[at + property.len()..].starts_with(is_identifier)
    })
}

/// The functions that it offers to the module.
pub(super) fn imports(glue: &str) -> Vec<&str> {
    glue.lines().filter_map(import).collect()
}

/// The same glue without the functions that nobody imports.
pub(super) fn without(glue: &str, unused: &[String]) -> String {
    let mut kept = String::with_capacity(glue.len());
    let mut dropping = false;
    for line in glue.lines() {
        dropping |= import(line).is_some_and(|name| unused.iter().any(|other| other == name));
        if !dropping {
            kept.push_str(line);
            kept.push('\n');
        }
        // A function of the list ends where a line is indented like its first.
        dropping &= !line.starts_with("        }");
    }
    kept
}

/// The same glue of this program with the short names that wasm-opt gave.
pub(super) fn renamed(glue: &str, program: &str, names: &BTreeMap<String, String>) -> String {
    let mut text = String::with_capacity(glue.len());
    for line in glue.lines() {
        match import(line).and_then(|name| Some((name, names.get(name)?))) {
            Some((name, short)) => text.push_str(&line.replacen(name, short, 1)),
            None => text.push_str(line),
        }
        text.push('\n');
    }
    // wasm-opt gives the module of the imports a short name too, and this is always it.
    let module = format!(r#""./{program}_bg.js": import0"#);
    let text = text.replacen(&module, "a: import0", 1);
    let mut pieces = text.split("wasm.");
    let mut renamed = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let name = identifier(piece);
        renamed.push_str("wasm.");
        renamed.push_str(names.get(name).map_or(name, String::as_str));
        renamed.push_str(&piece[name.len()..]);
    }
    renamed
}

/// What wasm-bindgen leaves of its table of references where the compiler knows none: a module that nobody has.
const TABLE: (&str, &str) = (
    "import * as import1 from \"__wbindgen_externref_xform__\"\n",
    "        \"__wbindgen_externref_xform__\": import1,\n",
);

/// How the glue finds out that the memory has grown: its old bytes are gone. In JavaScript they stay, and are stale.
const BYTES_GONE: &str = "cachedUint8ArrayMemory0.byteLength === 0";

/// The glue without that module, for a memory that is JavaScript's.
pub(super) fn translatable(glue: &str) -> Result<String> {
    if ![TABLE.0, TABLE.1, BYTES_GONE].iter().all(|piece| glue.contains(piece)) {
        return Err(changed("a module for its table of references, or a check for its memory,"));
    }
    Ok(glue
        .replacen(TABLE.0, "", 1)
        .replacen(TABLE.1, "", 1)
        .replace(BYTES_GONE, "cachedUint8ArrayMemory0.buffer !== wasm.memory.buffer"))
}

/// The glue with the one function of that module which is asked for: the first place of its heap that is not fixed.
pub(super) fn with_first_slot(glue: &str) -> Result<String> {
    const LIST: &str = "        __proto__: null,\n";
    let first = glue.split_once("if (idx < ").and_then(|(_, rest)| Some(rest.split_once(')')?.0));
    let first = first.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(first) = first.filter(|_| glue.contains(LIST)) else {
        return Err(changed("a heap whose first places are fixed"));
    };
    let function = format!(
        "{LIST}        __wbindgen_externref_statics_end: function() {{\n            return {first};\n        }},\n"
    );
    Ok(glue.replacen(LIST, &function, 1))
}

fn changed(what: &str) -> String {
    format!(
        "wasm-bindgen's glue has not {what} as it had: see what it has now, and change xtask/src/dist/glue.rs"
    )
}

/// wasm2js' module as a function of what it imports: as a module, it would import the glue, which needs its exports.
pub(super) fn instantiable(script: &str) -> Result<String> {
    const CALL: &str = "var retasmFunc = asmFunc(";
    let (body, _) = script.split_once(CALL).ok_or_else(|| {
        format!("wasm2js' script has no `{CALL}` as it had: see what it has now, and change xtask/src/dist/glue.rs")
    })?;
    let body: String = body
        .lines()
        .filter(|line| !line.starts_with("import "))
        .flat_map(|line| [line, "\n"])
        .collect();
    Ok(body + "export const instantiate = asmFunc;\n")
}

/// The name of the function that starts in this line of the list of imports.
fn import(line: &str) -> Option<&str> {
    let name = identifier(line.strip_prefix("        ")?);
    line[8 + name.len()..].starts_with(": function(").then_some(name)
}

fn identifier(text: &str) -> &str {
    let end = text.find(|letter| !is_identifier(letter)).unwrap_or(text.len());
    &text[..end]
}

fn is_identifier(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = r#"export function start(script) {
    wasm.start(script);
}
    const import0 = {
        __proto__: null,
        __wbg_close_1: function(arg0) {
            arg0.close();
        },
        __wbg_call_2: function() { return handleError(function (arg0, arg1) {
            call(wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
        }, arguments); },
    };
    return { "./engine_bg.js": import0, };
"#;

    #[test]
    fn both_sides_are_read() {
        assert_eq!(exports(GLUE), ["__wbindgen_malloc", "__wbindgen_realloc", "start"]);
        assert_eq!(imports(GLUE), ["__wbg_close_1", "__wbg_call_2"]);
    }

    #[test]
    fn generosity_goes_and_its_absence_is_noticed() {
        let generous = "
function getDataViewMemory0() {
    if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== wasm.memory.buffer)) {
    }
}
function passStringToWasm0(arg, malloc, realloc) {
    for (; offset < len; offset++) {
    }
    return ptr;
}
function decodeText(bytes) {
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
    }
    return cachedTextDecoder.decode(bytes);
}
if (!('encodeInto' in cachedTextEncoder)) {
    cachedTextEncoder.encodeInto = function (arg, view) {
    };
}
const CLOSURE_DTORS = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(state => 0);
console.warn(line);
let a = passStringToWasm0(x, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc), b = 1;
let c = passStringToWasm0(y, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
";
        let lean = lean(generous).expect("every piece is there");
        for gone in ["detached", "offset", "MAX_SAFARI", "encodeInto", "typeof", "realloc"] {
            assert!(!lean.contains(gone), "{gone} in {lean}");
        }
        assert!(
            lean.contains("=== null || cachedDataViewMemory0.buffer !== wasm.memory.buffer) {")
        );
        assert!(lean.contains("(x, wasm.__wbindgen_malloc), b = 1;"));
        assert!(lean.contains("(y, wasm.__wbindgen_malloc);"));
        assert!(lean.contains("WASM_VECTOR_LEN = bytes.length;"));
        assert!(lean.contains("(window.sondeo?.warn || console.warn)(line);"));
        let changed = generous.replace("in cachedTextEncoder", "of cachedTextEncoder");
        assert!(super::lean(&changed).is_err_and(|failure| failure.contains("encodeInto")));
    }

    #[test]
    fn what_asks_for_the_table_is_told_where_the_heap_begins() {
        let glue = format!(
            "{}function dropObject(idx) {{\n    if (idx < 1028) return;\n}}\n{GLUE}{}{BYTES_GONE}",
            TABLE.0, TABLE.1
        );
        let glue = translatable(&glue).expect("all is there");
        assert!(!glue.contains("xform") && !glue.contains(BYTES_GONE));
        let glue = with_first_slot(&glue).expect("there is a heap");
        assert!(imports(&glue).contains(&"__wbindgen_externref_statics_end"));
        assert!(glue.contains("return 1028;"));
        assert!(translatable(GLUE).is_err() && with_first_slot(GLUE).is_err());
    }

    #[test]
    fn a_translated_module_waits_for_its_imports() {
        let script = "import * as a from 'a';\nfunction asmFunc(imports) {\n}\nvar retasmFunc = asmFunc({\n  \"a\": a,\n});\n\
            export var b = retasmFunc.b;\n";
        let expected = "function asmFunc(imports) {\n}\nexport const instantiate = asmFunc;\n";
        assert_eq!(instantiable(script), Ok(expected.to_owned()));
        assert!(instantiable("function other() {}").is_err());
    }

    #[test]
    fn an_unused_import_goes_whole() {
        let unused = ["__wbg_close_1".to_owned(), "__wbg_call_2".to_owned()];
        let expected = "    const import0 = {\n        __proto__: null,\n    };\n";
        assert!(without(GLUE, &unused).contains(expected));
        let one = without(GLUE, &unused[..1]);
        assert!(!one.contains("close") && one.contains("__wbindgen_malloc"));
        assert_eq!(without(GLUE, &[]), GLUE);
    }

    #[test]
    fn names_change_on_both_sides_and_nowhere_else() {
        let names = [("start", "a"), ("__wbg_call_2", "b"), ("__wbindgen_malloc", "c")];
        let names = names.map(|(long, short)| (long.to_owned(), short.to_owned()));
        let renamed = renamed(GLUE, "engine", &BTreeMap::from(names));
        assert!(renamed.starts_with("export function start(script) {\n    wasm.a(script);"));
        assert!(renamed.contains("        b: function() { return"));
        assert!(renamed.contains("{ a: import0, }"));
        assert!(renamed.contains("call(wasm.c, wasm.__wbindgen_realloc)"));
        assert!(renamed.contains("        __wbg_close_1: function(arg0)"));
    }

    #[test]
    fn only_whole_properties_count() {
        assert!(reads("e.start(t)", "start"));
        assert!(reads("x.restart();e.start", "start"));
        assert!(!reads("e.restart();e.started();start()", "start"));
    }
}
