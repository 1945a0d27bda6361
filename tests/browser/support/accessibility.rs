//! What axe-core has against a survey, and what assistive technology is given of it.

use super::engine::variable;
use super::{Browser, Engine, PAUSE, PROBE, Survey, WAIT_TIMEOUT};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::future::Future;
use std::panic::Location;
use std::sync::LazyLock;
use std::time::Instant;

/// Words of the scenarios about accessibility.
const WORDS: &str = include_str!("accessibility.js");

/// What axe-core leaves open, with words of its summary, and is no fault of ours. What can be found out is
/// found out in `accessibility.js`.
const EXPLAINED: &[(&str, &str)] = &[
    // The close button stays in sight above what scrolls; the contrast of every text is measured there.
    ("color-contrast", "partially obscured by another element"),
    // The words of a chart: they have the colours of those around it, and its table says the same.
    ("color-contrast", "contains an image node"),
];

static AXE: LazyLock<String> = LazyLock::new(|| {
    let path = variable("SONDEO_AXE").unwrap_or_else(|missing| panic!("{missing}"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
});

/// One thing that is wrong with one element, or that nobody could tell.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Finding {
    pub(crate) rule: String,
    impact: Option<String>,
    target: String,
    html: String,
    summary: String,
    /// Or else it is for people to look at.
    is_certain: bool,
    /// What the survey was asking at that moment.
    #[serde(default)]
    state: String,
}

/// All that was found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// Takes in what was found somewhere.
    pub(crate) fn add(&mut self, place: &str, found: Self) {
        self.0.extend(found.0.into_iter().map(|finding| {
            let state = format!("{place} {}", finding.state);
            Finding { state: state.trim().to_owned(), ..finding }
        }));
    }

    /// The names of the rules that are broken, each once.
    pub(crate) fn rules(&self) -> Vec<&str> {
        let mut rules: Vec<_> = self.0.iter().map(|finding| finding.rule.as_str()).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Nothing is wrong, and nothing is left open but what is explained.
    #[track_caller]
    pub(crate) fn is_accessible(&self) {
        let is_explained = |it: &Finding| {
            EXPLAINED.iter().any(|(rule, words)| *rule == it.rule && it.summary.contains(words))
        };
        let open = self.0.iter().filter(|it| it.is_certain || !is_explained(it)).cloned();
        let open = Self(open.collect());
        assert!(open.0.is_empty(), "{open}");
    }
}

/// Each kind of finding once, with its first element and all states that it was met in.
impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut kinds: Vec<(&Finding, Vec<&str>)> = Vec::new();
        for finding in &self.0 {
            let is_same = |other: &Finding| {
                (&other.rule, &other.summary, &other.target, other.is_certain)
                    == (&finding.rule, &finding.summary, &finding.target, finding.is_certain)
            };
            match kinds.iter_mut().find(|(other, _)| is_same(other)) {
                Some((_, states)) => states.push(&finding.state),
                None => kinds.push((finding, vec![&finding.state])),
            }
        }
        writeln!(formatter, "{} found, of {} kinds", self.0.len(), kinds.len())?;
        for (Finding { rule, impact, target, html, summary, is_certain, .. }, states) in kinds {
            let impact = impact.as_deref().unwrap_or("minor");
            let kind = if *is_certain { "violation" } else { "incomplete" };
            writeln!(
                formatter,
                "\n{kind} of {rule} ({impact}) at {target}\n  {html}\n  {summary}"
            )?;
            let shown = states.iter().filter(|state| !state.is_empty()).take(8);
            let shown: Vec<_> = shown.copied().collect();
            if !shown.is_empty() {
                writeln!(formatter, "  in {}: {}", states.len(), shown.join(" | "))?;
            }
        }
        Ok(())
    }
}

impl Browser {
    /// What axe-core finds in the surveys on the page, by the rules of WCAG 2.2 A and AA, and what it
    /// does not look for: edges of controls that are hard to see.
    #[track_caller]
    pub(crate) fn axe(&self) -> impl Future<Output = Findings> {
        self.judged("inspect().then(hasSeen)".to_owned())
    }

    /// What axe-core finds on the whole page, which is one of ours. Colours on their way are nobody's: transitions are ended
    /// first.
    #[track_caller]
    pub(crate) fn axe_page(&self) -> impl Future<Output = Findings> {
        let end =
            "document.getAnimations().forEach(it => it instanceof CSSTransition && it.finish())";
        self.judged(format!("({end}, judge(document).then(hasSeen))"))
    }

