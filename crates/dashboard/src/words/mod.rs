//! What the dashboard says, in each of its languages. A language that lacks a text does not compile.

mod en;
mod es;

use leptos::prelude::*;
use sondeo_model::Metric;
use std::cell::Cell;

/// A language of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
}

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::Es];

    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
        }
    }

    /// What it calls itself.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
        }
    }

    pub(crate) fn of(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| tag.split('-').next() == Some(language.tag()))
    }

    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::En => &en::WORDS,
            Self::Es => &es::WORDS,
        }
    }
}

thread_local! {
    /// What the reader chooses. What happens between two turns (an answer of the collector, a click) has no owner whose
    /// context could be asked.
    static CHOSEN: Cell<Option<RwSignal<Language>>> = const { Cell::new(None) };
}

/// From now on everything is written in the language that this says.
pub(crate) fn follow(language: RwSignal<Language>) {
    CHOSEN.set(Some(language));
}

/// The language that everything is written in now.
pub(crate) fn language() -> Language {
    CHOSEN.get().map_or(Language::En, |language| language.get())
}

/// The words of [`language`].
pub(crate) fn words() -> &'static Words {
    language().words()
}

/// So many answers, in words.
pub(crate) fn answers_of(language: Language, count: u64) -> String {
    let words = language.words();
    if count == 1 {
        return words.one_answer.to_owned();
    }
    fill(words.answers_of, &[&crate::format::count(language, count)])
}

/// A text with places: `{}` in order.
pub(crate) fn fill(text: &str, parts: &[&str]) -> String {
    let mut pieces = text.split("{}");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    let mut parts = parts.iter();
    for piece in pieces {
        filled.push_str(parts.next().copied().unwrap_or_default());
        filled.push_str(piece);
    }
    filled
}

/// A metric's names and meaning.
#[derive(Debug)]
pub(crate) struct MetricWords {
    pub(crate) short: &'static str,
    pub(crate) long: &'static str,
    pub(crate) means: &'static str,
}

