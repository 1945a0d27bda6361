//! What a survey file means, in words: when it asks, where, whom, and how often.

use crate::words::{any_of, quoted};
use crate::{Locale, list_of, time};
use sondeo_model::targeting::WhenClause;
use sondeo_model::{Cooldown, Definition, Device, Display, Duration, Per, Trigger};

/// Everything about a survey that is no question, in sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentences {
    /// What makes it due, and between which dates.
    pub when: Vec<String>,
    /// On which pages and devices.
    pub place: Vec<String>,
    /// Who.
    pub whom: Vec<String>,
    /// How often.
    pub often: Vec<String>,
}

/// All that a survey says, in words.
#[must_use]
pub fn sentences(survey: &Definition, locale: Locale) -> Sentences {
    Sentences {
        when: when(survey, locale),
        place: place(survey, locale),
        whom: whom(survey, locale),
        often: often(survey, locale),
    }
}

/// What makes it due, one sentence for each trigger; then what is true of all of them.
#[must_use]
pub fn when(survey: &Definition, locale: Locale) -> Vec<String> {
    let is_inline = survey.display() == Some(Display::Inline);
    let triggers = if is_inline { survey.triggers_in_element() } else { survey.triggers() };
    let delay = survey.delay();
    let mut sentences: Vec<String> =
        triggers.iter().map(|trigger| moment(trigger, delay, locale) + ".").collect();
    if let Some(share) = survey.delay_ends_at_scroll() {
        sentences.push(locale.pick(
            format!("Sooner, once {share} % of the page has been scrolled."),
            format!("Antes, en cuanto se ha recorrido el {share} % de la página."),
        ));
    }
    if survey.shortest_stay() > Duration::default() {
        let stay = time(survey.shortest_stay(), locale);
        sentences.push(locale.pick(
            format!("Leaving counts after {stay} on the page."),
            format!("Irse cuenta a partir de {stay} en la página."),
        ));
    }
    let targeting = survey.targeting();
    match (&targeting.from, &targeting.until) {
        (None, None) => {}
        (Some(from), None) => {
            sentences
                .push(locale.pick(format!("From {from} on."), format!("A partir del {from}.")));
        }
        (None, Some(until)) => {
            sentences.push(locale.pick(format!("Until {until}."), format!("Hasta el {until}.")));
        }
        (Some(from), Some(until)) => sentences.push(
            locale.pick(format!("From {from} until {until}."), format!("Del {from} al {until}.")),
        ),
    }
    if survey.needs_consent() {
        sentences.push(
            locale
                .pick(
                    "Only after the visitor has consented.",
                    "Solo después de que el visitante dé su consentimiento.",
                )
                .to_owned(),
        );
    }
    if targeting.priority != 0 {
        let priority = targeting.priority;
        sentences.push(locale.pick(
            format!("Where several are due at once, its turn is by priority {priority} (the highest goes first)."),
            format!("Si varias coinciden, su turno va por la prioridad {priority} (la más alta va primero)."),
        ));
    }
    sentences
}

/// A trigger with its delay: `2 seconds after an order`.
#[must_use]
pub fn moment(trigger: &Trigger, delay: Duration, locale: Locale) -> String {
    let [alone, noun] = phrases(trigger, locale);
    if delay == Duration::default() || *trigger == Trigger::Manual {
        return alone;
    }
    let delay = time(delay, locale);
    locale
        .pick(format!("{delay} after {noun}"), format!("{delay} después de {noun}"))
        // «de el» is written in one word.
        .replace("después de el ", "después del ")
}

