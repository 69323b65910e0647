//! What a page or a file route gives back, and how it becomes an answer.

use crate::error::PageError;
use crate::forms::{self, Done, Failure, Fields, FormState, Next, NotText, Post, Upload};
use crate::i18n::td_string;
use crate::session::Visit;
use crate::shell;
use crate::ui::{FieldError, FieldLabels};
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use domain::records::seal::PrintedSeal;
use domain::time::Millis;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
    RETRY_AFTER, SET_COOKIE,
};
use http::{HeaderValue, Request, StatusCode};
use leptos::prelude::*;
use leptos::tachys::reactive_graph::Suspend;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

/// What stands around the content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Frame {
    /// The bar with navigation.
    Desk,
    /// No navigation: log-in, set-up, the public side of a QR code.
    Bare,
    /// Nothing that prints: papers.
    Paper,
    /// Nothing at all: the phone's page has a frame of its own.
    Phone,
}

/// A page: its title and its content, a `ui::Page` (which is the `<main>`).
pub struct Page {
    pub(crate) title: String,
    pub(crate) body: AnyView,
    pub(crate) frame: Frame,
    pub(crate) status: StatusCode,
    /// When to try again, in seconds.
    pub(crate) retry_after: Option<i64>,
    /// From a paper, to the page that it is about.
    pub(crate) back: Option<String>,
    /// Where the browser goes instead.
    pub(crate) moved: Option<String>,
    /// An answer to a form: the address alone does not give it again.
    once: bool,
}

pub type PageResult = Result<Page, PageError>;

impl Page {
    pub fn new(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            body: body.into_any(),
            frame: Frame::Desk,
            status: StatusCode::OK,
            retry_after: None,
            back: None,
            moved: None,
            once: false,
        }
    }

    /// Something to print, and the page to which one goes back from it.
    pub fn paper(
        title: impl Into<String>,
        body: impl IntoView + 'static,
        back: impl Into<String>,
    ) -> Self {
        Self { back: Some(back.into()), ..Self::new(title, body).frame(Frame::Paper) }
    }

    /// What was asked for has its own page. Only paths of this program.
    pub fn moved(path: String) -> Self {
        let page = Self::new("", ()).frame(Frame::Paper).status(StatusCode::SEE_OTHER);
        Self { moved: Some(path), ..page }
    }

    pub fn frame(mut self, frame: Frame) -> Self {
        self.frame = frame;
        self
    }

    /// The status of a problem.
    pub(crate) fn problem(mut self, problem: shell::Problem) -> Self {
        self.status = problem.status();
        if let shell::Problem::TooMany { seconds } = problem {
            self.retry_after = Some(seconds);
        }
        self
    }

    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Whether it is worth while, and harmless, to read the page again when the books have changed.
    fn may_be_read_again(&self) -> bool {
        self.frame == Frame::Desk && self.status == StatusCode::OK && !self.once
    }
}

/// A file: a PDF, a CSV, a picture.
pub struct File {
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
    /// The name to save it under; shown in the browser when there is none.
    pub save_as: Option<String>,
}

pub type FileResult = Result<File, PageError>;

type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;
pub(crate) type PageFn = Arc<dyn Fn(Visit) -> Pending<PageResult> + Send + Sync>;
pub(crate) type FileFn = Arc<dyn Fn(Visit) -> Pending<FileResult> + Send + Sync>;
pub(crate) type ActionFn = Arc<dyn Fn(Post) -> Pending<Result<Done, Failure>> + Send + Sync>;

/// Runs a page and renders it as a whole, so that its status can be known and it needs no
/// JavaScript.
pub(crate) async fn show(visit: Visit, page: PageFn) -> Response {
    let secure = visit.state.settings.secure;
    // leptos wants the request for its own context; pages take theirs from the visit.
    let request = Request::builder().uri(visit.here()).body(Body::empty()).unwrap_or_default();
    let app = move || {
        let (visit, page) = (visit.clone(), Arc::clone(&page));
        provide_context(FieldLabels::default());
        let response = expect_context::<leptos_axum::ResponseOptions>();
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(policy) = policy(secure) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
        Suspend::new(async move {
            // Before the page is read: what changes meanwhile is news to it.
            let mark = mark(&visit).await;
            let page = match page(visit.clone()).await {
                Ok(page) => page,
                Err(error) => failed(&visit, error, &response),
            };
            response.set_status(page.status);
            if page.frame == Frame::Phone {
                // Without data, and the browser keeps it anyway (worker.js).
                response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            }
            if let Some(seconds) = page.retry_after {
                response.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
            }
            if let Some(Ok(to)) = page.moved.as_deref().map(HeaderValue::from_str) {
                response.insert_header(LOCATION, to);
            }
            let prints = page.frame == Frame::Desk && page.moved.is_none();
            let seal = if prints { seal(&visit).await } else { None };
            let mark = mark.filter(|_| page.may_be_read_again());
            shell::document(&visit, page, seal, mark)
        })
    };
    leptos_axum::render_app_async_with_context(|| {}, app)(request).await.into_response()
}

