//! One tap, and there is nothing to see but who it is and his PIN. It guards the screens: what waits
//! is sent all the same.

use crate::js::{ask as ask_for, field};
use crate::parts::{button, link, row, text};
use crate::pin::{derived, pin_box};
use crate::{Phone, Word, clock, fill, frame, people};
use domain::field::people::{Person, is_guarded, may_open};
use domain::field::pin::{Pin, TICK_MS, Tries};
use domain::ids::UserId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen::JsValue;

/// How long the page may be out of sight before it asks again who it is.
const AWAY_MS: i64 = 300_000;

/// What other tabs hear of.
const HIDDEN: &str = "lists";

/// Hides everything at once, in other tabs too.
pub fn lock(phone: Phone) {
    let now = clock::now().0 as f64;
    // Only a tab that nobody else can be told of has no such store.
    ask_for(&field(&window(), "localStorage"), "setItem", [HIDDEN.into(), now.into()]);
    hide(phone);
}

/// Another tab was hidden.
pub fn heard(phone: Phone, event: &JsValue) {
    if field(event, "key").as_string().as_deref() == Some(HIDDEN) {
        hide(phone);
    }
}

fn hide(phone: Phone) {
    phone.notice.set(None);
    phone.signed_in.set_value(false);
    phone.locked.set(true);
    // Neither the address nor the way back says what was open.
    let _ = window().location().replace("#");
}

/// A phone that was put away asks again.
pub fn away(phone: Phone, seen: bool) {
    let since = phone.away_since.get_value();
    if !seen {
        phone.away_since.set_value(Some(clock::now()));
        return;
    }
    let is_long = since.is_some_and(|since| (clock::now().0 - since.0).abs() > AWAY_MS);
    if is_long && phone.people.with_untracked(|people| is_guarded(people)) {
        lock(phone);
    }
}

pub fn show(phone: Phone) -> AnyView {
    let chosen = RwSignal::new(None::<UserId>);
    let opens = Memo::new(move |_| {
        let people = phone.people.get();
        let opens = may_open(&people, phone.session.get());
        (is_guarded(&people), opens.into_iter().map(|person| person.user).collect::<Vec<_>>())
    });
    let content = move || match opens.get() {
        (false, _) => view! {
            {text("", phone.word(Word::hidden_text))}
            {button("btn main", phone.word(Word::show_again), move || open(phone))}
        }
        .into_any(),
        (true, users) => match chosen.get().or_else(|| only(&users)) {
            None => choice(phone, chosen, users),
            Some(user) => ask(phone, chosen, user, users.len() > 1),
        },
    };
    view! {
        <section class="phone-part">
            <h1>{phone.word(Word::hidden)}</h1>
            {content}
        </section>
    }
    .into_any()
}

/// Without PINs whoever taps sees what whoever is logged in may see.
fn open(phone: Phone) {
    match phone.session.get_untracked() {
        Some(user) => spawn_local(people::open_as(phone, user)),
        None => phone.locked.set(false),
    }
}

fn only(users: &[UserId]) -> Option<UserId> {
    if let [user] = users { Some(*user) } else { None }
}

fn choice(phone: Phone, chosen: RwSignal<Option<UserId>>, users: Vec<UserId>) -> AnyView {
    let one = |user| {
        let press = move || match has_pin(phone, user) {
            true => chosen.set(Some(user)),
            false => spawn_local(people::open_as(phone, user)),
        };
        button("btn", people::name(phone, user), press)
    };
    let people = row(users.into_iter().map(one).collect());
    view! { {text("", phone.word(Word::who_is_it))}{people} }.into_any()
}

pub fn has_pin(phone: Phone, user: UserId) -> bool {
    phone.people.with_untracked(|people| {
        people.iter().any(|person| person.user == user && person.pin.is_some())
    })
}

fn ask(phone: Phone, chosen: RwSignal<Option<UserId>>, user: UserId, are_others: bool) -> AnyView {
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<Word>);
    let busy = StoredValue::new(false);
    let tries = Memo::new(move |_| {
        let tries = |person: &Person| (person.user == user).then_some(person.tries);
        phone.people.with(|people| people.iter().find_map(tries)).unwrap_or_default()
    });
    let ticks = set_interval_with_handle(
        move || {
            // The last one may come when the boxes are gone.
            if tries.try_get_untracked().is_some_and(|tries| !tries.may_try()) {
                let mut counted = |person: &mut Person| {
                    person.tries = person.tries.counted(clock::now());
                };
                spawn_local(async move {
                    people::change(phone, user, &mut counted).await;
                });
            }
        },
        Duration::from_millis(TICK_MS.unsigned_abs()),
    );
    if let Ok(ticks) = ticks {
        on_cleanup(move || ticks.clear());
    }
    let press = move || {
        if busy.get_value() {
            return;
        }
        busy.set_value(true);
        let pin = typed.get_untracked();
        spawn_local(async move {
            wrong.set(attempt(phone, user, &pin).await);
            typed.set(String::new());
            busy.set_value(false);
        });
    };
    let said = move || {
        let left = tries.get().seconds_left();
        if left == 0 {
            return wrong.get().map(|word| text("phone-error", phone.word(word)));
        }
        let left = phone.lang.digits(&format!("{}:{:02}", left / 60, left % 60));
        Some(text("phone-notice warn", fill(&phone.word(Word::pin_wait), "left", &left)))
    };
    let others = are_others
        .then(|| button("btn", phone.word(Word::somebody_else), move || chosen.set(None)));
    let chosen_one = fill(&phone.word(Word::pin_of), "name", &people::name(phone, user));
    view! {
        {pin_box("pin", chosen_one, typed, press)}
        <div role="alert">{said}</div>
        <button type="button" class="btn main" disabled=move || !tries.get().may_try()
            on:click=move |_| press()>{phone.word(Word::show_again)}</button>
        {others}
        {text("quiet small", phone.word(Word::pin_forgotten))}
        {link("", frame::LOG_IN.to_owned(), phone.word(Word::log_in))}
    }
    .into_any()
}

/// Opens the phone, or says why not.
async fn attempt(phone: Phone, user: UserId, typed: &str) -> Option<Word> {
    let shown = proved(phone, user, typed).await;
    if shown.is_ok() {
        people::open_as(phone, user).await;
    }
    shown.err().flatten()
}

/// Whether that is somebody's PIN; if not, why not, but for who has to wait.
pub async fn proved(phone: Phone, user: UserId, typed: &str) -> Result<(), Option<Word>> {
    let pin = Pin::typed(typed).ok_or(Some(Word::pin_digits))?;
    // Noted before anybody knows whether it was right: who closes the page meanwhile gains nothing.
    let mut may = false;
    let mut counted = |person: &mut Person| {
        may = person.tries.may_try();
        if may {
            person.tries = person.tries.one_more(clock::now());
        }
    };
    let noted = people::change(phone, user, &mut counted).await;
    let kept = noted.ok_or(Some(Word::store_full))?.pin.filter(|_| may).ok_or(None)?;
    let hash = derived(&pin, &kept.salt, kept.rounds).await;
    if hash != Some(kept.hash) {
        return Err(Some(Word::pin_wrong));
    }
    people::change(phone, user, &mut |person| person.tries = Tries::default()).await;
    Ok(())
}
