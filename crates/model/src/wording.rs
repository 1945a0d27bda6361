use crate::Language;

/// The words of the widget itself, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Names the card to a screen reader.
    pub survey: &'static str,
    /// The button that takes the survey away.
    pub close: &'static str,
    /// The button that confirms an answer when another question may follow.
    pub next: &'static str,
    /// The button that confirms the last answer.
    pub send: &'static str,
    /// The button that passes over an optional question.
    pub skip: &'static str,
    /// Marks a question that needs no answer.
    pub optional: &'static str,
    /// Asks for the answer that is missing.
    pub required: &'static str,
    /// The thank-you.
    pub thanks: &'static str,
}

impl Wording {
    /// The words in `language`.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
        }
    }
}

static ENGLISH: Wording = Wording {
    survey: "Survey",
    close: "Close",
    next: "Next",
    send: "Send",
    skip: "Skip",
    optional: "Optional",
    required: "Please choose an answer.",
    thanks: "Thank you!",
};

static SPANISH: Wording = Wording {
    survey: "Encuesta",
    close: "Cerrar",
    next: "Siguiente",
    send: "Enviar",
    skip: "Omitir",
    optional: "Opcional",
    required: "Elige una respuesta, por favor.",
    thanks: "¡Gracias!",
};