/// Every text.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) title: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) surveys: &'static str,
    pub(crate) overview_lead: &'static str,
    pub(crate) language: &'static str,
    pub(crate) look: &'static str,
    pub(crate) look_auto: &'static str,
    pub(crate) look_light: &'static str,
    pub(crate) look_dark: &'static str,
    pub(crate) sign_out: &'static str,

    pub(crate) login_title: &'static str,
    pub(crate) login_lead: &'static str,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) login_wrong: &'static str,
    pub(crate) login_often: &'static str,

    pub(crate) loading: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) failed_network: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) no_surveys_title: &'static str,
    pub(crate) no_surveys: &'static str,
    pub(crate) no_answers_title: &'static str,
    pub(crate) no_answers: &'static str,
    pub(crate) show_all_time: &'static str,
    /// With a list of properties.
    pub(crate) crowded: &'static str,
    pub(crate) questions_of: &'static str,
    pub(crate) custom_fields: &'static str,
    pub(crate) options_of: &'static str,
    pub(crate) wordings_of: &'static str,
    pub(crate) not_found: &'static str,

    pub(crate) period: &'static str,
    pub(crate) days_7: &'static str,
    pub(crate) days_30: &'static str,
    pub(crate) days_90: &'static str,
    pub(crate) year: &'static str,
    pub(crate) all_time: &'static str,
    pub(crate) own_period: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) utc: &'static str,

    pub(crate) copy_link: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) not_copied: &'static str,
    pub(crate) print: &'static str,
    pub(crate) export: &'static str,
    pub(crate) live: &'static str,
    pub(crate) live_off: &'static str,
    pub(crate) updated: &'static str,

    pub(crate) score: &'static str,
    pub(crate) interval: &'static str,
    pub(crate) interval_long: &'static str,
    pub(crate) between: &'static str,
    pub(crate) interval_open: &'static str,
    pub(crate) answers: &'static str,
    pub(crate) one_answer: &'static str,
    pub(crate) answers_of: &'static str,
    pub(crate) too_few: &'static str,
    pub(crate) too_few_long: &'static str,
    pub(crate) last_answer: &'static str,

    pub(crate) change_up: &'static str,
    pub(crate) change_down: &'static str,
    pub(crate) change_unsure: &'static str,
    pub(crate) change_none: &'static str,
    pub(crate) before: &'static str,
    pub(crate) better: &'static str,
    pub(crate) worse: &'static str,
    pub(crate) no_certain_change: &'static str,

    pub(crate) trend: &'static str,
    pub(crate) trend_note: &'static str,
    pub(crate) by_day: &'static str,
    pub(crate) by_week: &'static str,
    pub(crate) day: &'static str,
    pub(crate) week_of: &'static str,
    pub(crate) as_table: &'static str,
    pub(crate) partial: &'static str,
    pub(crate) trend_partial: &'static str,
    pub(crate) trend_few: &'static str,

    pub(crate) distribution: &'static str,
    pub(crate) share: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) other: &'static str,
    pub(crate) others: &'static str,
    pub(crate) own_words: &'static str,
    pub(crate) crawlers: &'static str,
    pub(crate) promoters: &'static str,
    pub(crate) passives: &'static str,
    pub(crate) detractors: &'static str,
    pub(crate) agreement: &'static str,
    pub(crate) p90: &'static str,

    pub(crate) endings: &'static str,
    pub(crate) ending: &'static str,

    pub(crate) questions: &'static str,
    pub(crate) scale_changed: &'static str,
    pub(crate) wording_changed: &'static str,
    pub(crate) written: &'static str,
    pub(crate) choose_question: &'static str,

    pub(crate) participation: &'static str,
    pub(crate) shown: &'static str,
    pub(crate) answered: &'static str,
    pub(crate) completed: &'static str,
    pub(crate) dismissed: &'static str,
    pub(crate) response_rate: &'static str,
    pub(crate) completion: &'static str,
    pub(crate) drop_off: &'static str,
    pub(crate) drop_off_note: &'static str,
    pub(crate) rate_unknown: &'static str,

    pub(crate) parts: &'static str,
    pub(crate) by: &'static str,
    pub(crate) device: &'static str,
    pub(crate) phones: &'static str,
    pub(crate) tablets: &'static str,
    pub(crate) computers: &'static str,
    pub(crate) dimension_language: &'static str,
    pub(crate) page: &'static str,
    pub(crate) trigger: &'static str,
    pub(crate) by_link: &'static str,
    pub(crate) by_code: &'static str,
    pub(crate) against_rest: &'static str,
    pub(crate) same_as_rest: &'static str,
    pub(crate) parts_note: &'static str,
    pub(crate) worst_page: &'static str,
    pub(crate) worst_certain: &'static str,
    pub(crate) worst_unsure: &'static str,
    pub(crate) worst_maybe: &'static str,
    pub(crate) worst_few: &'static str,

    pub(crate) comments: &'static str,
    pub(crate) search: &'static str,
    pub(crate) search_comments: &'static str,
    pub(crate) no_comments: &'static str,
    pub(crate) no_comments_found: &'static str,
    pub(crate) all_comments: &'static str,
    pub(crate) open_comments: &'static str,
    pub(crate) done_comments: &'static str,
    pub(crate) comment_state: &'static str,
    pub(crate) any_score: &'static str,
    pub(crate) low_score: &'static str,
    pub(crate) middle_score: &'static str,
    pub(crate) high_score: &'static str,
    pub(crate) score_of_comments: &'static str,
    pub(crate) any_tag: &'static str,
    pub(crate) comment_tag: &'static str,
    pub(crate) page_holds: &'static str,
    pub(crate) version: &'static str,
    pub(crate) version_of: &'static str,
    pub(crate) comments_as_csv: &'static str,
    pub(crate) no_comments_match: &'static str,
    pub(crate) comment_done: &'static str,
    pub(crate) add_tag: &'static str,
    pub(crate) remove_tag: &'static str,
    pub(crate) not_saved: &'static str,
    pub(crate) no_connection: &'static str,
    pub(crate) more: &'static str,

    pub(crate) points: &'static str,
    pub(crate) minutes: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) days: &'static str,
    pub(crate) explain: &'static str,
    pub(crate) footer: &'static str,

    pub(crate) csat: MetricWords,
    pub(crate) ces: MetricWords,
    pub(crate) nps: MetricWords,
    pub(crate) ttr: MetricWords,
    pub(crate) helpful: MetricWords,
}

impl Words {
    pub(crate) fn metric(&self, metric: Metric) -> &MetricWords {
        match metric {
            Metric::Csat => &self.csat,
            Metric::Ces => &self.ces,
            Metric::Nps => &self.nps,
            Metric::Ttr => &self.ttr,
            Metric::Helpful => &self.helpful,
        }
    }

    /// What a property of responses is called.
    pub(crate) fn dimension<'a>(&'a self, name: &'a str) -> &'a str {
        match name {
            "device" => self.device,
            "language" => self.dimension_language,
            "page" => self.page,
            "trigger" => self.trigger,
            "version" => self.version,
            _ => name.strip_prefix("custom.").unwrap_or(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn places_are_filled_in_order() {
        assert_eq!(fill("{} of {}", &["1", "2"]), "1 of 2");
        assert_eq!(fill("none", &["1"]), "none");
        assert_eq!(fill("{} and {}", &["1"]), "1 and ");
    }
}
