//! Small words that many sentences are made of.

use crate::Locale;
use sondeo_model::{Duration, KindName, Language};

/// A length of time in words: `2 seconds`, `90 days`.
#[must_use]
pub fn time(length: Duration, locale: Locale) -> String {
    /// The length in milliseconds, and what one and several are called in both languages.
    const UNITS: &[(u64, [&str; 2], [&str; 2])] = &[
        (86_400_000, ["day", "days"], ["día", "días"]),
        (3_600_000, ["hour", "hours"], ["hora", "horas"]),
        (60_000, ["minute", "minutes"], ["minuto", "minutos"]),
        (1_000, ["second", "seconds"], ["segundo", "segundos"]),
        (1, ["millisecond", "milliseconds"], ["milisegundo", "milisegundos"]),
    ];
    let length = length.as_millis();
    // The greatest unit that says it exactly; a minute and a half is 90 seconds.
    let unit = UNITS.iter().find(|(unit, ..)| length > 0 && length.is_multiple_of(*unit));
    let Some((unit, english, spanish)) = unit else {
        return locale.pick("0 seconds", "0 segundos").to_owned();
    };
    let number = length / unit;
    let name = locale.pick(english, spanish)[usize::from(number != 1)];
    format!("{number} {name}")
}

/// Several things in one breath: `a, b and c`.
#[must_use]
pub fn list_of(things: &[String], locale: Locale) -> String {
    joined(things, locale.pick(" and ", " y "), locale)
}

/// Several things of which one is enough: `a, b or c`.
pub(crate) fn any_of(things: &[String], locale: Locale) -> String {
    joined(things, locale.pick(" or ", " o "), locale)
}

fn joined(things: &[String], last: &str, locale: Locale) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => {
            // Spanish says «e» before the sound of an i, and «u» before that of an o.
            let sound = end.trim_start_matches(['«', '“', '/', '*']).to_lowercase();
            let starts = |letters: &[&str]| letters.iter().any(|it| sound.starts_with(it));
            let last = match (locale, last) {
                (Locale::Spanish, " y ")
                    if starts(&["i", "í", "hi"]) && !starts(&["hie", "ie"]) =>
                {
                    " e "
                }
                (Locale::Spanish, " o ") if starts(&["o", "ó", "ho"]) => " u ",
                (_, last) => last,
            };
            [&first.join(", "), last, end].concat()
        }
    }
}

/// What a language is called by those who edit: `Spanish`, `español (MX)`.
#[must_use]
pub fn language_name(tag: &str, locale: Locale) -> String {
    let Some(language) = Language::from_tag(tag) else { return tag.to_owned() };
    let name = locale.pick(language.names().0, spanish_name(language));
    match tag.split_once(['-', '_']) {
        Some((_, rest)) => format!("{name} ({rest})"),
        None => name.to_owned(),
    }
}

fn spanish_name(language: Language) -> &'static str {
    match language {
        Language::En => "inglés",
        Language::Es => "español",
        Language::Pt => "portugués",
        Language::Fr => "francés",
        Language::De => "alemán",
        Language::It => "italiano",
        Language::Nl => "neerlandés",
        Language::Ca => "catalán",
        Language::Ja => "japonés",
        Language::Zh => "chino",
        Language::Ar => "árabe",
        Language::He => "hebreo",
        Language::Pl => "polaco",
        Language::Sv => "sueco",
        Language::Da => "danés",
        Language::Nb => "noruego",
        Language::Fi => "finés",
        Language::Cs => "checo",
        Language::Tr => "turco",
        Language::Ko => "coreano",
        Language::Uk => "ucraniano",
    }
}

/// What a kind of question is called.
#[must_use]
pub fn kind_name(kind: KindName, locale: Locale) -> &'static str {
    match kind {
        KindName::Likert => locale.pick("scale", "escala"),
        KindName::YesNo => locale.pick("yes or no", "sí o no"),
        KindName::Nps => locale.pick("recommendation, 0 to 10", "recomendación, de 0 a 10"),
        KindName::Choice => locale.pick("one of several", "una de varias"),
        KindName::Choices => locale.pick("some of several", "varias de varias"),
        KindName::Text => locale.pick("free text", "texto libre"),
    }
}

