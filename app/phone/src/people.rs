//! Who uses this phone, and what each of them keeps on it.

use crate::{Phone, Screen, Word, clock};
use domain::field::known::Known;
use domain::field::people::{Met, Person, forget_people, is_guarded, meet};
use domain::ids::UserId;
use domain::time::Millis;
use leptos::prelude::*;

const PEOPLE: &str = "people";
/// Whose session the phone had last.
const SESSION: &str = "session";
/// What an older version knew, of whoever was logged in.
const KNOWN: &str = "known";

fn known_of(user: UserId) -> String {
    format!("known/{user}")
}

/// What the phone was left with: asks who it is, or shows what whoever is logged in may see.
pub async fn wake(phone: Phone) {
    let Some(store) = phone.store.get_value() else { return };
    if let Some(known) = store.read::<Known>(KNOWN).await {
        let mut people = store.read(PEOPLE).await.unwrap_or_default();
        // He may have logged in long ago: the next sync says when.
        meet(&mut people, &Known { signed_in_at: None, ..known.clone() });
        let written = store.write(PEOPLE, &people).await.is_ok()
            && store.write(SESSION, &known.user).await.is_ok()
            && store.write(&known_of(known.user), &known).await.is_ok();
        if written {
            let _ = store.forget(KNOWN).await;
        }
    }
    let people: Vec<Person> = store.read(PEOPLE).await.unwrap_or_default();
    let session: Option<UserId> = store.read(SESSION).await;
    phone.locked.set(is_guarded(&people));
    phone.people.set(people);
    phone.session.set(session);
    if let Some(session) = session.filter(|_| !phone.locked.get_untracked()) {
        phone.known.set(store.read(&known_of(session)).await);
    }
}

/// What whoever is logged in knew at the last sync.
pub async fn of_session(phone: Phone) -> Option<Known> {
    let session = phone.session.get_untracked();
    let shown = phone.known.get_untracked();
    match shown.filter(|known| Some(known.user) == session || session.is_none()) {
        Some(known) => Some(known),
        None => phone.store.get_value()?.read(&known_of(session?)).await,
    }
}

/// Keeps what whoever is logged in knows now, and shows it to him, unless somebody else is at the
/// screens.
pub async fn hear(phone: Phone, known: Known) {
    let before = phone.session.get_untracked().filter(|before| *before != known.user);
    let store = phone.store.get_value();
    let noted: Option<Vec<Person>> = match &store {
        // Another tab may have met him, or somebody set a PIN in it.
        Some(store) => store.read(PEOPLE).await,
        None => None,
    };
    let mut people = noted.clone().unwrap_or_else(|| phone.people.get_untracked());
    let met = meet(&mut people, &known);
    phone.outbox.with_untracked(|outbox| forget_people(&mut people, Some(known.user), outbox));
    phone.session.set(Some(known.user));
    phone.people.set(people.clone());
    if let Some(store) = store {
        // Most syncs change nothing here, and so do not meet a PIN that is being set or tried.
        if noted.as_ref() != Some(&people) {
            let _ = store.write(PEOPLE, &people).await;
        }
        // On a full phone the next sync tells it again.
        let _ = store.write(&known_of(known.user), &known).await;
        let _ = store.write(SESSION, &known.user).await;
        let stays = |before| people.iter().any(|one| one.user == before && one.pin.is_some());
        if let Some(before) = before.filter(|before| !stays(*before)) {
            let _ = store.forget(&known_of(before)).await;
        }
    }
    if met == Met::SignedIn {
        phone.signed_in.set_value(true);
    }
    let is_his = phone.user() == Some(known.user) || !is_guarded(&people);
    if met == Met::SignedIn || (is_his && !phone.locked.get_untracked()) {
        put(phone, known);
    }
}

/// Shows what somebody knows. Most syncs bring no news, and then nothing is drawn again but on
/// another day: screens say "today".
fn put(phone: Phone, known: Known) {
    if phone.user().is_some_and(|before| before != known.user) {
        phone.screen.set(Screen::Home);
        let _ = window().location().replace("#");
    }
    let is_same_day = phone.synced_at.get_untracked().map(Millis::day) == Some(clock::now().day());
    let no_news = phone
        .known
        .with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.shows_the_same(&known)));
    if is_same_day && no_news {
        phone.known.update_untracked(|shown| *shown = Some(known));
    } else {
        phone.known.set(Some(known));
    }
    phone.locked.set(false);
}

/// Opens the screens for somebody who has shown that it is he.
pub async fn open_as(phone: Phone, user: UserId) {
    let known = phone.with_store(async |store| Ok(store.read(&known_of(user)).await)).await;
    match known {
        Some(Some(known)) => put(phone, known),
        // What cannot be read any more comes again with the next sync.
        Some(None) => phone.known.set(None),
        // A browser that keeps nothing.
        None => {}
    }
    phone.locked.set(false);
}

/// Changes what is noted of somebody, as it is now: another tab may have noted something.
pub async fn change(
    phone: Phone,
    user: UserId,
    change: &mut dyn FnMut(&mut Person),
) -> Option<Person> {
    let store = phone.store.get_value()?;
    let mut people: Vec<Person> = store.read(PEOPLE).await?;
    let person = people.iter_mut().find(|person| person.user == user)?;
    change(person);
    let person = person.clone();
    store.write(PEOPLE, &people).await.ok()?;
    phone.people.set(people);
    Some(person)
}

/// How somebody is called on this phone.
pub fn name(phone: Phone, user: UserId) -> String {
    let name = phone.people.with_untracked(|people| {
        people.iter().find(|person| person.user == user).map(|person| person.name.clone())
    });
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| phone.word(Word::without_name))
}