    /// Goes through a survey without a pause, and gives what was found in any of its states: each
    /// question as it is asked, and after nothing was answered, with an answer; the thanks.
    ///
    /// It answers by script, for there are many surveys to go through; what hands can do is for others
    /// to prove.
    #[track_caller]
    pub(crate) fn walk(&self, id: &str) -> impl Future<Output = Findings> {
        self.judged(format!("walk({})", json!(id)))
    }

    #[track_caller]
    fn judged(&self, expression: String) -> impl Future<Output = Findings> {
        let caller = Location::caller();
        async move {
            let is_there = self.evaluate("!!window.axe").await;
            if is_there != Ok(Json::Bool(true)) {
                // By WebDriver, which no policy of a page stands in the way of.
                self.run(&AXE).await;
            }
            self.promised_to(WORDS, &expression, caller).await
        }
    }

    /// Notes from now on what a screen reader would say by itself.
    pub(crate) async fn listen(&self) {
        self.run(&format!("{WORDS}\nlisten()")).await;
    }

    /// What it would have said so far: each live region when it came, and whenever its words changed,
    /// as in `status "Thank you!"`.
    pub(crate) async fn speech(&self) -> Vec<String> {
        self.value("window.speech").await
    }
}

impl Browser {
    /// An element and what is in it as Chromium hands it to assistive technology, in the words of [`Survey::outline`].
    pub(crate) async fn outline_of(&self, element: &str) -> String {
        written(self.tree(element).await.expect("Chromium's tree"))
    }

    /// Chromium's own tree, where the element stands in the page itself and not in a frame of it.
    async fn tree(&self, element: &str) -> Option<Vec<Line>> {
        if self.engine != Engine::Chromium {
            return None;
        }
        let host = json!({"expression": format!("(() => {{ {PROBE}\nreturn {element} }})()")});
        let host = self.devtools("Runtime.evaluate", host).await.ok()?;
        let host = json!({"objectId": host["result"]["objectId"].as_str()?});
        let host = self.devtools("DOM.describeNode", host).await.ok()?;
        let tree = self.devtools("Accessibility.getFullAXTree", json!({})).await.ok()?;
        let nodes = tree["nodes"].as_array()?;
        let root =
            nodes.iter().find(|node| node["backendDOMNodeId"] == host["node"]["backendNodeId"])?;
        let by_id: HashMap<_, _> =
            nodes.iter().filter_map(|node| Some((node["nodeId"].as_str()?, node))).collect();
        let mut lines = Vec::new();
        for child in children(root, &by_id) {
            list(child, &by_id, 0, &mut lines);
        }
        Some(lines)
    }
}

/// A line for each.
fn written(lines: Vec<Line>) -> String {
    let mut outline = String::new();
    for Line { depth, role, name, text, description, states } in lines {
        let is_live = ["status", "alert", "log"].contains(&role.as_str());
        let name = if is_live && name.is_empty() { text } else { name };
        let _ = write!(outline, "{:1$}{role} \"{name}\"", "", 2 * depth);
        if !description.is_empty() {
            let _ = write!(outline, " ({description})");
        }
        for state in states {
            let _ = write!(outline, " {state}");
        }
        outline.push('\n');
    }
    outline
}

