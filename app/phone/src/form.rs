//! What is being typed: kept on the phone with every stroke, so that a call or an empty battery
//! loses nothing.

use crate::store::Unkept;
use crate::{Phone, Word};
use domain::field::words::Named;
use domain::pieces::{PiecesError, parse_count};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use wasm_bindgen::JsCast;
use web_sys::Event;

/// The name of all drafts in the store.
pub const DRAFTS: &str = "drafts";

/// Names and what was typed.
pub type Draft = BTreeMap<String, String>;

/// A form without mistakes: what the books seem to say against it, and the work of keeping it.
pub struct Checked {
    doubts: Vec<String>,
    keep: Pin<Box<dyn Future<Output = Result<(), Unkept>>>>,
}

impl Checked {
    pub fn new(
        doubts: Vec<String>,
        keep: impl Future<Output = Result<(), Unkept>> + 'static,
    ) -> Self {
        Self { doubts, keep: Box::pin(keep) }
    }
}

/// The form of one screen.
#[derive(Clone, Copy)]
pub struct Form {
    pub phone: Phone,
    key: StoredValue<String>,
    errors: RwSignal<BTreeMap<String, String>>,
    /// What the books seem to say against it, once it was asked.
    pub doubts: RwSignal<Vec<String>>,
    saving: StoredValue<bool>,
}

impl Form {
    /// Of the person whose phone it is now: what others were typing is nobody else's business.
    pub fn new(phone: Phone, key: String) -> Self {
        let key =
            format!("{} {key}", phone.user().map(|user| user.to_string()).unwrap_or_default());
        Self {
            phone,
            key: StoredValue::new(key),
            errors: RwSignal::new(BTreeMap::new()),
            doubts: RwSignal::new(Vec::new()),
            saving: StoredValue::new(false),
        }
    }

    /// What stands in a field; whoever asks hears of changes.
    pub fn get(self, name: &str) -> String {
        self.phone.drafts.with(|drafts| self.of(drafts, name))
    }

    fn now(self, name: &str) -> String {
        self.phone.drafts.with_untracked(|drafts| self.of(drafts, name))
    }

    fn of(self, drafts: &BTreeMap<String, Draft>, name: &str) -> String {
        let draft = self.key.with_value(|key| drafts.get(key));
        draft.and_then(|draft| draft.get(name)).cloned().unwrap_or_default()
    }

    pub fn set(self, name: &str, value: String) {
        self.phone.drafts.update(|drafts| {
            let draft = drafts.entry(self.key.get_value()).or_default();
            if value.is_empty() {
                draft.remove(name);
            } else {
                draft.insert(name.to_owned(), value);
            }
        });
        self.errors.update(|errors| drop(errors.remove(name)));
        self.doubts.set(Vec::new());
        self.save();
    }

    /// Is empty again, after it was kept.
    fn clear(self) {
        self.phone.drafts.update(|drafts| self.key.with_value(|key| drop(drafts.remove(key))));
        self.save();
    }

    fn save(self) {
        let drafts = self.phone.drafts.get_untracked();
        spawn_local(async move {
            self.phone.with_store(async |store| store.write(DRAFTS, &drafts).await).await;
        });
    }

    pub fn wrong(self, name: &str, why: String) {
        self.errors.update(|errors| drop(errors.insert(name.to_owned(), why)));
    }

    pub fn is_right(self) -> bool {
        self.errors.with_untracked(BTreeMap::is_empty)
    }

    /// A count as it stands; what is not one counts as nothing.
    pub fn shown(self, name: &str) -> Option<i64> {
        parse_count(&self.get(name)).ok().flatten()
    }

    /// A count, or a mark at its field.
    pub fn count(self, name: &str) -> Option<i64> {
        match parse_count(&self.now(name)) {
            Ok(count) => count,
            Err(error) => {
                let why = match error {
                    PiecesError::TooMany => self.phone.word(Word::too_many),
                    PiecesError::Empty
                    | PiecesError::NotWhole
                    | PiecesError::Negative
                    | PiecesError::Zero => self.phone.word(Word::not_a_number),
                };
                self.wrong(name, why);
                None
            }
        }
    }

    /// A count that must be there.
    pub fn needed(self, name: &str) -> Option<i64> {
        let count = self.count(name);
        if count.is_none() && self.errors.with_untracked(|errors| !errors.contains_key(name)) {
            self.wrong(name, self.phone.word(Word::needed));
        }
        count
    }

    /// What was chosen, read by `parse`, or a mark.
    pub fn chosen<T>(self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let found = parse(&self.now(name));
        if found.is_none() {
            self.wrong(name, self.phone.word(Word::choose_one));
        }
        found
    }

    pub fn text(self, name: &str) -> String {
        self.now(name)
    }

