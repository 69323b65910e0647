//! How a route of `routes.rs` becomes an answer: who may come, what is read, what is run.

use crate::error::PageError;
use crate::forms::{Done, Failure, NotText, Post, Upload};
use crate::page::{self, ActionFn, FileFn, FileResult, FormPage, PageFn, PageResult};
use crate::routes;
use crate::session::Visit;
use crate::shell::Problem;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Multipart};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use domain::role::{Actor, Permission};
use http::Request;
use http::header::CONTENT_TYPE;
use std::future::Future;
use std::sync::Arc;

/// Who may come to a route at all. What they see there is decided below, in `stock::access`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Everybody, also strangers.
    Public,
    /// Anyone who has signed in.
    SignedIn,
    /// The same, and whoever opened a phone's page by a link.
    OnPhone,
    May(Permission),
    /// Any one of these.
    MayAny(&'static [Permission]),
}

impl Need {
    pub fn allows(self, actor: Option<&Actor>) -> bool {
        let actor = actor.filter(|actor| actor.has_account() || self == Self::OnPhone);
        match (self, actor) {
            (Self::Public, _) | (Self::OnPhone | Self::SignedIn, Some(_)) => true,
            (Self::May(permission), Some(actor)) => actor.role.may(permission),
            (Self::MayAny(any), Some(actor)) => any.iter().any(|p| actor.role.may(*p)),
            (Self::SignedIn | Self::OnPhone | Self::May(_) | Self::MayAny(_), None) => false,
        }
    }
}

#[derive(Clone)]
pub enum Kind {
    /// GET, HTML.
    Page(PageFn),
    /// GET, anything else.
    File(FileFn),
    /// POST of a form. `page` is the page with the form, where a refusal is shown.
    Action { run: ActionFn, page: &'static str },
}

#[derive(Clone)]
pub struct Route {
    pub path: &'static str,
    /// The folder in `features`.
    pub feature: &'static str,
    pub need: Need,
    pub kind: Kind,
}

impl Route {
    /// The page that shows this action's form, where it is not the action's own path. May use the
    /// parameters of the action's path.
    pub fn form_on(mut self, path: &'static str) -> Self {
        if let Kind::Action { page, .. } = &mut self.kind {
            *page = path;
        }
        self
    }
}

/// A page: `async fn(Visit) -> PageResult`.
pub fn page<F, Fut>(path: &'static str, feature: &'static str, need: Need, run: F) -> Route
where
    F: Fn(Visit) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = PageResult> + Send + 'static,
{
    Route { path, feature, need, kind: Kind::Page(Arc::new(move |visit| Box::pin(run(visit)))) }
}

/// A file: `async fn(Visit) -> FileResult`.
pub fn file<F, Fut>(path: &'static str, feature: &'static str, need: Need, run: F) -> Route
where
    F: Fn(Visit) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = FileResult> + Send + 'static,
{
    Route { path, feature, need, kind: Kind::File(Arc::new(move |visit| Box::pin(run(visit)))) }
}

/// An action: `async fn(Post) -> Result<Done, Failure>`.
pub fn action<F, Fut>(path: &'static str, feature: &'static str, need: Need, run: F) -> Route
where
    F: Fn(Post) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Done, Failure>> + Send + 'static,
{
    let run: ActionFn = Arc::new(move |post| Box::pin(run(post)));
    Route { path, feature, need, kind: Kind::Action { run, page: path } }
}

/// Whether this visitor may come to the page at this path; false also when there is none.
pub fn leads_somewhere(path: &str, visit: &Visit) -> bool {
    let actor = visit.actor().ok();
    routes::all().iter().any(|route| {
        route.path == path && matches!(route.kind, Kind::Page(_)) && route.need.allows(actor)
    })
}

/// Whether this person may come to a path, be it a page or where a form goes. Where both are there,
/// to both.
pub fn may_come(path: &str, actor: &Actor) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let fits = routes::all().iter().filter_map(|route| Some((values(route.path, path)?, route)));
    let fits: Vec<_> = fits.collect();
    // As for the router, a word goes before a parameter.
    let fewest = fits.iter().map(|(values, _)| values.len()).min();
    let mut fits = fits.iter().filter(|(values, _)| Some(values.len()) == fewest);
    fewest.is_some() && fits.all(|(_, route)| route.need.allows(Some(actor)))
}

/// The page with the form that posts to this path; `None` when nothing posts there.
pub fn form_page(path: &str) -> Option<String> {
    let fits = routes::all().iter().filter_map(|route| match &route.kind {
        Kind::Action { page, .. } => Some((values(route.path, path)?, *page)),
        Kind::Page(_) | Kind::File(_) => None,
    });
    // As for the router, a word goes before a parameter.
    let (values, page) = fits.min_by_key(|(values, _)| values.len())?;
    Some(values.into_iter().fold(page.to_owned(), |page, (name, value)| page.replace(name, value)))
}

/// The parameters of a pattern (`{id}`) with their values in a path, if it fits.
fn values<'a>(pattern: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let (mut parts, mut values) = (path.split('/'), Vec::new());
    for word in pattern.split('/') {
        let part = parts.next()?;
        if word.starts_with('{') {
            values.push((word, part));
        } else if word != part {
            return None;
        }
    }
    parts.next().is_none().then_some(values)
}

