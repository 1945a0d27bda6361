//! What every key of a question, an option and a rule is for.

use super::about::Shape::{Integer, Of, Truth, Word};
use super::about::Usual::Required;
use super::about::{About, Usual, about};
use crate::definition::question::YES_NO_LOOKS;
use crate::limits::LONGEST_TEXT;
use crate::{Format, KindName, Look, Metric};

pub(super) const COMMON: &[About] = &[
    about(
        "id",
        Of("name"),
        Required,
        "Names the question within its survey, for instance `satisfaction`: lower case letters, digits and hyphens, at most 64.",
    ),
    about(
        "kind",
        Word(KindName::KEYWORDS),
        Required,
        "What may be answered, for instance `likert`, one point of a scale.",
    ),
    about(
        "text",
        Of("text"),
        Required,
        "What the visitor reads, for instance `How satisfied are you?`.",
    ),
    about(
        "description",
        Of("text"),
        Usual::Words("none"),
        "What the visitor reads below the text, smaller, for instance `Your answer is [private](https://example.com/privacy).`: `[words](address)` is a link, to `https:`, `http:` or `mailto:`.",
    ),
    about(
        "image",
        Of("image"),
        Usual::Words("none"),
        "What the visitor sees below that, for instance `{\"src\": \"jacket.jpg\", \"alt\": \"A blue jacket\"}`: an [image](#images).",
    ),
    about(
        "metric",
        Word(Metric::KEYWORDS),
        Usual::Words("`nps` for a question of this kind, else none"),
        "The metric that the answers feed, for instance `csat`. It has to fit the kind.",
    ),
    about(
        "required",
        Truth,
        Usual::Words("`true`; for the kind `text` `false`"),
        "Whether the survey waits for an answer, for instance `false`.",
    ),
    about(
        "next",
        Of("rules"),
        Usual::Words("the following question"),
        "Where to go after it: the first rule that holds wins, for instance `[{\"if\": \"<=2\", \"go\": \"why\"}, {\"go\": \"end\"}]`.",
    ),
];

const OPTIONS: About = about(
    "options",
    Of("options"),
    Required,
    "What may be chosen: 2 to 100 options, for instance `[{\"id\": \"price\", \"text\": \"The price\"}, {\"id\": \"speed\", \"text\": \"The speed\"}]`.",
);
const OTHER: About = about(
    "other",
    Of("other"),
    Usual::Truth(false),
    "Whether there is a last option with the id `other`: `true` in the visitor's language, `text` with a field for what the visitor means, or a text of your own, for instance `Something else`.",
);
const SHUFFLE: About = about(
    "shuffle",
    Truth,
    Usual::Truth(false),
    "Whether each visitor sees the options in an order of their own, for instance `true`. `other` stays last.",
);

/// The keys that a kind of question has beside [`COMMON`].
pub(super) fn of_kind(kind: KindName) -> &'static [About] {
    match kind {
        KindName::Likert => {
            const {
                &[
                    about(
                        "points",
                        Integer(2, 11),
                        Usual::Words("the number of `labels`; without labels 5"),
                        "The number of points of the scale, 2 to 11, for instance 7.",
                    ),
                    about(
                        "look",
                        Word(Look::KEYWORDS),
                        Usual::Words("`labels` where there are labels, else `numbers`"),
                        "How the points are drawn, for instance `faces`.",
                    ),
                    about(
                        "labels",
                        Of("labels"),
                        Usual::Words("none"),
                        "What each point means, as many texts as there are points, for instance `[\"Bad\", \"Fair\", \"Good\"]`.",
                    ),
                    about(
                        "low",
                        Of("text"),
                        Usual::Words("none"),
                        "What the lowest point means, for instance `Very dissatisfied`. It needs `high`.",
                    ),
                    about(
                        "high",
                        Of("text"),
                        Usual::Words("none"),
                        "What the highest point means, for instance `Very satisfied`. It needs `low`.",
                    ),
                ]
            }
        }
        KindName::YesNo => {
            const {
                &[about(
                    "look",
                    Word(YES_NO_LOOKS),
                    Usual::Text("labels"),
                    "How yes and no are drawn, for instance `thumbs`.",
                )]
            }
        }
        KindName::Nps => {
            const {
                &[
                    about(
                        "low",
                        Of("text"),
                        Usual::Words("`Not at all likely` in the visitor's language"),
                        "What 0 means, for instance `Never`. It needs `high`.",
                    ),
                    about(
                        "high",
                        Of("text"),
                        Usual::Words("`Extremely likely` in the visitor's language"),
                        "What 10 means, for instance `Certainly`. It needs `low`.",
                    ),
                ]
            }
        }
        KindName::Choice => const { &[OPTIONS, OTHER, SHUFFLE] },
        KindName::Choices => {
            const {
                &[
                    OPTIONS,
                    OTHER,
                    SHUFFLE,
                    about(
                        "min",
                        Integer(1, 100),
                        Usual::Number(1),
                        "The least number of options that is an answer, for instance 2.",
                    ),
                    about(
                        "max",
                        Integer(1, 100),
                        Usual::Words("all of them"),
                        "The greatest number of options that may be chosen, for instance 3.",
                    ),
                ]
            }
        }
        KindName::Text => {
            const {
                &[
                    about(
                        "lines",
                        Integer(1, 20),
                        Usual::Number(3),
                        "The height of the field in lines, 1 to 20, for instance 1.",
                    ),
                    about(
                        "max_length",
                        Integer(1, LONGEST_TEXT as i32),
                        Usual::Number(1_000),
                        "The greatest length in characters, 1 to 10000, for instance 500.",
                    ),
                    about(
                        "placeholder",
                        Of("text"),
                        Usual::Words("none"),
                        "An example in the empty field, for instance `The delivery took …`.",
                    ),
                    about(
                        "format",
                        Word(Format::KEYWORDS),
                        Usual::Text("plain"),
                        "What the text has to be, for instance `email`, an e-mail address.",
                    ),
                ]
            }
        }
    }
}

