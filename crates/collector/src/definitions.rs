//! The surveys that this collector knows: the templates, and a folder of survey files.

use crate::byte_order_mark;
use crate::endings::Ways;
use crate::store::ReservedNames;
use anyhow::{Context, ensure};
use sondeo_model::json::Json;
use sondeo_model::{Definition, Layer, Messages, Problems, Question, Survey, Template};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// So often a folder is read that is being written meanwhile, and how long after.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(250);

/// Surveys by id.
#[derive(Debug, Default)]
pub(crate) struct Definitions(BTreeMap<String, Own>);

/// A survey of the folder.
#[derive(Debug)]
struct Own {
    definition: Definition,
    /// Where it has endings.
    ways: Option<Ways>,
    /// As it is written, for the widget to read.
    text: String,
}

impl Definitions {
    /// Reads every `*.json` of the folder: a survey, or an array of them. What cannot be read may be on its way there: a
    /// pipeline puts one file after the other in its place.
    ///
    /// # Errors
    /// When a file cannot be read, or a survey of it cannot be asked; the message says why.
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Self> {
        Self::read_patiently(folder, || thread::sleep(PAUSE))
    }

    fn read_patiently(folder: &Path, mut wait: impl FnMut()) -> anyhow::Result<Self> {
        let may_come = |error: &anyhow::Error| {
            error.chain().any(|it| it.is::<io::Error>() || it.is::<serde_json::Error>())
        };
        for _ in 1..TRIES {
            match Self::read_once(folder) {
                Err(error) if may_come(&error) => wait(),
                read => return read,
            }
        }
        Self::read_once(folder)
    }

    fn read_once(folder: &Path) -> anyhow::Result<Self> {
        let reading = || format!("--surveys {}", folder.display());
        let mut known = Self::default();
        let mut paths = fs::read_dir(folder)
            .with_context(reading)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()
            .with_context(reading)?;
        paths.sort();
        for path in paths {
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                known.add(&path, &text)?;
            }
        }
        Ok(known)
    }

    pub(crate) fn add(&mut self, path: &Path, text: &str) -> anyhow::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let json: serde_json::Value = serde_json::from_str(byte_order_mark::without(text))
            .with_context(|| format!("{name} is not JSON"))?;
        let items = match json {
            serde_json::Value::Array(items) => items,
            item => vec![item],
        };
        for (index, item) in items.into_iter().enumerate() {
            let mut problems = Problems::default();
            let tree: Json = serde_json::from_value(item.clone())?;
            let layer = Layer::object(format!("{name}[{index}]"), &tree);
            let definition = Definition::read(vec![layer], None, &mut problems);
            let lines: Vec<_> = problems.iter().map(|problem| problem.line()).collect();
            let definition = definition
                .with_context(|| format!("this survey cannot be asked: {}", lines.join("; ")))?;
            for line in lines {
                tracing::warn!("{line}");
            }
            let id = definition.id.clone().into_owned();
            let ways = Ways::of(&definition);
            let own = Own { definition, ways, text: item.to_string() };
            ensure!(
                self.0.insert(id.clone(), own).is_none(),
                "{name}: there is a second survey {id}"
            );
        }
        Ok(())
    }

    /// The ids of the folder's surveys.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there is a survey of this id.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.0.contains_key(id) || Template::parse(id).is_some()
    }

    /// What all of them name, which always has a place among what is counted.
    pub(crate) fn names(&self) -> ReservedNames {
        let mut names = ReservedNames::default();
        for (id, own) in &self.0 {
            names.add(id, own.definition.clone());
        }
        names
    }

    /// The survey of this id.
    pub(crate) fn get(&self, id: &str) -> Option<Definition> {
        match self.0.get(id) {
            Some(own) => Some(own.definition.clone()),
            None => Template::parse(id).map(Template::definition),
        }
    }

    /// The survey of the folder with this id, where it has endings. Templates have none.
    pub(crate) fn ways(&self, id: &str) -> Option<&Ways> {
        self.0.get(id)?.ways.as_ref()
    }

    /// The survey of the folder with this id, as its author wrote it.
    pub(crate) fn text(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(|own| own.text.as_str())
    }

    /// The question of a survey, and the survey in English or the language that it is written in.
    pub(crate) fn questions(&self, id: &str, language: &str) -> Option<(Survey, Vec<Question>)> {
        Some(in_language(&self.get(id)?, language))
    }
}

/// A survey and its questions, in this language or the one that it is written in.
pub(crate) fn in_language(definition: &Definition, language: &str) -> (Survey, Vec<Question>) {
    let survey = definition.survey(language, Messages::of(definition.language(language)));
    let questions = survey.questions.to_vec();
    (survey, questions)
}

#[cfg(test)]
mod tests {
    use super::Definitions;
    use std::path::Path;

    #[test]
    fn files_and_templates() {
        let mut known = Definitions::default();
        let text = r#"[{"id": "lunch", "questions": [{"id": "q", "kind": "yes-no", "text": "Good?"}]},
                       {"id": "nps", "template": "nps", "display": "page"}]"#;
        known.add(Path::new("mine.json"), &format!("\u{feff}{text}")).expect("both can be asked");
        assert_eq!(known.get("lunch").expect("it").questions.len(), 1);
        assert!(known.text("nps").expect("it").contains("page"));
        assert!(known.get("faq").is_some() && known.text("faq").is_none(), "a template");
        assert!(known.get("dinner").is_none());
        let error = known.add(Path::new("again.json"), text).expect_err("the same ids").to_string();
        assert_eq!(error, "again.json: there is a second survey lunch");
    }

    #[test]
    fn what_is_being_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let (first, second) = (folder.path().join("a.json"), folder.path().join("b.json"));
        let write = |path: &Path, text: &str| std::fs::write(path, text).expect("a file");
        write(&first, r#"{"id": "a", "templ"#);
        let mut pauses = 0;
        let read = Definitions::read_patiently(folder.path(), || {
            pauses += 1;
            write(&first, r#"{"id": "a", "template": "nps"}"#);
            // A link to what is not there yet.
            match pauses {
                1 => std::os::unix::fs::symlink("c", &second).expect("a link"),
                _ => write(&folder.path().join("c"), r#"{"id": "b", "template": "nps"}"#),
            }
        });
        let read = read.expect("it is whole by now");
        assert_eq!((pauses, read.ids().collect::<Vec<_>>()), (2, vec!["a", "b"]));

        write(&first, "{");
        let mut pauses = 0;
        let error = Definitions::read_patiently(folder.path(), || pauses += 1).expect_err("half");
        assert_eq!((pauses, error.to_string().as_str()), (3, "a.json is not JSON"));
        // What is whole and wrong stays so.
        write(&first, r#"{"id": "a", "template": "npz"}"#);
        let error = Definitions::read_patiently(folder.path(), || panic!("it waits in vain"));
        assert!(error.is_err());
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_its_place() {
        let text = r#"{"id": "x", "questions": [{"id": "q", "kind": "smell", "text": "?"}]}"#;
        let error = Definitions::default().add(Path::new("x.json"), text);
        let error = format!("{:#}", error.expect_err("no such kind"));
        assert!(error.contains("x.json[0].questions[0].kind"), "{error}");
    }
}
