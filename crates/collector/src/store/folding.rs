//! Texts as they are compared where neither case nor accents count, in any script.
//!
//! What a database can do of this differs (SQLite's `LOWER` knows ASCII alone, PostgreSQL's the locale of the
//! database), so that texts are folded here, for both alike: compatibility decomposition (NFKD), full case folding,
//! and no accents.

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizer;
use icu_normalizer::properties::CanonicalCombiningClassMap;

/// The text without case and accents. Folding a folded text changes nothing.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let normalizer = DecomposingNormalizer::new_nfkd();
    let decomposed = normalizer.normalize(text);
    let folded = CaseMapper::new().fold_string(&decomposed);
    // Folding may compose anew, and its letters may have strokes.
    let decomposed = normalizer.normalize(&folded);
    let classes = CanonicalCombiningClassMap::new();
    decomposed.chars().filter(|&c| !is_accent(classes.get_u8(c))).map(plain).collect()
}

/// Whether marks of this canonical combining class are accents. Class 0 is no mark at all, or the vowel of an Indic
/// script; 7 to 9 are parts of a letter (nukta, the voicing of kana, virama).
fn is_accent(class: u8) -> bool {
    class == 1 || class > 9
}

/// Letters with a stroke, which Unicode does not take apart, and the i without its dot.
fn plain(c: char) -> char {
    match c {
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        'ħ' => 'h',
        'ŧ' => 't',
        'ı' => 'i',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, others: &[&str]) {
        for other in others {
            assert_eq!(fold(text), fold(other), "{text} {other}");
        }
    }

    #[test]
    fn case_and_accents_do_not_count() {
        check("überraschend", &["ÜBERRASCHEND", "Uberraschend", "U\u{308}BERRASCHEND"]);
        check("доставка ёлки", &["ДОСТАВКА ЁЛКИ", "доставка елки"]);
        check("était", &["ÉTAIT", "etait"]);
        check("straße", &["STRASSE", "Straße", "STRAẞE"]);
        check("ΣΊΣΥΦΟΣ", &["Σίσυφος", "σισυφοσ"]);
        check("İstanbul", &["istanbul", "ISTANBUL", "ıstanbul"]);
        check("Łódź", &["lodz", "ŁÓDŹ"]);
        check("Tiếng Việt", &["TIENG VIET"]);
        check("ﬁne Ｗｉｄｅ", &["FINE wide"]);
        check("שָׁלוֹם", &["שלום"]);
        check("مُحَمَّد", &["محمد"]);
        check("Įžuolas", &["izuolas"]);
    }

    #[test]
    fn what_makes_another_letter_counts() {
        for (one, other) in [("が", "か"), ("कि", "क"), ("ä", "e"), ("漢", "字")] {
            assert_ne!(fold(one), fold(other));
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,12}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
