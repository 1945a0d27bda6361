//! JSON pointers (RFC 6901): `/questions/0/text/es`.

/// The keys and places that a pointer names, one after the other; the empty pointer is the whole file.
#[must_use]
pub fn parts(pointer: &str) -> Vec<String> {
    let unescaped = |part: &str| part.replace("~1", "/").replace("~0", "~");
    pointer.split('/').skip(1).map(unescaped).collect()
}

/// The pointer to a member or an entry of what `pointer` names.
#[must_use]
pub fn join(pointer: &str, key: impl std::fmt::Display) -> String {
    let key = key.to_string().replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{key}")
}

/// The pointer to what holds it, and its key or place there. `None` for the whole file.
#[must_use]
pub fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, key) = pointer.rsplit_once('/')?;
    Some((parent, key.replace("~1", "/").replace("~0", "~")))
}

/// The place of the question that a pointer leads into, from 0.
#[must_use]
pub fn question_of(pointer: &str) -> Option<usize> {
    let (place, _) = {
        let rest = pointer.strip_prefix("/questions/")?;
        rest.split_once('/').unwrap_or((rest, ""))
    };
    place.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{join, parts, question_of, split};

    #[test]
    fn slashes_and_tildes_of_names_are_kept() {
        let pointer = join(&join("", "custom"), "a/b~1");
        assert_eq!(pointer, "/custom/a~1b~01");
        assert_eq!(parts(&pointer), ["custom", "a/b~1"]);
        assert_eq!(split(&pointer), Some(("/custom", "a/b~1".to_owned())));
        assert_eq!(parts(""), [""; 0]);
        assert_eq!(split(""), None);
    }

    #[test]
    fn the_question_of_a_field() {
        assert_eq!(question_of("/questions/12/text/es"), Some(12));
        assert_eq!(question_of("/questions/3"), Some(3));
        assert_eq!(question_of("/questions"), None);
        assert_eq!(question_of("/endings/0"), None);
    }
}