/// A trigger as a sentence without its full stop, and as what something can be after.
fn phrases(trigger: &Trigger, locale: Locale) -> [String; 2] {
    let own = |text: [&str; 2]| text.map(str::to_owned);
    match trigger {
        Trigger::Load => own(locale.pick(
            ["As soon as the page has loaded", "the page has loaded"],
            ["En cuanto se ha cargado la página", "cargarse la página"],
        )),
        Trigger::Visit(1) => own(locale.pick(
            ["On the first visit", "the first visit has begun"],
            ["En la primera visita", "empezar la primera visita"],
        )),
        Trigger::Visit(number) => locale.pick(
            [format!("On visit number {number}"), format!("visit number {number} has begun")],
            [format!("En la visita número {number}"), format!("empezar la visita número {number}")],
        ),
        Trigger::Event(name) => {
            let event = event(name, locale);
            [
                locale
                    .pick(format!("After {event}"), format!("Después de {event}"))
                    .replace("de el ", "del "),
                event,
            ]
        }
        Trigger::Click(css) => locale.pick(
            [format!("After a click on {css}"), format!("a click on {css}")],
            [format!("Tras un clic en {css}"), format!("un clic en {css}")],
        ),
        Trigger::Submit(css) => locale.pick(
            [format!("When the form {css} is sent"), format!("the form {css} is sent")],
            [format!("Al enviarse el formulario {css}"), format!("enviarse el formulario {css}")],
        ),
        Trigger::Visible(css) => locale.pick(
            [format!("When {css} comes into view"), format!("{css} has come into view")],
            [format!("Cuando {css} queda a la vista"), format!("quedar a la vista {css}")],
        ),
        Trigger::Scroll(share) => locale.pick(
            [
                format!("When {share} % of the page has been scrolled"),
                format!("{share} % of the page has been scrolled"),
            ],
            [
                format!("Cuando se ha recorrido el {share} % de la página"),
                format!("recorrerse el {share} % de la página"),
            ],
        ),
        Trigger::Exit => own(locale.pick(
            ["When somebody is about to leave", "somebody is about to leave"],
            ["Cuando alguien está a punto de irse", "que alguien esté a punto de irse"],
        )),
        Trigger::Idle(length) => {
            let length = time(*length, locale);
            locale.pick(
                [
                    format!("After {length} without any input"),
                    format!("{length} without any input"),
                ],
                [
                    format!("Tras {length} sin ninguna acción"),
                    format!("{length} sin ninguna acción"),
                ],
            )
        }
        Trigger::Dwell(length) => {
            let length = time(*length, locale);
            locale.pick(
                [format!("After {length} on the page"), format!("{length} on the page")],
                [format!("Tras {length} en la página"), format!("{length} en la página")],
            )
        }
        Trigger::ChatEnd => own(locale.pick(
            ["When a chat on the page has ended", "a chat on the page has ended"],
            ["Cuando termina un chat de la página", "terminar un chat de la página"],
        )),
        Trigger::Manual => own(locale.pick(
            ["Only by a link, or when your page’s code asks for it", "a link or a call"],
            [
                "Solo por un enlace o cuando el código de tu página lo pide",
                "un enlace o una llamada",
            ],
        )),
    }
}

/// What an event that pages often report is about; of any other, its name.
fn event(name: &str, locale: Locale) -> String {
    let known = match name {
        "purchase" | "order-completed" => locale.pick("an order", "un pedido"),
        "sign_up" | "signup" => locale.pick("a sign-up", "un registro"),
        "login" => locale.pick("a sign-in", "un inicio de sesión"),
        "cancel" | "cancellation" => locale.pick("a cancellation", "una cancelación"),
        "trial_end" | "trial-end" => locale.pick("the end of a trial", "el fin de una prueba"),
        "add_to_cart" => locale.pick("something is put into the cart", "añadir algo al carrito"),
        "begin_checkout" => locale.pick("the checkout has begun", "empezar el pago"),
        "generate_lead" => locale.pick("a request for contact", "una solicitud de contacto"),
        "refund" => locale.pick("a refund", "un reembolso"),
        _ => {
            let name = quoted(name, locale);
            return locale.pick(format!("the event {name}"), format!("el evento {name}"));
        }
    };
    // The name stays readable: two events may be about the same.
    let name = quoted(name, locale);
    format!("{known} ({name})")
}

/// On which pages and devices.
#[must_use]
pub fn place(survey: &Definition, locale: Locale) -> Vec<String> {
    let targeting = survey.targeting();
    vec![pages(&targeting.url, locale), devices(&targeting.devices, locale)]
}

