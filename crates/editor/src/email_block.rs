//! A survey's first question for letters: HTML that mail programs show, whose answers are links.
//!
//! A link leads to the survey's page at the collector and chooses an answer there (contract, section 2). It gives none:
//! nothing is sent before the person confirms. So whoever follows all links of a letter, as mail scanners do, answers
//! nothing, and whoever taps the wrong one can choose another.

use crate::{Locale, Value, definition, texts};
use html_escape::{encode_double_quoted_attribute, encode_text};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sondeo_model::{Choice, Direction, Kind, Look, Messages, Question, Survey, rich_text};

/// What a letter is made for.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// The address of the collector: `https://surveys.example`.
    pub collector: &'a str,
    /// The id of the survey; its page is `/s/ID`.
    pub survey: &'a str,
    /// The tag of the language that the letter is written in.
    pub language: &'a str,
}

/// Both parts of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailBlock {
    /// To be pasted into the letter's HTML.
    pub html: String,
    /// For the part in plain text.
    pub text: String,
}

/// Why there is no block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmailError {
    /// The survey cannot be asked as it stands.
    Broken,
    /// The address of the collector is none that a letter can link to.
    NoAddress(String),
    /// The id is no name of a survey.
    NoId(String),
}

impl EmailError {
    /// What is wrong, and what would be right.
    #[must_use]
    pub fn sentence(&self, locale: Locale) -> String {
        match self {
            Self::Broken => locale
                .pick(
                    "The survey cannot be asked yet: mend its problems first.",
                    "La encuesta todavía no se puede hacer: corrige antes sus problemas.",
                )
                .to_owned(),
            Self::NoAddress(found) => locale.pick(
                format!("“{found}” is no address that a letter can link to (try “https://surveys.example”)."),
                format!("«{found}» no es una dirección a la que una carta pueda enlazar (prueba «https://surveys.example»)."),
            ),
            Self::NoId(found) => locale.pick(
                format!("“{found}” is no id of a survey (try “follow-up”)."),
                format!("«{found}» no es el id de una encuesta (prueba «follow-up»)."),
            ),
        }
    }
}

/// One answer that a link chooses.
struct AnswerLink {
    url: String,
    /// What is drawn: a number, a face, a word.
    sign: String,
    /// What it means in words; empty where the sign says all.
    words: String,
}

/// The block of a survey's first question.
///
/// # Errors
/// Where the survey cannot be asked, or the links would lead nowhere.
pub fn email_block(survey: &Value, letter: Letter<'_>) -> Result<EmailBlock, EmailError> {
    let collector = letter.collector.trim().trim_end_matches('/');
    let is_web = ["https://", "http://"].iter().any(|it| {
        collector.strip_prefix(it).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    });
    if !is_web || collector.contains(|it: char| it.is_whitespace() || "?#\"<>\\".contains(it)) {
        return Err(EmailError::NoAddress(letter.collector.to_owned()));
    }
    if !sondeo_model::is_name(letter.survey) {
        return Err(EmailError::NoId(letter.survey.to_owned()));
    }
    let definition = definition(survey).ok_or(EmailError::Broken)?;
    let messages = Messages::of(definition.language(letter.language));
    let asked = definition.survey(letter.language, messages);
    let question = asked.questions.first().ok_or(EmailError::Broken)?;
    let page = format!("{collector}/s/{0}?sondeo={0}", letter.survey);
    let links = links(&asked, question, &page);
    let is_stacked =
        matches!(question.kind, Kind::Choice(_) | Kind::Choices { .. } | Kind::Text { .. });
    let logo = asked
        .logo
        .as_ref()
        .filter(|logo| logo.src.get(..6).is_some_and(|it| it.eq_ignore_ascii_case("https:")));
    let logo = logo.map(|logo| (logo.src.as_str(), asked.text(&logo.alt)));
    let ends = ends(&asked, question);
    let html = html(&asked, question, &links, &ends, logo, is_stacked, survey.text_of("accent"));
    Ok(EmailBlock { html, text: plain(&asked, question, &links, &ends) })
}