/// The seal that pins the books on paper: below what the programme's own people print.
async fn seal(visit: &Visit) -> Option<PrintedSeal> {
    visit.signed.as_ref()?;
    // A page without its seal is better than no page.
    let seal = visit.stock().current_seal().await;
    seal.inspect_err(|error| tracing::error!(%error, "the seal cannot be read")).ok().flatten()
}

/// Where the books stand, for pages that show what changes.
async fn mark(visit: &Visit) -> Option<i64> {
    visit.signed.as_ref()?;
    let mark = visit.stock().mark().await;
    mark.inspect_err(|error| tracing::error!(%error, "the books' mark cannot be read")).ok()
}

/// Only our own scripts and styles run; the nonce is for the one that starts the islands.
fn policy(secure: bool) -> Option<HeaderValue> {
    let nonce = leptos::nonce::use_nonce()?;
    let upgrade = if secure { "; upgrade-insecure-requests" } else { "" };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'{upgrade}"
    );
    HeaderValue::from_str(&policy).ok()
}

/// The page for an error; internal text goes to the log here and nowhere else.
fn failed(visit: &Visit, error: PageError, response: &leptos_axum::ResponseOptions) -> Page {
    match error {
        PageError::NotFound => shell::problem(visit, shell::Problem::NotFound),
        PageError::SignIn => {
            if let Ok(location) = HeaderValue::from_str(&sign_in_path(&visit.here())) {
                response.insert_header(LOCATION, location);
            }
            shell::problem(visit, shell::Problem::SignIn)
        }
        PageError::TooMany { until } => shell::problem(visit, too_many(visit, until)),
        PageError::StorageFull => shell::problem(visit, shell::Problem::StorageFull),
        PageError::OutOfReach => shell::problem(visit, shell::Problem::NoAnswer),
        PageError::Elsewhere(path) => {
            if let Ok(location) = HeaderValue::from_str(&path) {
                response.insert_header(LOCATION, location);
            }
            Page::new("", ()).frame(Frame::Bare).status(StatusCode::SEE_OTHER)
        }
        PageError::Internal(text) => {
            tracing::error!(error = text, "a page failed");
            shell::problem(visit, shell::Problem::Internal)
        }
    }
}

/// How long whoever tried too often has to wait.
fn too_many(visit: &Visit, until: Millis) -> shell::Problem {
    shell::Problem::TooMany { seconds: visit.stock().world().now().seconds_until(until) }
}

/// The page of a problem on its own.
pub async fn show_problem(visit: Visit, problem: shell::Problem) -> Response {
    let page: PageFn =
        Arc::new(move |visit: Visit| Box::pin(async move { Ok(shell::problem(&visit, problem)) }));
    show(visit, page).await
}

pub(crate) fn sign_in_path(next: &str) -> String {
    let mut fields = Fields::default();
    if next != "/" {
        fields.push("next", next);
    }
    if fields.is_empty() { "/login".to_owned() } else { format!("/login?{}", fields.encoded()) }
}