/// Patterns of pages in one sentence: `On all pages below /checkout/, but not on the page /checkout/help.`
#[must_use]
pub fn pages(patterns: &[String], locale: Locale) -> String {
    let (excluded, asked): (Vec<&String>, Vec<&String>) =
        patterns.iter().partition(|it| it.starts_with('!'));
    let words = |list: &[&String]| -> Vec<String> {
        list.iter().map(|it| pattern(it.trim_start_matches('!'), locale)).collect()
    };
    let mut sentence = match asked.is_empty() {
        true => locale.pick("On every page", "En todas las páginas").to_owned(),
        false => {
            let pages = list_of(&words(&asked), locale);
            locale.pick(format!("Only on {pages}"), format!("Solo en {pages}"))
        }
    };
    if !excluded.is_empty() {
        let pages = any_of(&words(&excluded), locale);
        sentence += &locale.pick(format!(", but not on {pages}"), format!(", pero no en {pages}"));
    }
    sentence + "."
}

/// One pattern of pages, as what a survey is asked on.
#[must_use]
pub fn pattern(pattern: &str, locale: Locale) -> String {
    let is_plain = |text: &str| !text.contains('*');
    if matches!(pattern, "/**" | "**") {
        return locale.pick("every page", "todas las páginas").to_owned();
    }
    if is_plain(pattern) {
        return match pattern {
            "/" => locale.pick("the home page", "la página de inicio").to_owned(),
            _ => locale.pick(format!("the page {pattern}"), format!("la página {pattern}")),
        };
    }
    if let Some(folder) = pattern.strip_suffix("/**").filter(|it| is_plain(it)) {
        return locale.pick(
            format!("all pages below {folder}/"),
            format!("todas las páginas dentro de {folder}/"),
        );
    }
    if let Some(start) = pattern.strip_suffix("**").filter(|it| is_plain(it)) {
        return locale.pick(
            format!("all pages whose address begins with {start}"),
            format!("todas las páginas cuya dirección empieza por {start}"),
        );
    }
    if let Some(folder) = pattern.strip_suffix("/*").filter(|it| is_plain(it)) {
        return locale.pick(
            format!("the pages directly below {folder}/"),
            format!("las páginas directamente dentro de {folder}/"),
        );
    }
    locale.pick(format!("pages like {pattern}"), format!("páginas como {pattern}"))
}

fn devices(devices: &[Device], locale: Locale) -> String {
    let name = |device: &Device| match device {
        Device::Mobile => locale.pick("phones", "teléfonos").to_owned(),
        Device::Tablet => locale.pick("tablets", "tabletas").to_owned(),
        Device::Desktop => locale.pick("computers", "ordenadores").to_owned(),
    };
    let is_all = Device::ALL.iter().all(|device| devices.contains(device));
    if devices.is_empty() || is_all {
        return locale.pick("On every device.", "En todos los dispositivos.").to_owned();
    }
    let names = list_of(&devices.iter().map(name).collect::<Vec<_>>(), locale);
    locale.pick(format!("Only on {names}."), format!("Solo en {names}."))
}

/// Who is asked: a sentence for each condition.
#[must_use]
pub fn whom(survey: &Definition, locale: Locale) -> Vec<String> {
    let conditions = survey.targeting().when;
    if conditions.is_empty() {
        return vec![locale.pick("Everybody.", "A todo el mundo.").to_owned()];
    }
    let sentence = |text: &String| {
        let condition = condition(text, locale);
        locale.pick(format!("Only if {condition}."), format!("Solo si {condition}."))
    };
    conditions.iter().map(sentence).collect()
}

/// One condition of `when` in words; a text that is none stays as it is.
#[must_use]
pub fn condition(text: &str, locale: Locale) -> String {
    let Some(clause) = WhenClause::parse(text) else { return text.to_owned() };
    let about = about(clause.name, locale);
    let values: Vec<String> = clause.values().map(|value| quoted(value, locale)).collect();
    let value = any_of(&values, locale);
    // Numbers are read without quotes.
    let number = clause.values().next().unwrap_or_default();
    match clause.operator() {
        "" => locale.pick(format!("{about} is there"), format!("consta {about}")),
        "!" => locale.pick(format!("{about} is not there"), format!("no consta {about}")),
        "=" => locale.pick(format!("{about} is {value}"), format!("{about} es {value}")),
        "!=" => locale.pick(format!("{about} is not {value}"), format!("{about} no es {value}")),
        "*=" => {
            locale.pick(format!("{about} contains {value}"), format!("{about} contiene {value}"))
        }
        "<" => locale
            .pick(format!("{about} is below {number}"), format!("{about} es menor que {number}")),
        "<=" => locale.pick(
            format!("{about} is at most {number}"),
            format!("{about} es como máximo {number}"),
        ),
        ">" => locale
            .pick(format!("{about} is above {number}"), format!("{about} es mayor que {number}")),
        ">=" => locale.pick(
            format!("{about} is at least {number}"),
            format!("{about} es como mínimo {number}"),
        ),
        _ => text.to_owned(),
    }
}

