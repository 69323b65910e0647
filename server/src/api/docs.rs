//! The documentation: the OpenAPI document, a page to browse it, and the list of problems.

use super::problem::{Code, Problem};
use axum::Json;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use std::sync::{Arc, LazyLock};
use utoipa::ToSchema;
use utoipa_swagger_ui::Config;

/// All from here; the pictures of the style sheet are in it, and the page sets styles of its own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // Without a validator: the browser must not tell a stranger's server what it looks at.
    let config = Config::new(["/api/v1/openapi.json"])
        .validator_url("none")
        .display_operation_id(true)
        .default_models_expand_depth(0)
        .doc_expansion("none");
    Arc::new(config)
});

/// `/api/v1/docs` without its slash, to which the files of the page are relative.
pub async fn to_page() -> Redirect {
    Redirect::permanent("/api/v1/docs/")
}

pub async fn page() -> Result<Response, Problem> {
    file("")
}

pub async fn part(Path(path): Path<String>) -> Result<Response, Problem> {
    file(&path)
}

fn file(path: &str) -> Result<Response, Problem> {
    let found = utoipa_swagger_ui::serve(path, CONFIG.clone())
        .map_err(|error| Problem::internal(&error))?;
    let file = found.ok_or(Code::UnknownRoute)?;
    let headers = [
        (CONTENT_TYPE, file.content_type),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (CACHE_CONTROL, "no-cache".to_owned()),
    ];
    Ok((headers, file.bytes).into_response())
}

/// One kind of problem.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "code": "not_found",
    "status": 404,
    "title": "There is no such thing here",
    "detail": "Check the id; what belongs to others answers like what does not exist."
}))]
pub struct KnownProblem {
    pub code: &'static str,
    pub status: u16,
    pub title: &'static str,
    /// What to do about it.
    pub detail: &'static str,
}

/// List the problems
///
/// Every code that the API answers with. Codes are kept for ever.
#[utoipa::path(
    get, path = "/problems", tag = "about", operation_id = "list_problems", security(()),
    responses((status = 200, description = "All problems", body = Vec<KnownProblem>),
        super::responses::Refusals)
)]
pub async fn problems() -> Json<Vec<KnownProblem>> {
    let known = |code: &Code| KnownProblem {
        code: code.word(),
        status: code.status().as_u16(),
        title: code.title(),
        detail: code.to_do(),
    };
    Json(Code::ALL.iter().map(known).collect())
}
