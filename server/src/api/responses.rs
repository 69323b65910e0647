//! The refusals that every route documents, with an example each.

use super::problem::{Code, MEDIA_TYPE, Problem, ProblemBody};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

/// What any route may answer instead of what it was asked for.
pub struct Refusals;

/// The statuses, what they mean, and the code that stands as the example.
const STATUSES: [(&str, &str, Code); 8] = [
    ("400", "The request cannot be read", Code::WrongParameter),
    ("401", "No valid token or session", Code::Unauthenticated),
    ("403", "The token or the role may not do this", Code::NotAllowed),
    ("404", "There is no such thing, or not for you", Code::NotFound),
    ("409", "The id was used for something else, or a person must look", Code::Conflict),
    ("422", "The content is refused; `code` says why", Code::WrongShape),
    ("429", "Too many requests; `Retry-After` says when to come back", Code::TooManyRequests),
    ("500", "Something broke on our side", Code::Internal),
];

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let response = |(status, description, code): &(&str, &str, Code)| {
            let example = serde_json::to_value(Problem::new(*code).body()).unwrap_or(json!({}));
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(ProblemBody::name())))
                .example(Some(example))
                .build();
            let response =
                ResponseBuilder::new().description(*description).content(MEDIA_TYPE, content);
            ((*status).to_owned(), RefOr::T(response.build()))
        };
        STATUSES.iter().map(response).collect()
    }
}

/// The schema of problems, for the list of components.
pub fn problem_schema() -> (String, RefOr<utoipa::openapi::Schema>) {
    (ProblemBody::name().into_owned(), ProblemBody::schema())
}
