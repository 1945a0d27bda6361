use serde::{Deserialize, Serialize};

/// What is sent: alone, or as one of the results of an array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusal {
    pub error: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// The word for programs.
    pub code: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The path of the field that is wrong, where it is one.
    pub field: Option<String>,
}
