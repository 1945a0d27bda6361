//! `GET /v1/surveys`: what there are answers to.

use crate::access::Reader;
use crate::query::{Parameters, RowLimit, parsed};
use crate::store::{ManagedSurvey, Scope, StoreError, site_and_survey, unsigned};
use crate::{Collector, Error};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use sondeo_api::{Survey, Surveys};
use std::collections::HashMap;
use std::sync::Arc;
use utoipa::IntoParams;

/// Surveys of a page, where nobody says, and at most.
const PAGE: u32 = 1_000;

/// Which surveys to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SurveysQuery {
    /// Only those of this site; without one, of all that the sender may read.
    site: Option<String>,
    /// What `next` of an earlier page says.
    cursor: Option<String>,
    /// At most so many: 1 to 1000.
    #[param(value_type = Option<u32>)]
    #[serde(deserialize_with = "parsed")]
    limit: Option<RowLimit<PAGE>>,
}

impl Collector {
    /// What people call the surveys with these keys, as far as they have named them.
    pub(crate) async fn survey_names(
        &self,
        keys: &[String],
    ) -> Result<HashMap<String, String>, StoreError> {
        let mut names = self.store.survey_names(keys).await?;
        for key in keys {
            let file = self.definitions.text(key).filter(|_| !names.contains_key(key));
            if let Some(name) = file.and_then(ManagedSurvey::name_of) {
                names.insert(key.clone(), name);
            }
        }
        Ok(names)
    }
}

/// The surveys of which there are responses.
#[utoipa::path(get, path = "/v1/surveys", tag = "reading", security(("token" = ["read"])),
    params(SurveysQuery), responses(
    (status = 200, description = "a page of them, by id", body = Surveys),
    (status = 400, description = "a parameter is wrong", body = crate::error::Refusal),
    (status = 401, description = "no token", body = crate::error::Refusal),
    (status = 403, description = "a token for something else", body = crate::error::Refusal),
    (status = 503, description = "the database does not answer", body = crate::error::Refusal),
))]
pub(crate) async fn list(
    State(collector): State<Arc<Collector>>,
    Reader(principal): Reader,
    Parameters(query): Parameters<SurveysQuery>,
) -> Result<Json<Surveys>, Error> {
    let sites = collector.chosen_sites(&principal, Scope::Read, query.site.as_deref()).await?;
    let mut surveys = Vec::new();
    let limit = query.limit.map_or(PAGE, RowLimit::rows);
    let sites = sites.into_filter();
    let after = query.cursor.as_deref();
    let page = collector.store.surveys(sites.as_deref(), after, limit).await?;
    let keys: Vec<String> = page.rows.iter().map(|row| row.name.clone()).collect();
    let mut names = collector.survey_names(&keys).await?;
    for row in page.rows {
        let (site, survey) = site_and_survey(&row.name);
        surveys.push(Survey {
            site: site.to_owned(),
            survey: survey.to_owned(),
            name: names.remove(&row.name),
            shown: unsigned(row.shown),
            responses: unsigned(row.responses),
            first: row.first_day,
            last: row.last_day,
            dimensions: row.dimensions,
        });
    }
    Ok(Json(Surveys { surveys, next: page.next }))
}