    /// Why a field is wrong, beside it.
    pub fn error(
        self,
        name: String,
    ) -> impl Fn() -> Option<AnyView> + Clone + Send + Sync + 'static {
        move || {
            let why = self.errors.with(|errors| errors.get(&name).cloned())?;
            let id = format!("e-{name}");
            Some(view! { <p class="phone-error" id=id>{why}</p> }.into_any())
        }
    }

    /// A box for a whole number.
    pub fn number(self, name: &str, label: String) -> AnyView {
        self.input(name.to_owned(), label, "numeric", "20")
    }

    /// A box for a code.
    pub fn line(self, name: &str, label: String) -> AnyView {
        self.input(name.to_owned(), label, "text", "200")
    }

    fn input(
        self,
        name: String,
        label: String,
        mode: &'static str,
        longest: &'static str,
    ) -> AnyView {
        let (id, value, typed) = (format!("f-{name}"), name.clone(), name.clone());
        let (bad, described) = (name.clone(), format!("e-{name}"));
        let is_bad = move || self.errors.with(|errors| errors.contains_key(&bad)).then_some("true");
        view! {
            <div class="phone-box">
                <label for=id.clone()>{label}</label>
                <input class="input" id=id name=name.clone() type="text" inputmode=mode
                    autocomplete="off" maxlength=longest aria-describedby=described
                    aria-invalid=is_bad prop:value=move || self.get(&value)
                    on:input=move |event| self.set(&typed, typed_in(&event))/>
                {self.error(name)}
            </div>
        }
        .into_any()
    }

    /// One of a list; the first line asks to choose.
    pub fn select(self, name: &str, label: String, options: Named) -> AnyView {
        let name = name.to_owned();
        let id = format!("f-{name}");
        let (value, typed) = (name.clone(), name.clone());
        let (bad, described) = (name.clone(), format!("e-{name}"));
        let is_bad = move || self.errors.with(|errors| errors.contains_key(&bad)).then_some("true");
        let current = self.now(&value);
        let options = options.into_iter().map(|(code, text)| {
            let selected = code == current;
            view! { <option value=code selected=selected>{text}</option> }
        });
        view! {
            <div class="phone-box">
                <label for=id.clone()>{label}</label>
                <select class="input" id=id name=name.clone() aria-describedby=described
                    aria-invalid=is_bad
                    on:change=move |event| self.set(&typed, typed_in(&event))>
                    <option value="">{self.phone.word(Word::choose)}</option>
                    {options.collect_view()}
                </select>
                {self.error(name)}
            </div>
        }
        .into_any()
    }

    /// Something that is so or not, as a button that stays pressed.
    pub fn toggle(self, name: &str, label: String) -> AnyView {
        let name = name.to_owned();
        let (shown, pressed) = (name.clone(), name.clone());
        let is_on = move || !self.get(&shown).is_empty();
        let aria = is_on.clone();
        view! {
            <button type="button" class="phone-toggle" name=name
                aria-pressed=move || if aria() { "true" } else { "false" }
                on:click=move |_| {
                    let on = self.now(&pressed).is_empty();
                    self.set(&pressed, if on { "1".to_owned() } else { String::new() });
                }>
                {label}
            </button>
        }
        .into_any()
    }

    /// Says what is wrong or doubtful, and keeps it: `check` reads the form and marks what is wrong.
    pub fn keep_bar(self, check: Box<dyn Fn(Self) -> Option<Checked>>) -> AnyView {
        let check = StoredValue::new_local(check);
        let press = move |_| {
            if self.saving.get_value() {
                return;
            }
            self.errors.set(BTreeMap::new());
            let checked = check.with_value(|check| check(self));
            let Some(Checked { doubts, keep }) = checked.filter(|_| self.is_right()) else {
                self.phone.notice.set(Some((true, self.phone.word(Word::wrong_title))));
                show_first_error();
                return;
            };
            // Asked once; said again, it is so.
            if !doubts.is_empty() && self.doubts.get_untracked() != doubts {
                self.doubts.set(doubts);
                return;
            }
            self.saving.set_value(true);
            spawn_local(async move {
                let kept = keep.await;
                self.saving.set_value(false);
                match kept {
                    Ok(()) => {
                        self.clear();
                        self.phone.done();
                    }
                    Err(Unkept::Never) => {
                        let why = self.phone.word(Word::no_store);
                        self.phone.notice.set(Some((true, why)));
                    }
                    Err(Unkept::Full) => {
                        let why = self.phone.word(Word::store_full);
                        self.phone.notice.set(Some((true, why)));
                    }
                }
            });
        };
        let label = move || {
            let asked = self.doubts.with(|doubts| !doubts.is_empty());
            self.phone.word(if asked { Word::anyway } else { Word::keep })
        };
        let doubts = move || {
            let one = |doubt: String| view! { <p class="phone-notice warn">{doubt}</p> };
            self.doubts.get().into_iter().map(one).collect_view()
        };
        view! {
            <div role="alert">{doubts}</div>
            <button type="button" class="btn main phone-keep" on:click=press>{label}</button>
        }
        .into_any()
    }
}

pub fn typed_in(event: &Event) -> String {
    let field = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let value = field.and_then(|field| js_sys::Reflect::get(&field, &"value".into()).ok());
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// The mark may be out of sight.
fn show_first_error() {
    request_animation_frame(|| {
        let marked = document().query_selector("[aria-invalid=true]").ok().flatten();
        if let Some(marked) =
            marked.and_then(|marked| marked.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = marked.focus();
        }
    });
}