/// What a key of a survey file, a question, an option or an ending is called in a form; `None` for keys that nobody knows.
#[must_use]
pub fn key_name(key: &str, locale: Locale) -> Option<&'static str> {
    let (english, spanish) = match key {
        "$schema" => ("Schema", "Esquema"),
        "id" => ("Id", "Id"),
        "name" => ("Name in the studio", "Nombre en el estudio"),
        "note" => ("Note", "Nota"),
        "template" => ("Template", "Plantilla"),
        "lang" => ("Language", "Idioma"),
        "logo" => ("Logo", "Logotipo"),
        "questions" => ("Questions", "Preguntas"),
        "question" => ("First question", "Primera pregunta"),
        "low" => ("Low end", "Extremo bajo"),
        "high" => ("High end", "Extremo alto"),
        "endings" => ("Endings", "Finales"),
        "thanks" => ("Thanks", "Agradecimiento"),
        "trigger" => ("Moment", "Momento"),
        "delay" => ("Delay", "Espera"),
        "from" => ("From", "Desde"),
        "until" => ("Until", "Hasta"),
        "url" => ("Pages", "Páginas"),
        "device" => ("Devices", "Dispositivos"),
        "when" => ("Conditions", "Condiciones"),
        "sample" => ("Share of visitors", "Proporción de visitantes"),
        "recontact" => ("Again after an answer", "De nuevo tras responder"),
        "snooze" => ("Again after closing", "De nuevo tras cerrarla"),
        "quiet" => ("Quiet after any survey", "Calma tras cualquier encuesta"),
        "per" => ("Counted for", "Se cuenta por"),
        "max_shows" => ("Shown at most", "Se muestra como máximo"),
        "priority" => ("Priority", "Prioridad"),
        "display" => ("Display", "Presentación"),
        "position" => ("Position", "Posición"),
        "theme" => ("Colours", "Colores"),
        "accent" => ("Accent", "Color de realce"),
        "radius" => ("Corners", "Esquinas"),
        "font" => ("Font", "Tipografía"),
        "endpoint" => ("Endpoint", "Destino"),
        "format" => ("Format", "Formato"),
        "headers" => ("Headers", "Cabeceras"),
        "fields" => ("Names of fields", "Nombres de los campos"),
        "report" => ("Report", "Informe"),
        "confirm" => ("Confirmation", "Confirmación"),
        "push" => ("Also told to", "También se avisa a"),
        "mask" => ("Blanked in texts", "Se oculta en los textos"),
        "user" => ("User", "Usuario"),
        "custom" => ("Own data", "Datos propios"),
        "visitor" => ("Visitor’s id", "Id del visitante"),
        "storage" => ("Storage", "Almacenamiento"),
        "consent" => ("Consent", "Consentimiento"),
        "privacy_signal" => ("Privacy signal", "Señal de privacidad"),
        "debug" => ("Lines on the console", "Líneas en la consola"),
        "preview" => ("Preview", "Vista previa"),
        "published" => ("Published version", "Versión publicada"),
        "kind" => ("Kind", "Tipo"),
        "points" => ("Points", "Puntos"),
        "text" => ("Text", "Texto"),
        "description" => ("Description", "Descripción"),
        "image" => ("Picture", "Imagen"),
        "look" => ("Look", "Aspecto"),
        "labels" => ("Words of the points", "Palabras de los puntos"),
        "options" => ("Options", "Opciones"),
        "other" => ("Option “other”", "Opción «otro»"),
        "shuffle" => ("Shuffled", "En orden aleatorio"),
        "min" => ("At least", "Como mínimo"),
        "max" => ("At most", "Como máximo"),
        "lines" => ("Lines", "Líneas"),
        "max_length" => ("Longest text", "Texto más largo"),
        "placeholder" => ("Example in the field", "Ejemplo en el campo"),
        "metric" => ("Metric", "Métrica"),
        "required" => ("Required", "Obligatoria"),
        "next" => ("Ways", "Caminos"),
        "minutes" => ("Minutes", "Minutos"),
        "button" => ("Button", "Botón"),
        "redirect" => ("Leads on to", "Lleva a"),
        "after" => ("After", "Después de"),
        "if" => ("If", "Si"),
        "go" => ("Go to", "Ir a"),
        "src" => ("Address of the picture", "Dirección de la imagen"),
        "alt" => ("Alternative text", "Texto alternativo"),
        _ => return None,
    };
    Some(locale.pick(english, spanish))
}

/// A text in the quotes of the language, cut where it is long.
pub(crate) fn quoted(text: &str, locale: Locale) -> String {
    const LONGEST: usize = 80;
    let cut = sondeo_model::limits::clip(text, LONGEST);
    let dots = if cut.len() < text.len() { "…" } else { "" };
    let [open, close] = locale.pick(["“", "”"], ["«", "»"]);
    [open, cut, dots, close].concat()
}

/// With a capital letter, as a sentence begins.
pub(crate) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{language_name, list_of, time};
    use crate::Locale;
    use sondeo_model::Duration;

    #[track_caller]
    fn check(text: &str, english: &str, spanish: &str) {
        let length = Duration::parse(text).expect("a time");
        assert_eq!(time(length, Locale::English), english);
        assert_eq!(time(length, Locale::Spanish), spanish);
    }

    #[test]
    fn times_are_said_exactly() {
        check("0", "0 seconds", "0 segundos");
        check("1s", "1 second", "1 segundo");
        check("90s", "90 seconds", "90 segundos");
        check("1500ms", "1500 milliseconds", "1500 milisegundos");
        check("120s", "2 minutes", "2 minutos");
        check("24h", "1 day", "1 día");
        check("36h", "36 hours", "36 horas");
    }

    #[test]
    fn every_key_has_a_name() {
        let keys =
            sondeo_model::Definition::KEYS.iter().chain(sondeo_model::Definition::KEYS_BESIDE);
        let lacking: Vec<_> =
            keys.filter(|key| super::key_name(key, Locale::Spanish).is_none()).collect();
        assert_eq!(lacking, [""; 0].iter().collect::<Vec<_>>());
    }

    #[test]
    fn lists_read_well() {
        let list = |things: &[&str], locale| {
            list_of(&things.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(), locale)
        };
        assert_eq!(list(&["a", "b", "c"], Locale::English), "a, b and c");
        assert_eq!(list(&["a", "b"], Locale::Spanish), "a y b");
        assert_eq!(list(&["francés", "inglés"], Locale::Spanish), "francés e inglés");
        assert_eq!(list(&["a"], Locale::English), "a");
    }

    #[test]
    fn languages_have_names() {
        assert_eq!(language_name("es", Locale::English), "Spanish");
        assert_eq!(language_name("es-MX", Locale::Spanish), "español (MX)");
        assert_eq!(language_name("eu", Locale::English), "eu");
    }
}
