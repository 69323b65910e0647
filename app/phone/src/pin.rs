//! Where somebody sets the PIN by which he opens this phone.

use crate::clock::drawn;
use crate::form::typed_in;
use crate::js::{bytes, list, object, read, subtle};
use crate::parts::{button, row, text};
use crate::{Phone, Word, fill, lock, people};
use domain::field::people::{Person, PinHash};
use domain::field::pin::{Pin, PinError, Tries};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

/// A cheap phone computes a second or two: once for its owner, years for somebody who tries.
const ROUNDS: u32 = 250_000;

pub fn show(phone: Phone) -> AnyView {
    let w = move |word| phone.word(word);
    let [old, typed, again] = [(); 3].map(|()| RwSignal::new(String::new()));
    let wrong = RwSignal::new(None::<Word>);
    let change = move |chosen: Result<Option<Pin>, Word>| {
        spawn_local(async move {
            let why = match chosen {
                Err(word) => Some(word),
                Ok(pin) => keep(phone, &old.get_untracked(), pin).await,
            };
            // The screen may be gone by now.
            wrong.try_set(why);
            old.try_set(String::new());
        });
    };
    let set = move || {
        change(again.with_untracked(|again| typed.with_untracked(|typed| chosen(typed, again))));
    };
    let remove = move || change(Ok(None));
    let me = phone.user();
    let has_pin = me.is_some_and(|me| lock::has_pin(phone, me));
    let asked = me.filter(|_| has_to_prove(phone)).map(|me| {
        pin_box("pin-old", fill(&w(Word::pin_of), "name", &people::name(phone, me)), old, set)
    });
    let mut buttons = vec![button("btn main", w(Word::pin_set), set)];
    if has_pin {
        buttons.push(button("btn", w(Word::pin_remove), remove));
    }
    view! {
        {phone.head(w(Word::pin))}
        <section class="phone-part">
            {text("", w(Word::pin_text))}
            {asked}
            {pin_box("pin", w(Word::pin_new), typed, set)}
            {pin_box("pin-again", w(Word::pin_again), again, set)}
            <div role="alert">
                {move || wrong.get().map(|word| text("phone-error", phone.word(word)))}
            </div>
            {row(buttons)}
        </section>
    }
    .into_any()
}

/// A box for a PIN. What is typed is kept nowhere: drafts are.
pub fn pin_box(
    id: &'static str,
    label: String,
    typed: RwSignal<String>,
    enter: impl Fn() + 'static,
) -> AnyView {
    boxed(id, label, typed, Box::new(enter))
}

fn boxed(
    id: &'static str,
    label: String,
    typed: RwSignal<String>,
    enter: Box<dyn Fn()>,
) -> AnyView {
    view! {
        <div class="phone-box">
            <label for=id>{label}</label>
            <input class="input" id=id type="password" inputmode="numeric" autocomplete="off"
                maxlength="8" prop:value=typed
                on:input=move |event| typed.set(typed_in(&event))
                on:keydown=move |event| if event.key() == "Enter" { enter() }/>
        </div>
    }
    .into_any()
}

/// Who has set a PIN changes it by that PIN, or by his password: whoever holds the open phone may be
/// somebody else.
fn has_to_prove(phone: Phone) -> bool {
    !phone.signed_in.get_value() && phone.user().is_some_and(|me| lock::has_pin(phone, me))
}

fn chosen(typed: &str, again: &str) -> Result<Option<Pin>, Word> {
    let pin = Pin::chosen(typed).map_err(|error| match error {
        PinError::NotDigits => Word::pin_digits,
        PinError::TooPlain => Word::pin_plain,
    })?;
    // The second may be typed with the digits of another script.
    if Pin::typed(again) == Some(pin.clone()) { Ok(Some(pin)) } else { Err(Word::pin_differs) }
}

/// Sets the PIN of whoever is at the screens, or takes it away; gives why it did not.
async fn keep(phone: Phone, old: &str, pin: Option<Pin>) -> Option<Word> {
    let user = phone.user()?;
    if has_to_prove(phone)
        && let Err(why) = lock::proved(phone, user, old).await
    {
        // Who has to wait waits where it is shown how long.
        if why.is_none() {
            lock::lock(phone);
        }
        return why;
    }
    let (said, kept) = match &pin {
        None => (Word::pin_removed, None),
        Some(pin) => {
            let salt = drawn::<16>().to_vec();
            let Some(hash) = derived(pin, &salt, ROUNDS).await else { return Some(Word::no_pin) };
            (Word::pin_is_set, Some(PinHash { salt, rounds: ROUNDS, hash }))
        }
    };
    let mut set = |person: &mut Person| {
        person.pin.clone_from(&kept);
        person.tries = Tries::default();
    };
    if people::change(phone, user, &mut set).await.is_none() {
        return Some(Word::store_full);
    }
    phone.signed_in.set_value(false);
    phone.notice.set(Some((false, phone.word(said))));
    let _ = window().location().set_hash("");
    None
}

/// What is kept of a PIN; `None` where the browser has no cryptography.
pub async fn derived(pin: &Pin, salt: &[u8], rounds: u32) -> Option<Vec<u8>> {
    const SLOW: &str = "PBKDF2";
    let pin = bytes(pin.as_str().as_bytes());
    let uses = list(["deriveBits".into()]);
    let key = subtle("importKey", ["raw".into(), pin, SLOW.into(), JsValue::FALSE, uses]).await?;
    let how = object([
        ("name", SLOW.into()),
        ("hash", "SHA-256".into()),
        ("salt", bytes(salt)),
        ("iterations", rounds.into()),
    ]);
    Some(read(&subtle("deriveBits", [how, key, 256.into()]).await?))
}
