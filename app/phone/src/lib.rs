//! The phone's page, `/field`: all its screens, as one WebAssembly module of its own. The shell that
//! the server sends has no data; this program shows what the phone keeps.

#![cfg(target_arch = "wasm32")]

mod back;
mod carry;
mod change;
mod clock;
mod form;
mod frame;
mod handover;
mod home;
mod js;
mod keys;
mod labels;
mod lock;
mod parts;
mod people;
mod pin;
mod place;
mod quantity;
mod receive;
mod records;
mod safe;
mod scan;
mod screen;
mod sent;
mod sheet;
mod store;
mod sync;
mod takeover;
mod worker;

use chrono::Timelike;
use domain::calendar::Lang;
use domain::field::known::{Known, KnownMaterial, Shift};
use domain::field::outbox::{Job, Kept, State, put_in_order};
use domain::field::people::Person;
use domain::field::stamp::Stamp;
use domain::field::unknown::Besides;
use domain::field::words::{FieldWords, Named, Word, WordList, fill};
use domain::ids::{MaterialId, RecordId, StoreId, UserId};
use domain::records::Body;
use domain::time::{Day, Millis};
use form::Draft;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use screen::{Screen, Target};
use std::collections::BTreeMap;
use store::{Store, Unkept};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

/// Where the worker leads to when a language could not be fetched.
const NO_LANGUAGE: &str = "#no-language";

/// How the last attempt to reach the books ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Status {
    Idle,
    Sending,
    NoNetwork,
    NoAnswer,
    LoggedOut,
    /// The phone could not note what it was about to send.
    Full,
}

/// Everything that the screens share.
#[derive(Clone, Copy)]
struct Phone {
    words: StoredValue<FieldWords>,
    lang: Lang,
    /// What whoever is at the screens knows.
    known: RwSignal<Option<Known>>,
    people: RwSignal<Vec<Person>>,
    /// Whose session the phone has: it is he for whom it sends.
    session: RwSignal<Option<UserId>>,
    /// Nothing is shown until somebody has said who he is.
    locked: RwSignal<bool>,
    away_since: StoredValue<Option<Millis>>,
    /// Whoever is at the screens has just logged in with a password.
    signed_in: StoredValue<bool>,
    outbox: RwSignal<Vec<Kept>>,
    drafts: RwSignal<BTreeMap<String, Draft>>,
    screen: RwSignal<Screen>,
    status: RwSignal<Status>,
    synced_at: RwSignal<Option<Millis>>,
    /// A sentence about what was just done, or why it was not.
    notice: RwSignal<Option<(bool, String)>>,
    store: StoredValue<Option<std::rc::Rc<Store>>, LocalStorage>,
    busy: StoredValue<bool>,
    tries: StoredValue<u32>,
    /// The next try, if one is due.
    later: StoredValue<Option<TimeoutHandle>>,
    newer: RwSignal<bool>,
    /// How much on the phone cannot be read any more.
    closed: RwSignal<usize>,
}

/// Takes the page over.
#[wasm_bindgen(start)]
fn begin() {
    console_error_panic_hook::set_once();
    let Some(place) = document().get_element_by_id("screens") else { return };
    let of = |name: &str| place.get_attribute(name).unwrap_or_default();
    let words: FieldWords = serde_json::from_str(&of("data-words")).unwrap_or_default();
    let tag = of("data-lang");
    let lang = [Lang::En, Lang::Fa, Lang::Ps].into_iter().find(|lang| lang.tag() == tag);
    if let Ok(place) = place.dyn_into::<HtmlElement>() {
        mount_to(place, move || screens(words, lang.unwrap_or(Lang::En))).forget();
    }
}