pub fn router() -> axum::Router<AppState> {
    // Rendering needs to know the runtime; a second call finds it set and is fine.
    let _ = any_spawner::Executor::init_tokio();
    routes::all()
        .iter()
        .fold(axum::Router::new(), |router, route| router.route(route.path, handler(route.clone())))
}

fn handler(route: Route) -> MethodRouter<AppState> {
    let Route { need, kind, .. } = route;
    match kind {
        Kind::Page(run) => get(async move |visit: Result<Visit, PageError>| {
            let visit = as_seen(need, visit?);
            Ok::<Response, PageError>(match gate(need, &visit) {
                Ok(()) => page::show(visit, run).await,
                Err(error) => page::refuse(visit, error).await,
            })
        }),
        Kind::File(run) => get(async move |visit: Result<Visit, PageError>| {
            let visit = as_seen(need, visit?);
            Ok::<Response, PageError>(match gate(need, &visit) {
                Ok(()) => page::give(visit, run).await,
                Err(error) => page::refuse(visit, error).await,
            })
        }),
        Kind::Action { run, page } => {
            post(async move |visit: Result<Visit, PageError>, request: Request<Body>| {
                let visit = as_seen(need, visit?);
                let form_page = FormPage { path: visit.fill(page), run: page_at(page) };
                let body = match read_body(request).await {
                    Ok(body) => body,
                    Err(problem) => return Ok(page::show_problem(visit, problem).await),
                };
                Ok::<Response, PageError>(match gate(need, &visit) {
                    Ok(()) => page::act(visit, run, form_page, body).await,
                    Err(PageError::SignIn) => page::sign_in_first(visit, form_page, body).await,
                    Err(PageError::OutOfReach) => {
                        let fields = body.map(|(fields, _)| fields).unwrap_or_default();
                        page::send_again(visit, fields).await
                    }
                    Err(error) => page::refuse(visit, error).await,
                })
            })
        }
    }
}

/// On public pages, whoever came by a link is a stranger like others.
fn as_seen(need: Need, mut visit: Visit) -> Visit {
    let is_link = visit.actor().is_ok_and(|actor| !actor.has_account());
    if need == Need::Public && is_link {
        visit.signed = None;
    }
    visit
}

/// The page of this pattern.
pub fn page_at(pattern: &str) -> Option<PageFn> {
    routes::all().iter().find_map(|route| match &route.kind {
        Kind::Page(run) if route.path == pattern => Some(Arc::clone(run)),
        Kind::Page(_) | Kind::File(_) | Kind::Action { .. } => None,
    })
}

/// A stranger is asked to sign in; whoever may not is told that there is nothing.
fn gate(need: Need, visit: &Visit) -> Result<(), PageError> {
    if !visit.in_reach {
        return Err(PageError::OutOfReach);
    }
    match visit.actor().ok() {
        actor if need.allows(actor) => Ok(()),
        Some(_) => Err(PageError::NotFound),
        None => Err(PageError::SignIn),
    }
}

type FormBody = Result<(crate::forms::Fields, Vec<Upload>), NotText>;

/// A form without files.
const MAX_FORM_BYTES: usize = 2_000_000;

/// The body of a form. With files, the limit of its size is a layer's.
async fn read_body(request: Request<Body>) -> Result<FormBody, Problem> {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if media_type.is_some_and(|media_type| media_type.starts_with("multipart/form-data")) {
        let multipart = Multipart::from_request(request, &()).await;
        return read_parts(multipart.map_err(|_| Problem::TooLarge)?).await;
    }
    let body = axum::body::to_bytes(request.into_body(), MAX_FORM_BYTES).await;
    let body = body.map_err(|_| Problem::TooLarge)?;
    Ok(page::url_encoded(&body))
}

async fn read_parts(mut multipart: Multipart) -> Result<FormBody, Problem> {
    let (mut fields, mut files) = (crate::forms::Fields::default(), Vec::new());
    while let Some(part) = multipart.next_field().await.map_err(|_| Problem::TooLarge)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| Problem::TooLarge)?.to_vec();
        match file_name {
            // An empty file field sends no name.
            Some(file_name) if file_name.is_empty() => {}
            Some(file_name) => files.push(Upload { name, file_name, bytes }),
            None => match String::from_utf8(bytes) {
                Ok(value) => fields.push(name, value),
                Err(_) => return Ok(Err(NotText)),
            },
        }
    }
    Ok(Ok((fields, files)))
}

/// For what is asked for under no route.
pub async fn not_found(
    axum::extract::State(state): axum::extract::State<AppState>,
    request: Request<Body>,
) -> Response {
    problem(state, request, Problem::NotFound).await
}

/// The page of a problem for a request that never came to its route.
pub async fn problem(state: AppState, request: Request<Body>, problem: Problem) -> Response {
    let (mut parts, _) = request.into_parts();
    match Visit::from_request_parts(&mut parts, &state).await {
        Ok(visit) => page::show_problem(visit, problem).await,
        Err(error) => axum::response::IntoResponse::into_response(error),
    }
}
