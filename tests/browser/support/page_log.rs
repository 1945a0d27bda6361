use serde::Deserialize;
use serde_json::Value as Json;

/// What `page-log.js` keeps of a host page.
#[derive(Debug, Deserialize)]
pub(crate) struct PageLog {
    /// Whatever was thrown and not caught.
    pub(crate) errors: Vec<String>,
    /// What scripts wrote to the console.
    pub(crate) lines: Vec<String>,
    /// The widget's events, with their names.
    pub(crate) events: Vec<Json>,
    /// What the page's policy refused.
    pub(crate) violations: Vec<String>,
}

impl PageLog {
    /// The names of the widget's events, in their order.
    pub(crate) fn event_names(&self) -> Vec<&str> {
        self.events.iter().filter_map(|event| event["name"].as_str()).collect()
    }

    /// Nothing was thrown, nothing was said, nothing was refused.
    #[track_caller]
    pub(crate) fn is_undisturbed(&self) {
        assert_eq!(self.errors, [""; 0], "thrown");
        assert_eq!(self.lines, [""; 0], "on the console");
        assert_eq!(self.violations, [""; 0], "refused by the policy");
    }
}