pub(crate) async fn give(visit: Visit, file: FileFn) -> Response {
    let file = match file(visit.clone()).await {
        Ok(file) => file,
        Err(error) => return refuse(visit, error).await,
    };
    let mut response = (StatusCode::OK, file.bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Names are made by this program and are plain ASCII; anything else is left out.
    let saved = file.save_as.map(|name| format!("attachment; filename=\"{name}\""));
    if let Some(Ok(saved)) = saved.map(|saved| HeaderValue::from_str(&saved)) {
        headers.insert(CONTENT_DISPOSITION, saved);
    }
    response
}

pub(crate) async fn refuse(visit: Visit, error: PageError) -> Response {
    let error = Mutex::new(Some(error));
    let page: PageFn = Arc::new(move |_| {
        let error = error.lock().ok().and_then(|mut error| error.take());
        Box::pin(async move { Err(error.unwrap_or(PageError::NotFound)) })
    });
    show(visit, page).await
}

/// The page with an action's form.
pub(crate) struct FormPage {
    pub path: String,
    pub run: Option<PageFn>,
}

type FormBody = Result<(Fields, Vec<Upload>), NotText>;

/// Runs an action.
pub(crate) async fn act(
    visit: Visit,
    action: ActionFn,
    page: FormPage,
    body: FormBody,
) -> Response {
    let Ok((fields, files)) = body else {
        let message = td_string!(visit.locale, errors.not_text).to_string();
        return refuse_form(visit, Failure::form(message), page, Fields::default()).await;
    };
    let post = Post::new(visit.clone(), fields.clone(), files);
    match action(post).await {
        Ok(done) => {
            forms::accepted(&visit, &fields).await;
            finish(visit, done).await
        }
        Err(failure) => refuse_form(visit, failure, page, fields).await,
    }
}

async fn refuse_form(visit: Visit, failure: Failure, page: FormPage, fields: Fields) -> Response {
    let errors = match failure {
        Failure::Form(errors) => errors,
        Failure::Page(error) => return broken_form(visit, error, page, fields).await,
    };
    match forms::keep(&visit, &page.path, fields.clone(), &errors).await {
        Ok(kept) => finish(visit, kept.lead(|path| path)).await,
        Err(error) => broken_form(visit, error, page, fields).await,
    }
}

/// When the program itself is in trouble, or has been asked too often, the form comes back in the answer with all that was
/// typed: there may be nowhere to keep a draft.
async fn broken_form(visit: Visit, error: PageError, page: FormPage, fields: Fields) -> Response {
    let problem = match &error {
        PageError::TooMany { until } => too_many(&visit, *until),
        PageError::StorageFull => shell::Problem::StorageFull,
        PageError::Internal(text) => {
            tracing::error!(error = text, "an action failed");
            shell::Problem::Internal
        }
        PageError::OutOfReach => return send_again(visit, fields).await,
        PageError::NotFound | PageError::SignIn | PageError::Elsewhere(_) => {
            return refuse(visit, error).await;
        }
    };
    let Some(run) = page.run else { return show_problem(visit, problem).await };
    let (title, text) = problem.words(visit.locale);
    let errors = vec![FieldError::new("", format!("{title}. {text}"))];
    let typed = FormState::typed(visit.locale, fields, errors);
    let again: PageFn = Arc::new(move |visit| {
        let page = run(visit);
        Box::pin(async move { Ok(page.await?.problem(problem)) })
    });
    show(visit.for_form(page.path, typed), again).await
}

/// While the database is away there is no page to show the form on.
pub(crate) async fn send_again(visit: Visit, fields: Fields) -> Response {
    let fields = fields.without_secrets();
    let page: PageFn = Arc::new(move |visit: Visit| {
        let page = shell::send_again(&visit, shell::Problem::NoAnswer, visit.here(), &fields);
        Box::pin(async move { Ok(page) })
    });
    show(visit, page).await
}

/// Nobody is signed in any more: what was typed waits until somebody is.
pub(crate) async fn sign_in_first(visit: Visit, page: FormPage, body: FormBody) -> Response {
    let fields = body.map(|(fields, _)| fields).unwrap_or_default();
    let message = td_string!(visit.locale, errors.session_ended).to_string();
    match forms::keep(&visit, &page.path, fields, &[FieldError::new("", message)]).await {
        Ok(kept) => finish(visit, kept.lead(|path| sign_in_path(&path))).await,
        Err(error) => refuse(visit, error).await,
    }
}

async fn finish(visit: Visit, done: Done) -> Response {
    let mut response = match done.next {
        Next::See(path) => see_other(&path),
        Next::Show(page) => show_once(visit, page).await,
    };
    for cookie in done.cookies {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(LOCATION, HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/")));
    response
}

/// Shows a page that can be made only once.
async fn show_once(visit: Visit, page: Box<dyn FnOnce() -> Page + Send>) -> Response {
    let page = Mutex::new(Some(page));
    let page: PageFn = Arc::new(move |_| {
        let page = page.lock().ok().and_then(|mut page| page.take());
        Box::pin(async move {
            page.map(|page| Page { once: true, ..page() }).ok_or(PageError::NotFound)
        })
    });
    show(visit, page).await
}

/// The fields of a url-encoded body.
pub(crate) fn url_encoded(body: &Bytes) -> Result<(Fields, Vec<Upload>), NotText> {
    Ok((Fields::decode(body)?, Vec::new()))
}
