//! What every key of a survey means.

use super::*;
use crate::Per;

type Case = (&'static str, &'static str, &'static str, fn(&Definition) -> bool);

/// Every key of a survey but its questions: in JSON, in attributes, and what both mean.
const KEYS: &[Case] = &[
    ("endpoint", r#""/r""#, "/r", |it| it.endpoint() == Some("/r")),
    ("trigger", r#"["exit", "idle:30s"]"#, "exit idle:30s", |it| {
        it.triggers() == [Trigger::Exit, Trigger::Idle(ms(30_000))]
    }),
    ("trigger", r#""click:'.a b' load""#, "click:'.a b' load", |it| {
        it.triggers() == [Trigger::Click(".a b".into()), Trigger::Load]
    }),
    ("trigger", r#"["click:.a b"]"#, "'click:.a b'", |it| {
        it.triggers() == [Trigger::Click(".a b".into())]
    }),
    ("delay", r#""2s""#, " 2s ", |it| it.delay() == ms(2_000)),
    ("delay", "0", "0", |it| it.delay() == ms(0)),
    ("url", r#"["/a/**", "!/b"]"#, "/a/** !/b", |it| it.targeting().url == ["/a/**", "!/b"]),
    ("device", r#""mobile tablet""#, "mobile tablet", |it| {
        it.targeting().devices == [Device::Mobile, Device::Tablet]
    }),
    ("sample", r#""25%""#, "25%", |it| it.targeting().sample == 250_000),
    ("recontact", r#""30d""#, "30d", |it| {
        it.targeting().recontact == Cooldown::After(ms(30 * DAY))
    }),
    ("recontact", "0", "0", |it| it.targeting().recontact == Cooldown::After(ms(0))),
    ("snooze", r#""never""#, "never", |it| it.targeting().snooze == Cooldown::Never),
    ("snooze", r#""always""#, "always", |it| it.targeting().snooze == Cooldown::Always),
    ("quiet", r#""12h""#, "12h", |it| it.targeting().quiet == ms(DAY / 2)),
    ("per", r#""page""#, "page", |it| it.targeting().per == Per::Page),
    ("max_shows", "1", "1", |it| it.targeting().max_shows == 1),
    ("from", r#""2026-12-01""#, "2026-12-01", |it| {
        it.targeting().from.as_deref() == Some("2026-12-01")
    }),
    ("until", r#""2026-12-24T09:00Z""#, "2026-12-24T09:00Z", |it| {
        it.targeting().until.as_deref() == Some("2026-12-24T09:00Z")
    }),
    ("when", r#""plan=pro !trial""#, "plan=pro !trial", |it| {
        it.targeting().when == ["plan=pro", "!trial"]
    }),
    ("when", r#"["plan=big team"]"#, "plan='big team'", |it| {
        it.targeting().when == ["plan=big team"]
    }),
    ("priority", "-2", "-2", |it| it.targeting().priority == -2),
    ("question", r#""How?""#, "How?", |it| it.questions[0].text == says("How?")),
    ("low", r#""Bad""#, "Bad", |it| {
        ends(it) == [says("Bad"), LocalizedText::Shipped(MessageId::SATISFIED)]
    }),
    ("high", r#""Good""#, "Good", |it| {
        ends(it) == [LocalizedText::Shipped(MessageId::DISSATISFIED), says("Good")]
    }),
    ("thanks", r#""Merci""#, "Merci", |it| it.thanks == says("Merci")),
    ("display", r#""bar""#, "bar", |it| {
        it.appearance().display == Display::Bar && it.display().is_some()
    }),
    ("position", r#""top""#, "top", |it| it.appearance().position == Position::Top),
    ("theme", r#""dark""#, "dark", |it| it.appearance().theme == Theme::Dark),
    ("accent", r##""#0b7a75""##, "#0b7a75", |it| {
        it.appearance().accent.as_deref() == Some("#0b7a75")
    }),
    ("radius", r#""0""#, "0", |it| it.appearance().radius.as_deref() == Some("0")),
    ("font", r#""a, b""#, "a, b", |it| it.appearance().font.as_deref() == Some("a, b")),
    ("lang", r#""es-MX""#, "es-MX", |it| it.lang() == Some("es-MX")),
    ("format", r#""form""#, "form", |it| it.delivery().format == Some(RequestFormat::Form)),
    ("report", r#""all""#, "all", |it| it.delivery().report == Report::All),
    ("push", r#"["gtag"]"#, "gtag", |it| it.delivery().push == [Push::Gtag]),
    ("user", r#""u-1""#, "u-1", |it| it.user() == Some("u-1")),
    ("user", "5678901234567", "5678901234567", |it| it.user() == Some("5678901234567")),
    ("visitor", r#""on""#, "on", |it| it.delivery().visitor),
    ("mask", r#""email phone""#, "email phone", |it| {
        it.delivery().mask == [Mask::Email, Mask::Phone]
    }),
    ("mask", r#""none""#, "none", |it| it.delivery().mask.is_empty()),
    ("confirm", r#""id""#, "id", |it| it.delivery().confirm == Confirm::Id),
    ("debug", "true", "", |it| it.debug()),
    ("preview", "true", "true", |it| it.preview()),
    ("preview", "false", "false", |it| !it.preview()),
    ("storage", r#""none""#, "none", |it| it.delivery().storage == StorageKind::None),
    ("consent", r#""required""#, "required", |it| it.needs_consent()),
    ("privacy_signal", r#""ignore""#, "ignore", |it| !it.delivery().respects_signals),
];

#[test]
fn every_key_is_read_from_json_and_from_attributes() {
    for (key, in_json, in_attribute, holds) in KEYS {
        let (definition, problems) =
            read(&format!(r#"{{"template": "csat", "{key}": {in_json}}}"#));
        assert_eq!(*problems, [] as [String; 0], "{key}");
        assert!(holds(&definition.expect("a definition")), "{key}: {in_json}");

        let name = format!("data-{}", key.replace('_', "-"));
        let mut problems = Problems::default();
        let layers = vec![attributes(&[(&name, in_attribute)])];
        let definition = Definition::read(layers, Some(Template::Csat), &mut problems);
        assert_eq!(*problems, [], "{key}");
        assert!(holds(&definition.expect("a definition")), "{name}={in_attribute}");
    }
    let elsewhere =
        ["id", "template", "questions", "endings", "logo", "headers", "fields", "custom"];
    let is_tested = |key: &&str| elsewhere.contains(key) || KEYS.iter().any(|case| case.0 == *key);
    assert!(Definition::KEYS.iter().all(is_tested));
}

#[test]
fn names_with_texts_are_read_from_json_and_from_attributes() {
    let (definition, problems) = read(
        r#"{"template": "faq", "headers": {"X-Team": "web"}, "fields": {"why": "entry.1"},
            "custom": {"order-id": 5678901234567, "new": true, "empty": "", "plan": "pro"}}"#,
    );
    assert_eq!(*problems, [] as [String; 0]);
    let definition = definition.expect("a definition");
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    assert_eq!(definition.delivery().headers, pairs(&[("X-Team", "web")]));
    assert_eq!(definition.delivery().fields, pairs(&[("why", "entry.1")]));
    let custom = pairs(&[("order-id", "5678901234567"), ("new", "true"), ("plan", "pro")]);
    assert_eq!(definition.custom(), custom);

    let mut problems = Problems::default();
    let own = attributes(&[
        ("data-header-x-team", "web"),
        ("data-field-why", "entry.1"),
        ("data-custom-order-id", "123"),
        ("data-custom-plan", "pro"),
        ("data-custom-empty", " "),
        ("data-custom-", "nameless"),
        // The page's own affairs.
        ("data-custom", "x"),
        ("data-id", "17 of 20"),
        ("data-template", "x"),
        ("data-questions", "x"),
        ("class", "x"),
    ]);
    let script = attributes(&[("data-header-X-Team", "all"), ("data-custom-plan", "free")]);
    let definition = Definition::read(vec![own, script], Some(Template::Faq), &mut problems);
    assert_eq!(*problems, []);
    let definition = definition.expect("a definition");
    assert_eq!(definition.id, "faq");
    assert_eq!(definition.delivery().headers, pairs(&[("x-team", "web")]));
    assert_eq!(definition.delivery().fields, pairs(&[("why", "entry.1")]));
    assert_eq!(definition.custom(), pairs(&[("order-id", "123"), ("plan", "pro")]));
}

#[test]
fn what_is_not_said_is_the_default() {
    let (definition, problems) = read(r#"{"template": "csat"}"#);
    assert_eq!(*problems, [] as [String; 0]);
    let definition = definition.expect("a definition");
    let base = definition.base.clone();
    assert_eq!(definition, Definition { base, ..Template::Csat.definition() });
    let targeting = &definition.targeting();
    assert_eq!((targeting.sample, targeting.max_shows, targeting.priority), (1_000_000, 3, 0));
    assert_eq!(targeting.recontact, Cooldown::After(ms(90 * DAY)));
    assert_eq!(targeting.snooze, Cooldown::After(ms(14 * DAY)));
    assert_eq!(targeting.quiet, ms(DAY));
    assert!(targeting.url.is_empty() && targeting.devices.is_empty());
    assert_eq!(
        (definition.delay(), definition.thanks.clone()),
        (ms(0), LocalizedText::Shipped(MessageId::THANKS))
    );
    assert!(definition.display().is_none() && !definition.debug() && !definition.preview());
    let delivery = &definition.delivery();
    assert_eq!((delivery.format, delivery.report), (None, Report::Answers));
    assert_eq!((delivery.confirm, delivery.storage), (Confirm::Status, StorageKind::Local));
    assert_eq!((&*delivery.mask, &*delivery.push), (&[Mask::Card][..], &[][..]));
    assert!(!delivery.visitor && delivery.respects_signals);
}

#[test]
fn the_contracts_example_means_what_it_says() {
    let (definition, problems) = read(
        r##"{ "id": "checkout", "template": "post-purchase", "lang": "en",
          "questions": [
            { "id": "satisfaction", "kind": "likert", "points": 5, "metric": "csat",
              "text": {"en": "How satisfied are you with your purchase?", "es": "¿Qué tan satisfecho estás con tu compra?"},
              "low": "Very dissatisfied", "high": "Very satisfied", "look": "faces", "required": true,
              "next": [ {"if": "<=2", "go": "why"}, {"go": "end"} ] },
            { "id": "why", "kind": "text", "text": "What went wrong?", "max_length": 1000 } ],
          "trigger": "event:order-completed", "delay": "2s", "url": "/checkout/**", "sample": "25%", "recontact": "90d",
          "display": "popover", "position": "bottom-right", "theme": "auto", "accent": "#0b7a75",
          "endpoint": "/responses", "format": "json", "thanks": {"en": "Thank you!", "es": "¡Gracias!"} }"##,
    );
    assert_eq!(*problems, [] as [String; 0]);
    let it = definition.expect("a definition");
    assert_eq!((&*it.id, it.template), ("checkout", Some(Template::PostPurchase)));
    assert_eq!(
        (it.triggers().as_slice(), it.delay()),
        (&[Trigger::Event("order-completed".into())][..], ms(2_000))
    );
    assert_eq!(
        (&*it.targeting().url, it.targeting().sample),
        (&["/checkout/**".to_owned()][..], 250_000)
    );
    assert_eq!(it.targeting().recontact, Cooldown::After(ms(90 * DAY)));
    assert_eq!(it.endpoint(), Some("/responses"));
    assert_eq!(it.appearance().accent.as_deref(), Some("#0b7a75"));

    let [satisfaction, why] = &*it.questions else { panic!("{:?}", it.questions) };
    let scale = Kind::Likert {
        points: 5,
        look: Look::Faces,
        labels: (&[][..]).into(),
        ends: Some([says("Very dissatisfied"), says("Very satisfied")]),
    };
    assert_eq!((&satisfaction.kind, satisfaction.metric), (&scale, Some(Metric::Csat)));
    assert!(satisfaction.required && !why.required);
    let goes: Vec<_> = satisfaction.next.iter().map(|it| (&it.condition, &it.goto)).collect();
    let low = Condition::Between(i64::MIN, 2);
    let why_goto = Destination::Named("why".into());
    assert_eq!(goes, [(&low, &why_goto), (&Condition::Always, &Destination::End)]);
    let text = Kind::Text { lines: 3, max_length: 1_000, placeholder: None, format: Format::Plain };
    assert_eq!((&why.kind, why.metric), (&text, None));

    // It says that it is in English.
    let survey = it.survey("es", Messages::ENGLISH);
    assert_eq!(survey.text(&survey.thanks), "Thank you!");
    assert_eq!(survey.text(&survey.questions[0].text), "How satisfied are you with your purchase?");
}
