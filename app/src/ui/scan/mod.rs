//! Codes, typed or scanned.
//!
//! Without JavaScript this is a plain text area, one code a line. With it, a button opens the
//! camera, and what it reads is written into the same text area: nothing is kept anywhere else,
//! so that an error of the camera can lose nothing.

#[cfg(feature = "hydrate")]
mod live;

use super::fields::Around;
use super::text::{Lang, Words};
use domain::code::{Code, CodeError, read, read_before_pieces};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Everything that a [`ScanField`] may say. `{n}` and `{code}` are filled in by the browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScanWords {
    pub open: String,
    pub close: String,
    /// In the picture of the camera: what to do.
    pub aim: String,
    pub none: String,
    pub count: String,
    pub again: String,
    pub added: String,
    pub length: String,
    pub character: String,
    pub check: String,
    /// A QR code that is not one of ours.
    pub other: String,
    pub refused: String,
    pub missing: String,
}

impl ScanWords {
    /// What is wrong with `typed`, in a sentence.
    pub fn explain(&self, error: CodeError, typed: &str) -> String {
        let sentence = match error {
            CodeError::Length => &self.length,
            CodeError::Character => &self.character,
            CodeError::Check => &self.check,
        };
        sentence.replace("{code}", typed)
    }
}

/// What the list holds.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
pub enum Holds {
    #[default]
    Codes,
    /// A code a line, and pieces behind it where it is that of a batch. Whether the pieces are
    /// right, the server says.
    Pieces,
}

/// What was typed into the list: how many good codes, each counted once, and the first bad line
/// with the reason why.
pub fn review(list: &str, holds: Holds) -> (usize, Option<(String, CodeError)>) {
    let mut good = Vec::new();
    let mut bad = None;
    for (line, code) in entries(list, holds) {
        match code {
            Ok(code) if !good.contains(&code) => good.push(code),
            Ok(_) => {}
            Err(error) if bad.is_none() => bad = Some((line.to_owned(), error)),
            Err(_) => {}
        }
    }
    (good.len(), bad)
}

/// The entries of a list of codes: a line each, or with commas or semicolons between them.
pub fn lines(list: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| matches!(c, '\n' | '\r' | ',' | ';' | '،' | '؛');
    list.split(between).map(str::trim).filter(|line| !line.is_empty())
}

fn entries(list: &str, holds: Holds) -> Vec<(&str, Result<Code, CodeError>)> {
    match holds {
        Holds::Codes => lines(list).map(|line| (line, read(line).map(|(_, code)| code))).collect(),
        // A comma may group the pieces.
        Holds::Pieces => list
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| (line, read_before_pieces(line).map(|(code, _)| code)))
            .collect(),
    }
}

/// What a scan does to the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scanned {
    /// The code in groups, and the list with it at its end.
    Added(String, String),
    /// It is in the list already.
    Again(String),
    /// A QR code, but not one of ours.
    Other,
    /// One of ours that was misread.
    Wrong(String, CodeError),
}

/// Decides what a scanned text does to the list. With `single` it replaces what was there.
pub fn scanned(list: &str, text: &str, single: bool, holds: Holds) -> Scanned {
    let code = match read(text) {
        Ok((_, code)) => code,
        Err(CodeError::Check) => {
            let typed = text.rsplit('/').next().unwrap_or(text);
            return Scanned::Wrong(typed.to_owned(), CodeError::Check);
        }
        Err(CodeError::Length | CodeError::Character) => return Scanned::Other,
    };
    let grouped = code.grouped();
    if entries(list, holds).iter().any(|(_, known)| *known == Ok(code)) {
        return Scanned::Again(grouped);
    }
    let list = list.trim_end();
    let list = match (single, list.is_empty()) {
        (true, _) | (false, true) => grouped.clone(),
        (false, false) => format!("{list}\n{grouped}"),
    };
    Scanned::Added(grouped, list)
}

/// A field for codes: a text area, one code a line, or with `single` an input for one.
///
/// Sends `name`; [`lines`] takes codes apart again on the server.
#[component]
pub fn ScanField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    words: ScanWords,
    lang: Lang,
    #[prop(optional, into)] value: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] optional: Words,
    /// One code instead of a list.
    #[prop(optional)]
    single: bool,
    #[prop(optional)] holds: Holds,
) -> impl IntoView {
    let around = Around { label, optional, hint, error };
    around.field(&name.clone(), |aria| {
        let id = aria.id.clone();
        let control = if single {
            view! {
                <input class="input ltr" type="text" id=aria.id name=name value=value.get()
                    autocomplete="off" autocapitalize="characters" spellcheck="false"
                    maxlength="200" aria-describedby=aria.described_by
                    aria-invalid=aria.invalid/>
            }
            .into_any()
        } else {
            view! {
                <textarea class="input" id=aria.id name=name rows="4" autocomplete="off"
                    autocapitalize="characters" spellcheck="false"
                    aria-describedby=aria.described_by aria-invalid=aria.invalid>
                    {value.get()}
                </textarea>
            }
            .into_any()
        };
        view! { <div class="scan">{control}<Scanner id single holds words lang/></div> }.into_any()
    })
}

/// The button, the picture and the sentence below a field with this id. Hidden until the island
/// is awake, because they do nothing without JavaScript.
#[island]
pub fn Scanner(
    id: String,
    single: bool,
    holds: Holds,
    words: ScanWords,
    lang: Lang,
) -> impl IntoView {
    let awake = RwSignal::new(false);
    let open = RwSignal::new(false);
    let message = RwSignal::new(String::new());
    let trouble = RwSignal::new(false);
    let video = NodeRef::<leptos::html::Video>::new();
    let (to_open, to_close, aim) = (words.open.clone(), words.close.clone(), words.aim.clone());
    let label = move || if open.get() { to_close.clone() } else { to_open.clone() };
    let tone = move || if trouble.get() { "small bad-text" } else { "small quiet" };
    #[cfg(feature = "hydrate")]
    let toggle = {
        let state = live::Live { id, single, holds, words, lang, open, message, trouble, video };
        live::start(state, awake)
    };
    #[cfg(not(feature = "hydrate"))]
    let toggle = {
        let _ = (id, single, holds, words, lang);
        |_: leptos::ev::MouseEvent| {}
    };
    view! {
        <div class="scan-view" hidden=move || !open.get()>
            <video node_ref=video playsinline=true muted=true aria-hidden="true"></video>
            <span>{aim}</span>
        </div>
        <p class=tone role="status" hidden=move || !awake.get()>{move || message.get()}</p>
        <button type="button" class="btn" hidden=move || !awake.get() on:click=toggle>
            {label}
        </button>
    }
}
