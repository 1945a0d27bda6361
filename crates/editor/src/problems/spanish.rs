//! The model's problems in Spanish. A kind of problem without Spanish does not compile; a kind of value without it fails
//! a test.

use sondeo_model::{Metric, Reason, Thing, What};

/// What is wrong, behind what stands there: `«5 secs» no es un tiempo (prueba «5s»)`. `None` for what is no problem of a
/// survey file.
pub(super) fn reason(reason: &Reason) -> Option<String> {
    let hint = |example: &Option<String>| match example {
        Some(example) => format!(" (prueba «{example}»)"),
        None => String::new(),
    };
    Some(match reason {
        Reason::NotA { what: it, example } => {
            format!("no es {}{}", what(*it).unwrap_or(it.english()), hint(example))
        }
        Reason::NotWithin(low, high) => format!("no es un número entero de {low} a {high}"),
        Reason::Missing { example } => format!("falta (prueba «{example}»)"),
        Reason::UnknownKey { meant } => format!("no es una clave conocida aquí{}", hint(meant)),
        Reason::Empty => "no contiene nada".to_owned(),
        Reason::NoTag => "no es una etiqueta de idioma (prueba «en»)".to_owned(),
        Reason::Link(address) => {
            format!("tiene un enlace a «{address}» (prueba «https://example.com/»)")
        }
        Reason::TooManyNames => "contiene más de 100 nombres".to_owned(),
        Reason::QuestionCount => "debe tener de 1 a 100 preguntas".to_owned(),
        Reason::EndingCount => "debe tener de 1 a 100 finales".to_owned(),
        Reason::OptionCount => "debe tener de 2 a 100 opciones".to_owned(),
        Reason::Labels(points) => format!("debe tener {points} textos, uno por cada punto"),
        Reason::OtherEnd(missing) => {
            let missing = if *missing == "low" { "bajo" } else { "alto" };
            format!("necesita también el texto del extremo {missing} de la escala")
        }
        Reason::NoScale => {
            "no tiene escala en la que estar: la primera pregunta es de otro tipo".to_owned()
        }
        Reason::Repeated(thing) => {
            let earlier = match thing {
                Thing::Question => "otra pregunta anterior",
                Thing::Option => "otra opción anterior",
                Thing::Ending => "otro final anterior",
            };
            format!("es el id de {earlier} (cada id es único)")
        }
        Reason::RuleAfterAlways => {
            "no se alcanza nunca: una regla anterior se cumple siempre".to_owned()
        }
        Reason::NeverAsked => "no se pregunta nunca: ninguna regla lleva hasta ella".to_owned(),
        Reason::Circle => {
            "lleva de vuelta a esta pregunta (ningún camino puede ser un círculo)".to_owned()
        }
        Reason::NoQuestion { id, meant } => {
            format!("«{id}» no es una pregunta de esta encuesta (prueba «{meant}»)")
        }
        Reason::NeverHolds => "no se cumple nunca: la pregunta es obligatoria".to_owned(),
        Reason::NeverAnswered => {
            "compara con algo que nunca se responde a esta pregunta".to_owned()
        }
        Reason::IsQuestion(id) => format!("«{id}» es el id de una pregunta"),
        Reason::EndingNeverReached(id) => {
            format!("a «{id}» no se llega nunca: ninguna regla lleva hasta ahí")
        }
        Reason::NoPlace(place) => format!(
            "{{{place}}} no significa nada (prueba {{id}}, {{answer:PREGUNTA}} o {{custom:NOMBRE}})"
        ),
        Reason::MetricNeeds(metric) => match metric {
            Metric::Csat => "necesita una pregunta del tipo «likert»",
            Metric::Ces => "necesita una pregunta del tipo «likert» con 7 puntos",
            Metric::Nps => "necesita una pregunta del tipo «nps»",
            Metric::Ttr => "necesita una pregunta del tipo «choice» cuyas opciones tengan minutos",
            Metric::Helpful => "necesita una pregunta del tipo «yes-no»",
        }
        .to_owned(),
        // About the tags of a page, which a file does not have.
        Reason::OfPage => return None,
    })
}

/// What a value should be; `None` where nobody has said it in Spanish yet.
fn what(what: What) -> Option<&'static str> {
    Some(match what.english() {
        "a template" => "una plantilla",
        "an address" => "una dirección",
        "a trigger" => "un desencadenante",
        "a time" => "un tiempo",
        "a time, \"always\" or \"never\"" => "un tiempo, «always» ni «never»",
        "a pattern of pages" => "un patrón de páginas",
        "a device" => "un dispositivo",
        "a share" => "un porcentaje",
        "\"visitor\" or \"page\"" => "«visitor» ni «page»",
        "a condition" => "una condición",
        "a date or date-time" => "una fecha, con hora o sin ella",
        "a display" => "una presentación",
        "a position" => "una posición",
        "a theme" => "un tema de colores",
        "a CSS colour" => "un color de CSS",
        "a CSS length" => "una longitud de CSS",
        "a CSS font-family" => "una familia tipográfica de CSS",
        "a language tag" => "una etiqueta de idioma",
        "a format of requests" => "un formato de envío",
        "a header of HTTP" => "una cabecera de HTTP",
        "a text of at most 10000 characters under a name of at most 256" => {
            "un texto de hasta 10000 caracteres con un nombre de hasta 256"
        }
        "a report" => "un tipo de informe",
        "a tool that events can be pushed to" => "una herramienta que reciba los eventos",
        "\"on\" or \"off\"" => "«on» ni «off»",
        "something to mask" => "algo que se pueda ocultar",
        "a way to confirm" => "una forma de confirmar",
        "a storage" => "un almacenamiento",
        "a consent" => "un tipo de consentimiento",
        "\"respect\" or \"ignore\"" => "«respect» ni «ignore»",
        "a text of at most 256 characters" => "un texto de hasta 256 caracteres",
        "true or false" => "verdadero ni falso (true, false)",
        "a kind of question" => "un tipo de pregunta",
        "a metric" => "una métrica",
        "a format of text" => "un formato de texto",
        "the id of a question or an ending, or \"end\"" => {
            "el id de una pregunta o de un final, ni «end»"
        }
        "a comparison" => "una comparación",
        "a look of this kind of question" => "un aspecto de este tipo de pregunta",
        "a name (lower case letters, digits and hyphens)" => {
            "un nombre (letras minúsculas sin acentos, cifras y guiones)"
        }
        "an address of the web" => "una dirección de la web",
        "an address of the web or a mailto: link" => "una dirección de la web ni un enlace mailto:",
        "a relative address, or one that begins with https:" => {
            "una dirección relativa ni una que empiece por https:"
        }
        "an object" => "un objeto",
        "an object of names and texts" => "un objeto de nombres y textos",
        "a list" => "una lista",
        "a text" => "un texto",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::what;
    use sondeo_model::What;

    #[test]
    fn every_kind_of_value_has_spanish_words() {
        let lacking: Vec<_> = What::ALL.iter().filter(|it| what(**it).is_none()).collect();
        assert!(lacking.is_empty(), "{lacking:?}");
    }
}