/// Ids hold no other characters, and numbers neither.
const IN_A_LINK: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-');

fn links(survey: &Survey, question: &Question, page: &str) -> Vec<AnswerLink> {
    let link = |value: &str, sign: String, words: String| AnswerLink {
        url: format!(
            "{page}&sondeo-{}={}",
            utf8_percent_encode(&question.id, IN_A_LINK),
            utf8_percent_encode(value, IN_A_LINK)
        ),
        sign,
        words,
    };
    match &question.kind {
        Kind::Likert { points, look, labels, .. } => (1..=*points)
            .map(|point| {
                let number = point.to_string();
                let label = labels.get(usize::from(point) - 1).map(|it| survey.text(it));
                let sign = match look {
                    Look::Faces => face(point, *points).to_owned(),
                    Look::Thumbs => thumb(point, *points).to_owned(),
                    Look::Stars => "★".to_owned(),
                    Look::Numbers | Look::Labels => number.clone(),
                };
                // A face that a mail program cannot draw still has its number.
                let words = label.map_or_else(
                    || if sign == number { String::new() } else { number.clone() },
                    str::to_owned,
                );
                link(&number, sign, words)
            })
            .collect(),
        Kind::Nps { .. } => (0..=10)
            .map(|point| link(&point.to_string(), point.to_string(), String::new()))
            .collect(),
        Kind::YesNo { look, words } => ["yes", "no"]
            .into_iter()
            .zip(words)
            .zip(["👍", "👎"])
            .map(|((value, words), thumb)| {
                let words = survey.text(words).to_owned();
                match look {
                    Look::Thumbs => link(value, thumb.to_owned(), words),
                    _ => link(value, words, String::new()),
                }
            })
            .collect(),
        Kind::Choice(options) => {
            let option =
                |it: &Choice| link(&it.id, survey.text(&it.text).to_owned(), String::new());
            options.list.iter().map(option).collect()
        }
        // One tap cannot say which several, nor words.
        Kind::Choices { .. } | Kind::Text { .. } => vec![AnswerLink {
            url: page.to_owned(),
            sign: survey.messages.text(sondeo_model::MessageId::FEEDBACK).to_owned(),
            words: String::new(),
        }],
    }
}

/// The face of a point, from sad to happy: the outermost ones are at the ends of every scale.
fn face(point: u8, points: u8) -> &'static str {
    const FACES: [&str; 5] = ["😞", "🙁", "😐", "🙂", "😀"];
    FACES[place(point, points, FACES.len())]
}

fn thumb(point: u8, points: u8) -> &'static str {
    const THUMBS: [&str; 2] = ["👎", "👍"];
    THUMBS[place(point, points, THUMBS.len())]
}

/// The nearest of so many places.
fn place(point: u8, points: u8, places: usize) -> usize {
    let (at, last) = (usize::from(point) - 1, usize::from(points).max(2) - 1);
    ((at * (places - 1) * 2 + last) / (last * 2)).min(places - 1)
}

/// What the ends of a scale mean.
fn ends(survey: &Survey, question: &Question) -> Option<[String; 2]> {
    match &question.kind {
        Kind::Likert { ends: Some(ends), .. } | Kind::Nps { ends: Some(ends) } => {
            Some([0, 1].map(|at| survey.text(&ends[at]).to_owned()))
        }
        _ => None,
    }
}

