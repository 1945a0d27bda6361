//! A file of settings: TOML, with the long options of `serve` as keys.
//!
//! ```toml
//! listen = "127.0.0.1:7878"
//! database = "/var/lib/sondeo/sondeo.db"
//! origin = ["https://shop.example"]
//! retention = 730
//! https = true
//! ```

use super::Config;
use super::database::{may_be_address, redacted};
use anyhow::{Context, anyhow, bail};
use clap::CommandFactory;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The command line with what a file of settings says in it, where neither a flag nor the environment
/// says it.
///
/// # Errors
/// When there is such a file, and it cannot be read, or has a key that is no option.
pub(super) fn with_file(arguments: Vec<OsString>) -> anyhow::Result<Vec<OsString>> {
    let words: Vec<String> = arguments.iter().map(|it| it.to_string_lossy().into_owned()).collect();
    if words.get(1).map(String::as_str) != Some("serve") {
        return Ok(arguments);
    }
    let Some(file) = file_of(&words) else { return Ok(arguments) };
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read the settings {}", file.display()))?;
    let settings: toml::Table = toml::from_str(&text).map_err(|error| {
        // Its own words show the line, in which a password may stand.
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        anyhow!("the settings {} are not TOML, in line {line}", file.display())
    })?;
    let mut all: Vec<OsString> = arguments.iter().take(2).cloned().collect();
    for (key, value) in settings {
        all.extend(flags(&key, &value, &words).with_context(|| file.display().to_string())?);
    }
    all.extend(arguments.into_iter().skip(2));
    Ok(all)
}

fn file_of(words: &[String]) -> Option<PathBuf> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        if let Some(file) = word.strip_prefix("--config=") {
            return Some(file.into());
        }
    }
    env::var_os("SONDEO_CONFIG").map(PathBuf::from)
}

/// The words of a command line that say the same as a key of the file.
fn flags(key: &str, value: &toml::Value, words: &[String]) -> anyhow::Result<Vec<OsString>> {
    // Quotes in the wrong place make a key of an address.
    let told = if may_be_address(key) { redacted(key) } else { key.to_owned() };
    let command = Config::command();
    let serve = command.find_subcommand("serve").context("there is no serve")?;
    let name = key.replace('_', "-");
    let mut options = serve.get_arguments().filter_map(|it| it.get_long());
    if !options.any(|it| it == name && name != "config") {
        let known =
            serve.get_arguments().filter_map(|it| it.get_long()).filter(|it| *it != "config");
        bail!("{told} is not a setting (there are {})", known.collect::<Vec<_>>().join(", "))
    }
    let flag = format!("--{name}");
    // The two ways to name the database are one setting.
    let same = ["database", "database-file"];
    let names = if same.contains(&&*name) { &same[..] } else { &[&*name] };
    let is_given = |name: &&str| {
        let flag = format!("--{name}");
        let on_command_line = words.iter().any(|word| {
            *word == flag || word.strip_prefix(&flag).is_some_and(|rest| rest.starts_with('='))
        });
        let argument = serve.get_arguments().find(|it| it.get_long() == Some(*name));
        let variable = argument.and_then(|it| it.get_env());
        on_command_line || variable.is_some_and(|variable| env::var_os(variable).is_some())
    };
    if names.iter().any(is_given) {
        return Ok(Vec::new());
    }
    let one = |value: &toml::Value| match value {
        toml::Value::String(text) => Ok(format!("{flag}={text}").into()),
        toml::Value::Integer(number) => Ok(format!("{flag}={number}").into()),
        _ => bail!("{told} must be a text or a whole number"),
    };
    match value {
        toml::Value::Boolean(true) => Ok(vec![flag.into()]),
        toml::Value::Boolean(false) => Ok(Vec::new()),
        toml::Value::Array(values) => values.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::flags;
    use std::ffi::OsString;

    fn words(key: &str, toml: &str, given: &[&str]) -> Result<Vec<OsString>, String> {
        let table: toml::Table = toml::from_str(&format!("it = {toml}")).expect("TOML");
        let given: Vec<_> = given.iter().map(|&word| word.to_owned()).collect();
        flags(key, &table["it"], &given).map_err(|error| error.to_string())
    }

    #[test]
    fn a_key_is_an_option() {
        let check = |key, toml, expected: &[&str]| {
            let expected: Vec<OsString> = expected.iter().map(OsString::from).collect();
            assert_eq!(words(key, toml, &[]), Ok(expected));
        };
        check("listen", "\"0.0.0.0:80\"", &["--listen=0.0.0.0:80"]);
        check("retention", "30", &["--retention=30"]);
        check("https", "true", &["--https"]);
        check("https", "false", &[]);
        check(
            "origin",
            "[\"https://a.example\", \"https://b.example\"]",
            &["--origin=https://a.example", "--origin=https://b.example"],
        );
        check("max_pages", "9", &["--max-pages=9"]);
    }

    #[test]
    fn flags_come_first_and_strangers_are_named() {
        assert_eq!(words("listen", "\"x\"", &["--listen", "y"]), Ok(Vec::new()));
        assert_eq!(words("listen", "\"x\"", &["--listen=y"]), Ok(Vec::new()));
        let error = words("lisen", "\"x\"", &[]).expect_err("no such key");
        assert!(error.starts_with("lisen is not a setting (there are listen, database"), "{error}");
        assert!(words("config", "\"x\"", &[]).is_err());
        assert!(words("listen", "1.5", &[]).is_err());
    }
}