/// The metrics that a kind of question may feed.
pub(super) fn metrics(kind: KindName) -> &'static [&'static str] {
    match kind {
        KindName::Likert => &["csat", "ces"],
        KindName::YesNo => &["helpful"],
        KindName::Nps => &["nps"],
        KindName::Choice => &["ttr"],
        KindName::Choices | KindName::Text => &[],
    }
}

pub(super) const OPTION: &[About] = &[
    about(
        "id",
        Of("name"),
        Required,
        "The value that is sent, for instance `price`: lower case letters, digits and hyphens, at most 64.",
    ),
    about("text", Of("text"), Required, "What the visitor reads, for instance `The price`."),
    about(
        "minutes",
        Integer(0, 5_256_000),
        Usual::Words("none; the option does not count for `ttr`"),
        "The minutes that it stands for, for the metric `ttr`, for instance 60.",
    ),
    about(
        "image",
        Of("picture"),
        Usual::Words("none"),
        "What the visitor sees above the text, for instance `{\"src\": \"blue.jpg\", \"alt\": \"\"}`: an [image](#images).",
    ),
];

const IMAGE_SRC: About = about(
    "src",
    Of("source"),
    Required,
    "Where it is: an address that begins with `https:`, or a relative one, for instance `/img/jacket.jpg`.",
);

pub(super) const IMAGE: &[About] = &[
    IMAGE_SRC,
    about(
        "alt",
        Of("text"),
        Required,
        "What is read to a visitor who does not see it, for instance `A blue jacket`.",
    ),
];

/// The same of an option, whose text may say it all.
pub(super) const PICTURE: &[About] = &[
    IMAGE_SRC,
    about(
        "alt",
        Of("alt"),
        Required,
        "What is read before the option's text to a visitor who does not see it, for instance `From the front`; empty where the text says it all.",
    ),
];

pub(super) const RULE: &[About] = &[
    about(
        "if",
        Of("condition"),
        Usual::Words("the rule always holds"),
        "A comparison with the answer, for instance `<=2`: `<`, `<=`, `>`, `>=`, `=`, `!=`, `in:a,b` or `skipped`.",
    ),
    about(
        "go",
        Of("name"),
        Required,
        "Where the rule leads: the id of a question or an [ending](#endings), for instance `why`, or `end`.",
    ),
];

pub(super) const ENDING: &[About] = &[
    about(
        "id",
        Of("name"),
        Required,
        "Names the ending, for instance `review`. No question has this id.",
    ),
    about(
        "text",
        Of("text"),
        Required,
        "What the visitor reads at this end, for instance `Thank you!`. `[words](address)` is a link.",
    ),
    about(
        "button",
        Of("button"),
        Usual::Words("none"),
        "A link that looks like a button, for instance `{\"text\": \"Write a review\", \"url\": \"https://example.com/review\"}`. It opens a new tab.",
    ),
    about(
        "redirect",
        Of("destination"),
        Usual::Words("none; the visitor stays"),
        "Where the visitor is led, for instance `https://example.com/next?of={id}`, once the response is acknowledged or kept. `{id}`, `{answer:QUESTION}` and `{custom:NAME}` are filled in.",
    ),
    about("after", Of("time"), Usual::Text("3s"), "The time before that, for instance `0`."),
];

pub(super) const BUTTON: &[About] = &[
    about("text", Of("text"), Required, "What stands on it, for instance `Write a review`."),
    about(
        "url",
        Of("link"),
        Required,
        "Where it leads, for instance `https://example.com/review`.",
    ),
];
