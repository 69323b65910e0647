//! What wakes a [`super::ScanField`] in the browser.

use super::{Holds, ScanWords, Scanned, review, scanned};
use crate::ui::live::{element, set_value, value};
use crate::ui::text::Lang;
use camera::{Camera, CameraError, signal};
use leptos::ev::MouseEvent;
use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the parts of the field share.
#[derive(Clone)]
pub(super) struct Live {
    pub id: String,
    pub single: bool,
    pub holds: Holds,
    pub words: ScanWords,
    pub lang: Lang,
    pub open: RwSignal<bool>,
    pub message: RwSignal<String>,
    pub trouble: RwSignal<bool>,
    pub video: NodeRef<Video>,
}

/// Shows the button once the page is alive, counts what is typed, and gives back what the button
/// does.
pub(super) fn start(live: Live, awake: RwSignal<bool>) -> impl Fn(MouseEvent) + 'static {
    let typed = live.clone();
    Effect::new(move || {
        awake.set(true);
        typed.count();
    });
    let typed = live.clone();
    let listener = window_event_listener(leptos::ev::change, move |event| {
        if crate::ui::live::is_from(&event, &typed.id) {
            typed.count();
        }
    });
    // What is wrong is judged once a line is finished; that it was mended is seen at once.
    let typed = live.clone();
    let mended = window_event_listener(leptos::ev::input, move |event| {
        if typed.trouble.get_untracked() && crate::ui::live::is_from(&event, &typed.id) {
            typed.count();
        }
    });
    let camera = StoredValue::new_local(None::<Camera>);
    on_cleanup(move || {
        listener.remove();
        mended.remove();
        camera.try_set_value(None);
    });
    move |_| {
        if live.open.get_untracked() {
            camera.set_value(None);
            live.open.set(false);
            live.count();
            return;
        }
        live.open.set(true);
        let live = live.clone();
        spawn_local(async move {
            let Some(video) = live.video.get_untracked() else { return };
            let reader = live.clone();
            let opened = Camera::open(video, move |text| reader.read(&text, camera)).await;
            match opened {
                // Someone may have closed it while the browser was asking for permission.
                Ok(opened) if live.open.get_untracked() => camera.set_value(Some(opened)),
                Ok(_) => {}
                Err(error) => {
                    live.open.set(false);
                    let words = match error {
                        CameraError::Missing => &live.words.missing,
                        CameraError::Refused => &live.words.refused,
                    };
                    live.say(words.clone(), true);
                }
            }
        });
    }
}

impl Live {
    fn say(&self, words: String, trouble: bool) {
        self.trouble.set(trouble);
        self.message.set(words);
    }

    fn list(&self) -> String {
        element(&self.id).map(|field| value(&field)).unwrap_or_default()
    }

    /// How many codes are in the list, or what is wrong with the first bad one.
    fn count(&self) {
        let (good, bad) = review(&self.list(), self.holds);
        match bad {
            Some((line, error)) => self.say(self.words.explain(error, &line), true),
            None if good == 0 => self.say(self.words.none.clone(), false),
            None => self.say(self.counted(good), false),
        }
    }

    fn counted(&self, good: usize) -> String {
        let good = i64::try_from(good).unwrap_or(i64::MAX);
        self.words.count.replace("{n}", &self.lang.number(good))
    }

    fn read(&self, text: &str, camera: StoredValue<Option<Camera>, LocalStorage>) {
        match scanned(&self.list(), text, self.single, self.holds) {
            Scanned::Added(code, list) => {
                if let Some(field) = element(&self.id) {
                    set_value(&field, &list);
                }
                signal();
                let (good, _) = review(&list, self.holds);
                let added = self.words.added.replace("{code}", &code);
                self.say(format!("{added}. {}", self.counted(good)), false);
                if self.single {
                    self.open.set(false);
                    camera.set_value(None);
                }
            }
            Scanned::Again(code) => self.say(self.words.again.replace("{code}", &code), false),
            Scanned::Other => self.say(self.words.other.clone(), true),
            Scanned::Wrong(typed, error) => self.say(self.words.explain(error, &typed), true),
        }
    }
}