/// What a condition is about.
fn about(name: &str, locale: Locale) -> String {
    if let Some(name) = name.strip_prefix("event.") {
        let name = quoted(name, locale);
        return locale.pick(format!("{name} of the event"), format!("{name} del evento"));
    }
    if let Some(name) = name.strip_prefix("query.") {
        let name = quoted(name, locale);
        return locale.pick(format!("{name} in the address"), format!("{name} en la dirección"));
    }
    match name {
        "user" => locale.pick("the user", "el usuario").to_owned(),
        "referrer" => {
            locale.pick("the page that they come from", "la página de procedencia").to_owned()
        }
        "language" => locale.pick("the browser’s language", "el idioma del navegador").to_owned(),
        "visit" => locale.pick("the number of visits", "el número de visitas").to_owned(),
        _ => quoted(name, locale),
    }
}

/// How often somebody is asked.
#[must_use]
pub fn often(survey: &Definition, locale: Locale) -> Vec<String> {
    let targeting = survey.targeting();
    let mut sentences = vec![sample(targeting.sample, locale)];
    sentences.push(match targeting.recontact {
        Cooldown::Never => locale
            .pick(
                "Who has answered is never asked again.",
                "A quien ha respondido no se le vuelve a preguntar nunca.",
            )
            .to_owned(),
        Cooldown::Always => locale
            .pick(
                "Who has answered may be asked again at once.",
                "A quien ha respondido se le puede volver a preguntar enseguida.",
            )
            .to_owned(),
        Cooldown::After(length) => {
            let length = time(length, locale);
            locale.pick(
                format!("Who has answered is not asked again for {length}."),
                format!("A quien ha respondido no se le vuelve a preguntar durante {length}."),
            )
        }
    });
    sentences.push(match targeting.snooze {
        Cooldown::Never => locale
            .pick(
                "Who has closed it is never asked again.",
                "A quien la ha cerrado no se le vuelve a preguntar nunca.",
            )
            .to_owned(),
        Cooldown::Always => locale
            .pick(
                "Who has closed it may be asked again at once.",
                "A quien la ha cerrado se le puede volver a preguntar enseguida.",
            )
            .to_owned(),
        Cooldown::After(length) => {
            let length = time(length, locale);
            locale.pick(
                format!("Who has closed it is not asked again for {length}."),
                format!("A quien la ha cerrado no se le vuelve a preguntar durante {length}."),
            )
        }
    });
    let shows = targeting.max_shows;
    sentences.push(match shows {
        1 => locale
            .pick(
                "It is shown once to somebody who does not answer.",
                "Se muestra una sola vez a quien no responde.",
            )
            .to_owned(),
        _ => locale.pick(
            format!("It is shown {shows} times at most to somebody who does not answer."),
            format!("Se muestra como máximo {shows} veces a quien no responde."),
        ),
    });
    if targeting.quiet > Duration::default() {
        let quiet = time(targeting.quiet, locale);
        sentences.push(locale.pick(
            format!("It does not open by itself within {quiet} after any other survey."),
            format!("No se abre sola hasta pasado {quiet} desde cualquier otra encuesta."),
        ));
    }
    if targeting.per == Per::Page {
        sentences.push(
            locale
                .pick(
                    "All of that is counted for each page by itself.",
                    "Todo esto se cuenta por separado en cada página.",
                )
                .to_owned(),
        );
    }
    sentences
}

