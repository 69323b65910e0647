//! The form around the fields: what went wrong on top, one main button at the end.

use super::summary::ErrorSummary;
use super::text::{Link, Words};
use leptos::prelude::*;

/// The box that says "it happened all the same", where the books lack what a record takes.
pub const CONFIRMED: &str = "confirmed";

/// What the names of the boxes begin with that answer one question each.
pub const ANSWER: &str = "sure_";

/// A mistake in the field called `name`; an empty name is a mistake of the form as a whole.
#[derive(Clone, Default, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub name: String,
    pub message: String,
}

impl FieldError {
    pub fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into() }
    }

    /// Whether it is no mistake, but something to be answered.
    pub fn asks(&self) -> bool {
        self.name == CONFIRMED || self.name.starts_with(ANSWER)
    }
}

/// A form that works with JavaScript off. The browser's own checks are off, because they speak
/// the browser's language and only of one field at a time.
#[component]
pub fn Form(
    #[prop(into)] action: String,
    /// A search by GET: changes nothing and can be bookmarked.
    #[prop(optional)]
    get: bool,
    /// Sends files.
    #[prop(optional)]
    files: bool,
    /// "There is a problem", above the list of errors.
    #[prop(optional, into)]
    error_title: Words,
    #[prop(optional)] errors: Vec<FieldError>,
    /// The id of the record that this form will post, made when the form was first shown.
    #[prop(optional, into)]
    record: Words,
    children: Children,
) -> impl IntoView {
    let method = if get { "get" } else { "post" };
    let enctype = files.then_some("multipart/form-data");
    // The fields first: the summary names them.
    let fields = children();
    view! {
        <form class="form" method=method action=action enctype=enctype novalidate>
            <ErrorSummary title=error_title.get().unwrap_or_default() errors/>
            {record.get().map(|id| view! { <input type="hidden" name="record" value=id/> })}
            {fields}
        </form>
    }
}

/// The end of a form: a way out, other buttons (children), and the main button last.
#[component]
pub fn SubmitBar(
    #[prop(into)] label: String,
    #[prop(optional_no_strip)] cancel: Option<Link>,
    /// What will happen: "Posts one record; it can be reversed."
    #[prop(optional, into)]
    note: Words,
    /// The button's own name and value, where a form has several.
    #[prop(optional_no_strip)]
    sends: Option<(String, String)>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (name, value) = sends.unzip();
    view! {
        <div class="submit">
            {note.get().map(|words| view! { <span class="quiet small">{words}</span> })}
            {cancel.map(|link| view! { <a class="btn" href=link.href>{link.label}</a> })}
            {children.map(|children| children())}
            <button class="btn main" type="submit" name=name value=value>{label}</button>
        </div>
    }
}

/// Fields beside each other on a desk, below each other on a phone.
#[component]
pub fn FieldRow(
    /// Boxes for numbers: several stand on a line also on a phone.
    #[prop(optional)]
    boxes: bool,
    children: Children,
) -> impl IntoView {
    view! { <div class=if boxes { "row row-boxes" } else { "row" }>{children()}</div> }
}

/// A line of filters over a list: fields, then a button. Sent by GET.
#[component]
pub fn Filters(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    /// The word on the button: "Show".
    #[prop(into)]
    submit: String,
    children: Children,
) -> impl IntoView {
    view! {
        <form class="filters no-print" method="get" action=action role="search" aria-label=label>
            {children()}
            <button class="btn">{submit}</button>
        </form>
    }
}

/// Something that is hard to undo: a second step shows what it does before its red button.
/// Children are fields, such as the reason.
#[component]
pub fn Danger(
    /// What opens the second step: "Cancel this consignment".
    #[prop(into)]
    summary: String,
    /// What will happen, in a sentence.
    #[prop(into)]
    text: String,
    #[prop(into)] action: String,
    /// The words on the button.
    #[prop(into)]
    label: String,
    /// Open at once: after a mistake in one of its fields.
    #[prop(optional)]
    open: bool,
    /// Hidden fields: names and values.
    #[prop(optional)]
    sends: Vec<(String, String)>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let hidden = |(name, value): (String, String)| {
        view! { <input type="hidden" name=name value=value/> }
    };
    view! {
        <details class="danger" open=open>
            <summary>{summary}</summary>
            <form class="danger-body" method="post" action=action novalidate>
                <p>{text}</p>
                {sends.into_iter().map(hidden).collect_view()}
                {children.map(|children| children())}
                <div class="actions"><button class="btn danger">{label}</button></div>
            </form>
        </details>
    }
}

/// A single button that posts: "Confirm", "End this session".
#[component]
pub fn PostButton(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    #[prop(optional)] sends: Vec<(String, String)>,
    #[prop(optional)] main: bool,
) -> impl IntoView {
    let hidden = |(name, value): (String, String)| {
        view! { <input type="hidden" name=name value=value/> }
    };
    view! {
        <form method="post" action=action>
            {sends.into_iter().map(hidden).collect_view()}
            <button class=if main { "btn main" } else { "btn" }>{label}</button>
        </form>
    }
}