/// Colours that stay as they are set here, or are turned over by programs that do so by themselves; the sheet is for
/// those that ask.
const SHEET: &str = "<style>@media (prefers-color-scheme:dark){.sondeo-card{background:#1b1b1f!important}\
.sondeo-text{color:#f2f2f2!important}.sondeo-soft{color:#b9b9c0!important}\
.sondeo-link{background:#2a2a30!important;color:#f2f2f2!important}}\
[data-ogsc] .sondeo-card{background:#1b1b1f!important}[data-ogsc] .sondeo-text{color:#f2f2f2!important}\
[data-ogsc] .sondeo-soft{color:#b9b9c0!important}\
[data-ogsc] .sondeo-link{background:#2a2a30!important;color:#f2f2f2!important}</style>";
const FONT: &str = "font-family:Arial,Helvetica,sans-serif";
/// So many answers have room beside each other.
const FEW: usize = 7;
const TABLE: &str = "role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"";

fn html(
    survey: &Survey,
    question: &Question,
    links: &[AnswerLink],
    ends: &Option<[String; 2]>,
    logo: Option<(&str, &str)>,
    is_stacked: bool,
    accent: Option<&str>,
) -> String {
    let direction = survey.direction();
    let align = match direction {
        Direction::LeftToRight => "left",
        Direction::RightToLeft => "right",
    };
    let other_side = match direction {
        Direction::LeftToRight => "right",
        Direction::RightToLeft => "left",
    };
    let accent = accent.filter(|it| is_colour(it)).unwrap_or("#0b7a75");
    let text = encode_text(survey.text(&question.text)).into_owned();
    let mut rows = String::new();
    let mut row = |cell: &str| {
        rows.push_str("<tr>");
        rows.push_str(cell);
        rows.push_str("</tr>\n");
    };
    if let Some((src, alt)) = logo {
        let (src, alt) = (encode_double_quoted_attribute(src), encode_double_quoted_attribute(alt));
        row(&format!(
            "<td align=\"{align}\" class=\"sondeo-text\" style=\"padding:0 0 12px;{FONT};font-size:14px;color:#1b1b1f\">\
             <img src=\"{src}\" alt=\"{alt}\" height=\"32\" style=\"display:block;height:32px;border:0\"></td>"
        ));
    }
    row(&format!(
        "<td align=\"{align}\" class=\"sondeo-text\" style=\"padding:0 0 8px;{FONT};font-size:18px;line-height:26px;font-weight:bold;color:#1b1b1f\">{text}</td>"
    ));
    if let Some(description) = &question.description {
        let words = encode_text(&unlinked(survey.text(description))).into_owned();
        row(&format!(
            "<td align=\"{align}\" class=\"sondeo-soft\" style=\"padding:0 0 8px;{FONT};font-size:14px;line-height:20px;color:#55555e\">{words}</td>"
        ));
    }
    let cell = |link: &AnswerLink| {
        let url = encode_double_quoted_attribute(&link.url).into_owned();
        let (sign, words) =
            (encode_text(&link.sign).into_owned(), encode_text(&link.words).into_owned());
        let below = match words.is_empty() {
            true => String::new(),
            false => format!(
                "<br><span class=\"sondeo-soft\" style=\"font-size:12px;line-height:16px;color:#55555e\">{words}</span>"
            ),
        };
        // Eleven numbers stand beside each other on the narrowest phone, each wide enough for a finger.
        let (size, is_block) = match is_stacked {
            true => (16, "padding:12px 14px"),
            false if links.len() > FEW => (14, "padding:8px 0"),
            false => (if link.words.is_empty() { 16 } else { 26 }, "padding:10px 2px"),
        };
        format!(
            "<a href=\"{url}\" class=\"sondeo-link\" style=\"display:block;{is_block};border:1px solid {accent};border-radius:8px;background:#ffffff;{FONT};font-size:{size}px;line-height:28px;color:#1b1b1f;text-decoration:none;text-align:{}\">{sign}{below}</a>",
            if is_stacked { align } else { "center" }
        )
    };
    if is_stacked {
        for link in links {
            row(&format!("<td style=\"padding:0 0 8px\">{}</td>", cell(link)));
        }
    } else {
        let width = 100 / links.len().max(1);
        let gap = if links.len() > FEW { 1 } else { 2 };
        let cells: String = links
            .iter()
            .map(|link| format!("<td width=\"{width}%\" align=\"center\" valign=\"top\" style=\"padding:0 {gap}px\">{}</td>", cell(link)))
            .collect();
        row(&format!(
            "<td><table {TABLE} width=\"100%\" dir=\"{}\"><tr>{cells}</tr></table></td>",
            direction.attribute()
        ));
    }
    if let Some([low, high]) = ends {
        let end = |words: &str, align: &str| {
            let words = encode_text(words).into_owned();
            format!(
                "<td align=\"{align}\" class=\"sondeo-soft\" style=\"padding:6px 2px 0;{FONT};font-size:13px;line-height:18px;color:#55555e\">{words}</td>"
            )
        };
        row(&format!(
            "<td><table {TABLE} width=\"100%\" dir=\"{}\"><tr>{}{}</tr></table></td>",
            direction.attribute(),
            end(low, align),
            end(high, other_side)
        ));
    }
    let language = encode_double_quoted_attribute(&survey.language).into_owned();
    format!(
        "{SHEET}\n<table {TABLE} width=\"100%\" lang=\"{language}\" dir=\"{}\" class=\"sondeo-card\" bgcolor=\"#ffffff\" style=\"max-width:600px;background:#ffffff\">\n\
         <tr><td style=\"padding:20px 12px\">\n<table {TABLE} width=\"100%\">\n{rows}</table>\n</td></tr>\n</table>\n",
        direction.attribute()
    )
}