fn sample(millionths: u32, locale: Locale) -> String {
    const ALL: u32 = 1_000_000;
    if millionths == ALL {
        return locale
            .pick("All visitors may be asked.", "Se puede preguntar a todos los visitantes.")
            .to_owned();
    }
    let share = share(millionths, locale);
    locale.pick(
        format!("{share} % of visitors are ever asked, always the same ones."),
        format!("Se pregunta al {share} % de los visitantes, siempre a los mismos."),
    )
}

/// Per cent of millionths, without zeros at the end.
fn share(millionths: u32, locale: Locale) -> String {
    let (whole, rest) = (millionths / 10_000, millionths % 10_000);
    let decimals = format!("{rest:04}");
    match decimals.trim_end_matches('0') {
        "" => whole.to_string(),
        decimals => format!("{whole}{}{decimals}", locale.pick('.', ',')),
    }
}

/// What stands where a file says nothing about how often, and why that is a good start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// The key of the file.
    pub key: &'static str,
    /// The value as a file would write it.
    pub value: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// The usual values of how often somebody is asked, with their reasons.
#[must_use]
pub fn usual(locale: Locale) -> Vec<Usual> {
    let usual =
        |key, value, english, spanish| Usual { key, value, reason: locale.pick(english, spanish) };
    vec![
        usual(
            "sample",
            "100%",
            "Until there are some hundred answers a month, every one counts. Ask fewer visitors when there are more answers than you read.",
            "Hasta tener unos cientos de respuestas al mes, todas cuentan. Pregunte a menos visitantes cuando haya más respuestas de las que lee.",
        ),
        usual(
            "recontact",
            "90d",
            "Who is asked the same every week stops answering. After a quarter there is something new to say.",
            "Quien recibe la misma pregunta cada semana deja de responder. Pasado un trimestre hay algo nuevo que decir.",
        ),
        usual(
            "snooze",
            "14d",
            "Who closes a survey says “not now”. Two weeks later the answer may be another one; the next day it is not.",
            "Quien cierra una encuesta dice «ahora no». Dos semanas después la respuesta puede ser otra; al día siguiente, no.",
        ),
        usual(
            "quiet",
            "1d",
            "Two surveys in one day are one too many, whatever they ask.",
            "Dos encuestas en un día son una de más, pregunten lo que pregunten.",
        ),
        usual(
            "max_shows",
            "3",
            "Who has seen it three times without a word does not want to answer.",
            "Quien la ha visto tres veces sin decir nada no quiere responder.",
        ),
        usual(
            "per",
            "visitor",
            "People are tired by all that a site asks, not by what each page asks.",
            "A la gente le cansa todo lo que pregunta un sitio, no lo que pregunta cada página.",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::{often, place, sentences, usual, when, whom};
    use crate::{Locale, Value, definition};
    use sondeo_model::Definition;

    fn survey(members: &str) -> Definition {
        let text = format!(r#"{{"template": "csat", {members}}}"#);
        let value: Value = serde_json::from_str(&text).expect("JSON");
        definition(&value).expect("a survey")
    }

    /// Expects these sentences of one of the four, in English and Spanish.
    #[track_caller]
    fn check(
        says: fn(&Definition, Locale) -> Vec<String>,
        members: &str,
        english: &[&str],
        spanish: &[&str],
    ) {
        let survey = survey(members);
        assert_eq!(says(&survey, Locale::English), english, "{members}");
        assert_eq!(says(&survey, Locale::Spanish), spanish, "{members}");
    }

    #[test]
    fn moments_with_their_delays() {
        check(
            when,
            r#""trigger": "event:purchase event:gift", "delay": "2s""#,
            &["2 seconds after an order (“purchase”).", "2 seconds after the event “gift”."],
            &[
                "2 segundos después de un pedido («purchase»).",
                "2 segundos después del evento «gift».",
            ],
        );
        check(
            when,
            r#""trigger": "load exit scroll:50%", "from": "2026-12-01", "until": "2026-12-24""#,
            &[
                "As soon as the page has loaded.",
                "When somebody is about to leave.",
                "When 50 % of the page has been scrolled.",
                "From 2026-12-01 until 2026-12-24.",
            ],
            &[
                "En cuanto se ha cargado la página.",
                "Cuando alguien está a punto de irse.",
                "Cuando se ha recorrido el 50 % de la página.",
                "Del 2026-12-01 al 2026-12-24.",
            ],
        );
        check(
            when,
            r#""trigger": "idle:30s manual", "consent": "required""#,
            &[
                "After 30 seconds without any input.",
                "Only by a link, or when your page’s code asks for it.",
                "Only after the visitor has consented.",
            ],
            &[
                "Tras 30 segundos sin ninguna acción.",
                "Solo por un enlace o cuando el código de tu página lo pide.",
                "Solo después de que el visitante dé su consentimiento.",
            ],
        );
    }

    #[test]
    fn pages_and_devices() {
        check(
            place,
            r#""id": "a""#,
            &["On every page.", "On every device."],
            &["En todas las páginas.", "En todos los dispositivos."],
        );
        check(
            place,
            r#""url": "/checkout/** /cart** /a/* /x /y/*/z !/checkout/help", "device": "mobile tablet""#,
            &[
                "Only on all pages below /checkout/, all pages whose address begins with /cart, the pages directly below /a/, the page /x and pages like /y/*/z, but not on the page /checkout/help.",
                "Only on phones and tablets.",
            ],
            &[
                "Solo en todas las páginas dentro de /checkout/, todas las páginas cuya dirección empieza por /cart, las páginas directamente dentro de /a/, la página /x y páginas como /y/*/z, pero no en la página /checkout/help.",
                "Solo en teléfonos y tabletas.",
            ],
        );
    }

    #[test]
    fn conditions_as_sentences() {
        check(whom, r#""id": "a""#, &["Everybody."], &["A todo el mundo."]);
        check(
            whom,
            r#""when": "plan=pro|team amount>=100 !trial query.utm_source*=news event.total<5.5""#,
            &[
                "Only if “plan” is “pro” or “team”.",
                "Only if “amount” is at least 100.",
                "Only if “trial” is not there.",
                "Only if “utm_source” in the address contains “news”.",
                "Only if “total” of the event is below 5.5.",
            ],
            &[
                "Solo si «plan» es «pro» o «team».",
                "Solo si «amount» es como mínimo 100.",
                "Solo si no consta «trial».",
                "Solo si «utm_source» en la dirección contiene «news».",
                "Solo si «total» del evento es menor que 5.5.",
            ],
        );
    }

    #[test]
    fn how_often() {
        check(
            often,
            r#""sample": "0.5%", "recontact": "never", "snooze": "always", "quiet": "0", "max_shows": 1, "per": "page""#,
            &[
                "0.5 % of visitors are ever asked, always the same ones.",
                "Who has answered is never asked again.",
                "Who has closed it may be asked again at once.",
                "It is shown once to somebody who does not answer.",
                "All of that is counted for each page by itself.",
            ],
            &[
                "Se pregunta al 0,5 % de los visitantes, siempre a los mismos.",
                "A quien ha respondido no se le vuelve a preguntar nunca.",
                "A quien la ha cerrado se le puede volver a preguntar enseguida.",
                "Se muestra una sola vez a quien no responde.",
                "Todo esto se cuenta por separado en cada página.",
            ],
        );
    }

    #[test]
    fn the_usual_values_are_those_of_the_model() {
        let plain = survey(r#""id": "a""#);
        let plain = sentences(&plain, Locale::English);
        for usual in usual(Locale::English) {
            let value = match usual.value.parse::<i64>() {
                Ok(number) => number.to_string(),
                Err(_) => format!("{:?}", usual.value),
            };
            let set = survey(&format!(r#""{}": {value}"#, usual.key));
            assert_eq!(sentences(&set, Locale::English), plain, "{}", usual.key);
        }
        // And another value says something else.
        for (key, other) in [
            ("sample", "\"9%\""),
            ("recontact", "\"9d\""),
            ("snooze", "\"9d\""),
            ("quiet", "\"9d\""),
            ("max_shows", "9"),
            ("per", "\"page\""),
        ] {
            let set = survey(&format!(r#""{key}": {other}"#));
            assert!(sentences(&set, Locale::English) != plain, "{key}");
        }
    }
}