/// Opens the store, shows what is in it, and looks for the network.
fn screens(words: FieldWords, lang: Lang) -> impl IntoView {
    let awake = RwSignal::new(false);
    let phone = Phone {
        words: StoredValue::new(words),
        lang,
        known: RwSignal::new(None),
        people: RwSignal::new(Vec::new()),
        session: RwSignal::new(None),
        locked: RwSignal::new(false),
        away_since: StoredValue::new(None),
        signed_in: StoredValue::new(false),
        outbox: RwSignal::new(Vec::new()),
        drafts: RwSignal::new(BTreeMap::new()),
        screen: RwSignal::new(Screen::Home),
        status: RwSignal::new(Status::Idle),
        synced_at: RwSignal::new(None),
        notice: RwSignal::new(None),
        store: StoredValue::new_local(None),
        busy: StoredValue::new(false),
        tries: StoredValue::new(0),
        later: StoredValue::new(None),
        newer: RwSignal::new(false),
        closed: RwSignal::new(0),
    };
    Effect::new(move || {
        let moved = window_event_listener(leptos::ev::hashchange, move |_| phone.look());
        on_cleanup(move || moved.remove());
        phone.look();
        let owner = Owner::current();
        spawn_local(async move {
            phone.wake().await;
            awake.set(true);
            if let Some(opening) = document().get_element_by_id("opening") {
                opening.remove();
            }
            if let Some(owner) = owner {
                owner.with(|| sync::start(phone));
            }
            worker::start(phone);
        });
    });
    move || match awake.get() {
        false => ().into_any(),
        true => phone.frame(),
    }
}

impl Phone {
    fn word(self, word: Word) -> String {
        self.words.with_value(|words| words.text(word))
    }

    fn list(self, list: WordList) -> Named {
        self.words.with_value(|words| words.list(list))
    }

    /// "500 pieces", in the template's words.
    fn counted(self, word: Word, n: i64) -> String {
        fill(&self.word(word), "n", &self.lang.number(n))
    }

    async fn wake(self) {
        match Store::open().await {
            Err(_) => self.notice.set(Some((true, self.word(Word::no_store)))),
            Ok(store) => {
                let store = std::rc::Rc::new(store);
                self.synced_at.set(store.read(sync::SYNCED_AT).await);
                self.drafts.set(store.read(form::DRAFTS).await.unwrap_or_default());
                self.outbox.set(store.outbox().await.unwrap_or_default());
                self.closed.set(store.closed());
                self.store.set_value(Some(store));
                people::wake(self).await;
            }
        }
    }

    async fn with_store<T>(self, work: impl AsyncFnOnce(&Store) -> Result<T, Unkept>) -> Option<T> {
        let store = self.store.get_value()?;
        work(&store).await.ok()
    }

    async fn reload(self) {
        let Some(outbox) = self.with_store(async |store| store.outbox().await).await else {
            return;
        };
        if self.outbox.with_untracked(|known| *known != outbox) {
            self.outbox.set(outbox);
        }
    }

    /// Notes what became of records, in the store before on the screen.
    async fn changed(self, changed: &[Kept]) -> Result<(), Unkept> {
        let store = self.store.get_value().ok_or(Unkept::Never)?;
        store.change(changed).await?;
        self.outbox.update(|outbox| {
            for kept in outbox {
                if let Some(newer) = changed.iter().find(|newer| newer.id == kept.id) {
                    kept.clone_from(newer);
                }
            }
        });
        Ok(())
    }

    /// Keeps what somebody says, before anything else happens with it.
    async fn keep<B: Body>(self, said: Said, body: &B) -> Result<(), Unkept> {
        let store = self.store.get_value().ok_or(Unkept::Never)?;
        let by = self.user().ok_or(Unkept::Never)?;
        let Said { job, about, pieces, shifts, scanned, on, besides, undoes } = said;
        let now = clock::now();
        let kept = store
            .keep(|device| {
                let id = clock::new_uuid().into();
                let offset_minutes = clock::offset_minutes();
                let stamp = Stamp { id, device, now, offset_minutes, scanned, on };
                let mut record = stamp.record(body)?;
                besides.put(&mut record);
                let (sequence, state) = (device.sequence, State::Here);
                Ok(Kept {
                    id,
                    sequence,
                    made_at: now,
                    by,
                    job,
                    about,
                    pieces,
                    shifts,
                    record,
                    state,
                    undoes,
                })
            })
            .await?;
        self.outbox.update(|outbox| {
            // A sync may have read it from the store meanwhile.
            if outbox.iter().all(|known| known.id != kept.id) {
                put_in_order(outbox, kept);
            }
        });
        Ok(())
    }