/// Whether a colour can stand in a style without ending it.
fn is_colour(text: &str) -> bool {
    let is_hex = text.strip_prefix('#').is_some_and(|it| {
        matches!(it.len(), 3 | 6) && it.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    // Other forms of colours are nothing that mail programs know.
    is_hex || (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// A text without its links: each of its words stays.
fn unlinked(text: &str) -> String {
    let words = |piece: &rich_text::Piece<'_>| match piece {
        rich_text::Piece::Words(words) | rich_text::Piece::Link { words, .. } => {
            (*words).to_owned()
        }
    };
    rich_text::pieces(text).iter().map(words).collect()
}

fn plain(
    survey: &Survey,
    question: &Question,
    links: &[AnswerLink],
    ends: &Option<[String; 2]>,
) -> String {
    let mut lines = vec![survey.text(&question.text).to_owned()];
    if let Some(description) = &question.description {
        lines.push(unlinked(survey.text(description)));
    }
    lines.push(String::new());
    let last = links.len().saturating_sub(1);
    for (at, link) in links.iter().enumerate() {
        let number_of =
            |it: &AnswerLink| it.url.rsplit_once('=').map(|(_, value)| value.to_owned());
        let is_scale = matches!(question.kind, Kind::Likert { .. } | Kind::Nps { .. });
        // A face says nothing where there is no font for it, and a number does.
        let mut name =
            if is_scale { number_of(link).unwrap_or_default() } else { link.sign.clone() };
        if !is_scale && !link.words.is_empty() {
            name = link.words.clone();
        } else if is_scale && !link.words.is_empty() && link.words != name {
            name = format!("{name} ({})", link.words);
        }
        if let Some([low, high]) = ends {
            match at {
                0 => name = format!("{name} ({low})"),
                at if at == last => name = format!("{name} ({high})"),
                _ => {}
            }
        }
        lines.push(format!("{name}: {}", link.url));
    }
    lines.join("\n") + "\n"
}

/// The languages that a letter can be written in: those of the survey's own texts, or all that its template has.
#[must_use]
pub fn languages(survey: &Value) -> Vec<String> {
    let own = texts::languages(survey);
    let has_questions = survey.get("questions").is_some();
    if has_questions && !own.is_empty() {
        return own;
    }
    sondeo_model::Language::ALL.iter().map(|it| it.tag().to_owned()).collect()
}

#[cfg(test)]
mod tests;
