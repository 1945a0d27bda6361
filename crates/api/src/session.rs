use serde::{Deserialize, Serialize};

/// What a person types.
// Without `Debug`: a password belongs into no log.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// The name that `sondeo-collector user` was given.
    pub user: String,
    /// The password.
    pub password: String,
}