    /// Who is at the screens.
    fn user(self) -> Option<UserId> {
        self.known.with_untracked(|known| known.as_ref().map(|known| known.user))
    }

    /// Whether a link opened the page, and nobody with an account.
    fn by_link(self) -> bool {
        self.known.with(|known| known.as_ref().is_some_and(|known| known.by_link))
    }

    /// What was said here and the books do not know yet.
    fn said(self) -> Vec<Shift> {
        self.outbox.with(|outbox| domain::field::outbox::said(outbox))
    }

    /// "The books know only 300 pieces of M3 here."
    fn less(self, pieces: i64, what: &str) -> String {
        let text = self.counted(Word::books_less, pieces.max(0));
        fill(&text, "what", what)
    }

    /// What the books seem to say against it; they may be days old.
    fn doubts(self, known: &Known, store: StoreId, shifts: &[Shift]) -> Vec<String> {
        let mut wanted: BTreeMap<MaterialId, i64> = BTreeMap::new();
        for shift in shifts {
            *wanted.entry(shift.material).or_default() -= shift.pieces;
        }
        // Of a store that it is not told of, the phone has nothing to say against it.
        if known.store(store).is_none() {
            return Vec::new();
        }
        let left = known.left(store, &self.said());
        let less = wanted.into_iter().filter_map(|(material, wanted)| {
            let has = left.get(&material).copied().unwrap_or(0);
            let label = known.material(material).map(KnownMaterial::label).unwrap_or_default();
            (wanted > has).then(|| self.less(has, &label))
        });
        less.collect()
    }

    fn job(self, job: Job) -> String {
        self.word(match job {
            Job::Sheet => Word::job_sheet,
            Job::Drop => Word::job_drop,
            Job::Received => Word::job_received,
            Job::Damaged => Word::job_damaged,
            Job::Lost => Word::job_lost,
            Job::Found => Word::job_found,
            Job::BroughtBack => Word::job_brought_back,
            Job::TakenBack => Word::job_taken_back,
        })
    }

    /// What people call one of a list.
    fn named(self, list: WordList, code: &str) -> String {
        let named = self.list(list).into_iter().find(|(known, _)| known == code);
        named.map(|(_, text)| text).unwrap_or_default()
    }

    fn look(self) {
        let hash = window().location().hash().unwrap_or_default();
        let screen = Screen::read(&hash);
        let was_bad = self.notice.with_untracked(|notice| matches!(notice, Some((true, _))));
        if was_bad || screen != Screen::Home {
            self.notice.set(None);
        }
        if hash == NO_LANGUAGE {
            self.notice.set(Some((true, self.word(Word::no_language))));
        }
        self.screen.set(screen);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }

    /// Goes home and says that it is kept.
    fn done(self) {
        self.notice.set(Some((false, self.word(Word::kept))));
        let _ = window().location().set_hash("");
        worker::send_later();
        sync::again(self);
    }

    fn day(self, day: Day) -> String {
        if day == clock::now().day() { self.word(Word::today) } else { self.lang.day(day) }
    }

    fn when(self, at: Millis) -> String {
        let local = at.local();
        let time = self.lang.digits(&format!("{:02}:{:02}", local.hour(), local.minute()));
        if at.day() == clock::now().day() {
            time
        } else {
            format!("{} {time}", self.lang.day(at.day()))
        }
    }
}

/// What somebody says, beside the record itself.
struct Said {
    job: Job,
    about: String,
    pieces: i64,
    shifts: Vec<Shift>,
    scanned: bool,
    /// The day, where it was not now.
    on: Option<Day>,
    besides: Besides,
    /// The record that was a mistake.
    undoes: Option<RecordId>,
}
