//! `cargo xtask book`: the documentation as a book with search, in `target/book/`.
//!
//! The pages are those of the repository: of `docs/`, and the ones that people look for beside the code. In the book all of
//! them stand in one folder, so that their links are made anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::package;
use crate::project::Project;
use crate::setup::{self, Purpose};
use crate::shell::{self, Naming, Result};

/// The pages of the book that stand at the top of the repository.
const TOP: [&str; 5] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];

/// `cargo xtask book`
pub(crate) fn command(arguments: &[&str]) -> Result {
    if let Some(word) = arguments.first() {
        return Err(format!("`cargo xtask book` takes no `{word}`"));
    }
    let project = Project::find()?;
    let tools = setup::ensure(&project, Purpose::Release)?;
    let source = project.target.join("book-source");
    let book = project.target.join("book");
    write(&project.root, &source)?;
    let mut mdbook = Command::new(tools.program("mdbook")?);
    mdbook.arg("build").arg(&source).arg("--dest-dir").arg(&book);
    shell::quietly(&mut mdbook)?;
    let dead = dead_links(&book)?;
    if !dead.is_empty() {
        return Err(format!("links of the book that lead nowhere:\n  {}", dead.join("\n  ")));
    }
    println!("{}", book.join("index.html").display());
    Ok(())
}

/// Puts the pages into one folder.
fn write(root: &Path, source: &Path) -> Result {
    package::anew(source)?;
    package::copy_all(&root.join("docs"), source)?;
    for name in TOP {
        let page = root.join(name);
        fs::copy(&page, source.join(name)).naming(&page)?;
    }
    for entry in fs::read_dir(source).naming(source)? {
        let path = entry.naming(source)?.path();
        // The list of the pages names them as they are.
        if path.extension().is_some_and(|it| it == "md") && !path.ends_with("SUMMARY.md") {
            let text = fs::read_to_string(&path).naming(&path)?;
            fs::write(&path, in_one_folder(&text)).naming(&path)?;
        }
    }
    Ok(())
}

/// The page with its links as they are where `docs/` and the top of the repository are one folder. What is no page there is
/// told by its name alone.
fn in_one_folder(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((target, after)) = after.split_once(')') else { break };
        let moved = target.trim_start_matches("../").trim_start_matches("docs/");
        // The first page of a book is its index.
        let moved = match moved.strip_prefix("README.md") {
            Some(place) => format!("index.html{place}"),
            None => moved.to_owned(),
        };
        text.push_str(before);
        text.push_str("](");
        text.push_str(&moved);
        text.push(')');
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The links of the book's pages to files that it does not have, and to places that its pages do not have.
fn dead_links(book: &Path) -> Result<Vec<String>> {
    let mut dead = BTreeSet::new();
    for entry in fs::read_dir(book).naming(book)? {
        let path = entry.naming(book)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // One page with all of the book on it has the links of all pages; the one for what is not there is no page.
        if !name.ends_with(".html") || ["print.html", "404.html"].contains(&name.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&path).naming(&path)?;
        for target in text.split("href=\"").skip(1).filter_map(|it| it.split('"').next()) {
            // Examples of pages have addresses of their own site; the book itself has none that begin with a slash.
            if target.contains(':') || target.is_empty() || target.starts_with('/') {
                continue;
            }
            let (file, place) = target.split_once('#').unwrap_or((target, ""));
            let there = if file.is_empty() { path.clone() } else { book.join(file) };
            let has_place = || {
                let found = fs::read_to_string(&there).unwrap_or_default();
                found.contains(&format!("id=\"{place}\""))
            };
            if !there.is_file() || !(place.is_empty() || has_place()) {
                dead.insert(format!("{name}: {target}"));
            }
        }
    }
    Ok(dead.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::{TOP, in_one_folder};
    use std::path::Path;

    #[test]
    fn links_are_those_of_one_folder() {
        for (page, moved) in [
            (
                "see [a](docs/a.md#b) and ![c](docs/images/c.png)",
                "see [a](a.md#b) and ![c](images/c.png)",
            ),
            ("[the table](../README.md#attributes).", "[the table](index.html#attributes)."),
            (
                "[a](b.md) [c](https://example.org/docs/)",
                "[a](b.md) [c](https://example.org/docs/)",
            ),
            ("no link](", "no link]("),
        ] {
            assert_eq!(in_one_folder(page), moved);
        }
    }

    /// Whoever writes a page puts it into the book.
    #[test]
    fn the_book_has_every_page() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        let summary = std::fs::read_to_string(docs.join("SUMMARY.md")).expect("a summary");
        let pages =
            std::fs::read_dir(docs).expect("pages").map(|it| it.expect("a page").file_name());
        let pages = pages.filter_map(|name| name.into_string().ok());
        let pages = pages.filter(|name| name.ends_with(".md") && name != "SUMMARY.md");
        for page in pages.chain(TOP.map(str::to_owned)) {
            assert!(summary.contains(&format!("]({page})")), "docs/SUMMARY.md lacks {page}");
        }
    }
}
