//! Which of several places decides.

use super::*;

#[test]
fn an_attribute_whose_placeholder_was_not_filled_says_nothing() {
    for key in &Definition::KEYS[3..] {
        for blank in ["", "  "] {
            attribute(&format!("data-{}", key.replace('_', "-")), blank, &[]);
        }
    }
    // Being there is enough for these.
    let layers = vec![attributes(&[("data-preview", ""), ("data-trigger", ""), ("data-user", "")])];
    let read = Definition::read(layers, Some(Template::Faq), &mut Problems::default());
    let read = read.expect("a definition");
    assert!(read.preview() && read.user().is_none());
    assert_eq!(read.triggers(), Template::Faq.definition().triggers());
}

#[test]
fn what_is_published_is_said_by_a_file_and_by_no_attribute() {
    let published = |text: &str| {
        let (definition, problems) =
            read(&format!(r#"{{"template": "csat", "published": {text}}}"#));
        assert_eq!(problems, [""; 0]);
        definition.expect("a definition").published.map(|it| (it.site, it.version))
    };
    assert_eq!(published(r#"{"site": "shop", "version": 4}"#), Some(("shop".to_owned(), 4)));
    for other in ["null", "4", "{}", r#"{"site": "shop"}"#, r#"{"site": 1, "version": "4"}"#] {
        assert_eq!(published(other), None, "{other}");
    }
    let json = json(r#"{"site": "shop", "version": 4}"#);
    let file = Layer::object("survey", &json);
    for layer in [file, attributes(&[("data-published", "shop"), ("data-site", "shop")])] {
        let read = Definition::read(vec![layer], Some(Template::Csat), &mut Problems::default());
        assert_eq!(read.expect("a definition").published, None);
    }
}

#[test]
fn the_template_stays_below_everything() {
    let (definition, _) = read(r#"{"template": "post-purchase", "id": "mine", "delay": "9s"}"#);
    let definition = definition.expect("a definition");
    let template = Template::PostPurchase.definition();
    assert_eq!((&*definition.id, definition.delay()), ("mine", ms(9_000)));
    assert_eq!(definition.questions, template.questions);
    assert_eq!(definition.triggers(), template.triggers());
    assert_eq!(template.delay(), ms(2_000));
}

#[test]
fn a_templates_delay_goes_with_its_own_trigger() {
    #[track_caller]
    fn check(settings: &str, delay: u64, scroll: Option<u8>) {
        let (it, problems) = read(&format!(r#"{{"template": "first-visit"{settings}}}"#));
        let it = it.expect("a definition");
        assert_eq!((it.delay(), it.delay_ends_at_scroll()), (ms(delay), scroll), "{settings}");
        assert_eq!(problems.len(), usize::from(settings.contains("soon")), "{problems:?}");
    }
    check("", 30_000, Some(50));
    check(r#", "trigger": "load""#, 0, None);
    check(r#", "trigger": "load", "delay": "9s""#, 9_000, None);
    // Who writes the same delay wants a delay, not half a page.
    check(r#", "delay": "30s""#, 30_000, None);
    // What cannot be used says nothing.
    check(r#", "trigger": "soon""#, 30_000, Some(50));
    check(r#", "delay": "soon""#, 30_000, Some(50));
}

#[test]
fn a_template_may_have_another_trigger_in_an_element() {
    let of = |text: &str| read(text).0.expect("a definition").triggers_in_element();
    assert_eq!(of(r#"{"template": "faq"}"#), [Trigger::Load]);
    assert_eq!(of(r#"{"template": "faq", "trigger": "exit"}"#), [Trigger::Exit]);
    assert_eq!(of(r#"{"template": "nps"}"#), Template::Nps.definition().triggers());
}

#[test]
fn leaving_counts_after_the_stay_that_the_template_asks_for() {
    assert_eq!(Template::CartAbandonment.definition().shortest_stay(), ms(10_000));
    assert_eq!(Template::Nps.definition().shortest_stay(), ms(0));
}

#[test]
fn the_nearest_layer_decides() {
    let file = json(
        r#"{"template": "post-purchase", "delay": "2m", "theme": "dark", "trigger": "exit", "low": "Low"}"#,
    );
    let read = |own: &[(&str, &str)], script: &[(&str, &str)]| {
        let layers =
            vec![attributes(own), Layer::object("surveys.json[0]", &file), attributes(script)];
        let mut problems = Problems::default();
        let definition = Definition::read(layers, None, &mut problems).expect("a definition");
        let problems: Vec<_> = problems.iter().map(Problem::line).collect();
        (definition, problems.join("\n"))
    };
    let all = [
        ("data-delay", "3m"),
        ("data-theme", "light"),
        ("data-position", "top"),
        ("data-trigger", "load"),
        ("data-low", "Bottom"),
    ];
    let (it, problems) = read(&[("data-delay", "1m")], &all);
    assert_eq!(problems, "");
    assert_eq!((it.delay(), it.appearance().theme), (ms(60_000), Theme::Dark));
    assert_eq!((it.appearance().position, &*it.triggers()), (Position::Top, &[Trigger::Exit][..]));
    assert_eq!(ends(&it), [says("Low"), LocalizedText::Shipped(MessageId::SATISFIED)]);

    // What cannot be used leaves the word to the next layer.
    let (it, problems) = read(
        &[("data-delay", "1"), ("data-theme", "drak"), ("data-trigger", "ext"), ("data-low", " ")],
        &all,
    );
    assert_eq!(problems.lines().count(), 3, "{problems}");
    assert_eq!((it.delay(), it.appearance().theme), (ms(120_000), Theme::Dark));
    assert_eq!((&*it.triggers(), &ends(&it)[0]), (&[Trigger::Exit][..], &says("Low")));

    // And at the end to the template.
    let layers =
        vec![attributes(&[("data-trigger", "ext"), ("data-delay", "x"), ("data-low", "")])];
    let template = Template::PostPurchase;
    let it =
        Definition::read(layers, Some(template), &mut Problems::default()).expect("a definition");
    assert_eq!(it, template.definition());

    // A display that cannot be used is none that was given.
    let layers = vec![attributes(&[("data-display", "popver")])];
    let it =
        Definition::read(layers, Some(template), &mut Problems::default()).expect("a definition");
    assert!(it.display().is_none());

    // Some of an element's attributes are not its survey's.
    let layer = attributes(&[("data-display", "bar"), ("data-theme", "dark")]);
    assert_eq!(layer.without(&["display"]).get("display"), None);
    let layer = Layer::object("surveys.json[0]", &file).without(&["theme"]);
    assert_eq!((layer.get("theme"), layer.is_attributes()), (None, false));
}

#[test]
fn other_words_for_the_first_question() {
    let read = |members: &str| {
        let (definition, problems) = read(&format!("{{{members}}}"));
        (definition.expect("a definition").questions[0].clone(), problems)
    };
    let (first, problems) = read(r#""template": "csat", "question": {"en": "A", "es": "B"}"#);
    assert_eq!(
        first.text,
        LocalizedText::Given(vec![("en".into(), "A".into()), ("es".into(), "B".into())])
    );
    assert_eq!((first.metric, problems.len()), (Some(Metric::Csat), 0));

    let (_, problems) = read(r#""template": "faq", "high": "A""#);
    let reason = "has no scale to stand at: the first question is of another kind";
    assert_eq!(problems, [format!("surveys.json[0].high {reason}")]);

    let bare = r#""id": "a", "questions": [{"id": "q", "kind": "likert", "text": "?"}]"#;
    let (first, problems) = read(&format!(r#"{bare}, "low": "A", "high": "B""#));
    assert!(
        matches!(first.kind, Kind::Likert { ends: Some(ends), .. } if ends == [says("A"), says("B")])
    );
    assert_eq!(problems, [] as [String; 0]);
    let (first, problems) = read(&format!(r#"{bare}, "low": "A""#));
    assert!(matches!(first.kind, Kind::Likert { ends: None, .. }));
    assert_eq!(problems, [r#"surveys.json[0].low needs "high" at the other end of the scale"#]);
}

#[test]
fn a_long_trigger_still_fits_in_a_response() {
    let selector = format!("click:{}", "div > ".repeat(60));
    let trigger = Trigger::parse(&selector).expect("a trigger");
    assert!(matches!(&trigger, Trigger::Click(it) if it.len() == 360));
    assert_eq!(trigger.to_text(), Text::from(selector[..LONGEST_NAME].to_owned()));
}