impl Survey<'_> {
    /// The survey as its browser hands it to assistive technology: a line for each thing with a role,
    /// inside what it belongs to. It tells role, name, description, states, as in `radio "2" unchecked`
    /// or `radiogroup "How was it?" (Bad – Good) required invalid`. In place of a name, a live region
    /// has what it says.
    ///
    /// Roles and names are the browser's own in every engine; descriptions and states are so in
    /// Chromium, and elsewhere read from the elements.
    pub(crate) async fn outline(&self) -> String {
        let lines = match self.browser.tree(&format!("survey({})", json!(self.id))).await {
            Some(lines) => lines,
            None => self.parts().await,
        };
        written(lines)
    }

    /// Waits until that is its outline. Empty lines around it do not count.
    #[track_caller]
    pub(crate) fn reads(&self, outline: &str) -> impl Future<Output = ()> {
        let caller = Location::caller();
        async move {
            let deadline = Instant::now() + WAIT_TIMEOUT;
            loop {
                let now = self.outline().await;
                if now.trim() == outline.trim() {
                    return;
                }
                assert!(
                    Instant::now() < deadline,
                    "at {caller}: expected\n{}\n\nbut it reads\n{now}",
                    outline.trim()
                );
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Its tree, put together from what WebDriver and the elements say.
    async fn parts(&self) -> Vec<Line> {
        let exposed = format!("(() => {{ {WORDS} return exposed({}) }})()", json!(self.id));
        let parts: Vec<Part> = self.browser.value(&exposed).await;
        let mut depths: Vec<usize> = Vec::with_capacity(parts.len());
        let mut lines = Vec::new();
        for part in parts {
            // Of an element that has left meanwhile, there is nothing to say.
            let role = self.computed(&part, "role").await.unwrap_or_default();
            let name = self.computed(&part, "label").await.unwrap_or_default();
            let Part { parent, text, description, states, .. } = part;
            let depth = parent.and_then(|at| depths.get(at)).copied().unwrap_or_default();
            let line = Line { depth, role, name, text, description, states };
            depths.push(depth + usize::from(line.counts()));
            lines.extend(Some(line).filter(Line::counts));
        }
        lines
    }

    async fn computed(&self, part: &Part, what: &str) -> Option<String> {
        let id = part.element.as_object()?.values().next()?.as_str()?;
        let value =
            self.browser.session().get(&format!("/element/{id}/computed{what}")).await.ok()?;
        Some(value.as_str()?.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// One thing with a role.
struct Line {
    /// How many others it is part of.
    depth: usize,
    role: String,
    name: String,
    /// All text inside.
    text: String,
    description: String,
    states: Vec<String>,
}

impl Line {
    /// Whether it is more than text, and more than an element that holds others together.
    fn counts(&self) -> bool {
        // Chromium has names for what has no role.
        let is_named = self.role.starts_with(|first: char| first.is_ascii_lowercase());
        match self.role.as_str() {
            "generic" | "none" | "presentation" | "paragraph" => false,
            "form" => !self.name.is_empty(),
            _ => is_named,
        }
    }
}

/// An element, as `accessibility.js` describes it.
#[derive(Deserialize)]
struct Part {
    element: Json,
    /// Its place in the list.
    parent: Option<usize>,
    text: String,
    description: String,
    states: Vec<String>,
}

type Nodes<'a> = HashMap<&'a str, &'a Json>;

fn children<'a>(node: &'a Json, by_id: &Nodes<'a>) -> Vec<&'a Json> {
    let ids = node["childIds"].as_array().into_iter().flatten().filter_map(Json::as_str);
    ids.filter_map(|id| by_id.get(id).copied()).collect()
}

fn list(node: &Json, by_id: &Nodes<'_>, depth: usize, lines: &mut Vec<Line>) {
    let word = |name: &str| node[name]["value"].as_str().unwrap_or_default().to_owned();
    let line = Line {
        depth,
        role: word("role"),
        name: word("name"),
        text: text(node, by_id),
        description: word("description"),
        states: states(node),
    };
    let counts = line.counts() && node["ignored"] != true;
    lines.extend(Some(line).filter(|_| counts));
    for child in children(node, by_id) {
        list(child, by_id, depth + usize::from(counts), lines);
    }
}

fn text(node: &Json, by_id: &Nodes<'_>) -> String {
    if node["role"]["value"] == "StaticText" {
        return node["name"]["value"].as_str().unwrap_or_default().to_owned();
    }
    children(node, by_id).into_iter().map(|child| text(child, by_id)).collect()
}

fn states(node: &Json) -> Vec<String> {
    let properties = node["properties"].as_array().into_iter().flatten();
    let properties: HashMap<_, _> = properties
        .filter_map(|property| Some((property["name"].as_str()?, &property["value"]["value"])))
        .collect();
    let word = |name: &str| match properties.get(name)? {
        Json::Bool(value) => Some(if *value { "true" } else { "false" }),
        value => value.as_str(),
    };
    let states = [
        word("checked").map(|it| if it == "false" { "unchecked" } else { "checked" }),
        word("expanded").map(|it| if it == "true" { "expanded" } else { "collapsed" }),
        word("required").filter(|it| *it == "true").map(|_| "required"),
        word("invalid").filter(|it| *it != "false").map(|_| "invalid"),
        word("disabled").filter(|it| *it == "true").map(|_| "disabled"),
        word("modal").filter(|it| *it == "true").map(|_| "modal"),
    ];
    states.into_iter().flatten().map(str::to_owned).collect()
}
