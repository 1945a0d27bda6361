use serde::{Deserialize, Serialize};
use sondeo_model::Timestamp;

/// A web site.
// `O` is what its reader has a JSON object in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(bound = ""))]
pub struct Site<O> {
    /// Its key, which stands in the addresses of its files.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9-]{1,64}$"))]
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The origins whose pages may send its responses; empty for those that the operator allows.
    pub origins: Vec<String>,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// Keys of survey files, for surveys that do not say otherwise. They count from the next published version on.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub defaults: O,
}

/// Its schema is the same, whatever an object is read into.
#[cfg(feature = "openapi")]
type AnySite = Site<()>;

/// Some sites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(bound = ""))]
pub struct Sites<O> {
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<AnySite>))]
    pub sites: Vec<Site<O>>,
}

/// A page with the site's script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeenPage {
    pub origin: String,
    pub path: String,
    /// When it was last seen.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// The surveys that the script knew there.
    pub surveys: Vec<String>,
    /// What was wrong there within a day before it was last told, a line each.
    pub problems: Vec<String>,
}
