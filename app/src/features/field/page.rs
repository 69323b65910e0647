//! The shell of the phone's page: the same for everybody, without data.

use super::words::words;
use crate::features::events::words::{
    group_name, multiplier_name, public_place_name, session_name,
};
use crate::features::keeping::what::What;
use crate::features::stock::words::reason;
use crate::i18n::{Locale, td_string};
use crate::page::{File, FileResult, Frame, Page, PageResult};
use crate::session::Visit;
use crate::ui;
use domain::attendance::Group;
use domain::events::{Multiplier, PublicPlace, SessionKind};
use domain::field::words::Named;
use leptos::prelude::*;
use serde_json::json;
use std::hash::{DefaultHasher, Hash, Hasher};

pub async fn shell(visit: Visit) -> PageResult {
    let l = visit.locale;
    let title = td_string!(l, field.app);
    // Plain structs of ours.
    let texts = serde_json::to_string(&words(l)).unwrap_or_default();
    let body = view! {
        <main id="main" class="phone" tabindex="-1">
            <noscript>
                <div class="phone-part">
                    <h1>{title}</h1>
                    <p>{td_string!(l, field.no_script)}</p>
                    <p><a class="btn" href="/">{td_string!(l, field.to_desk)}</a></p>
                </div>
            </noscript>
            <p class="phone-opening quiet" id="opening">{td_string!(l, field.opening)}</p>
            <div id="screens" class="phone-screens" data-lang=visit.lang().tag() data-words=texts
                data-version=version()></div>
            <ui::Languages label=td_string!(l, common.language) action="/language" back="/field"
                current=visit.lang()/>
        </main>
    };
    Ok(Page::new(title, body).frame(Frame::Phone))
}

/// What a phone shows of it among its programs: a neutral name and icon, for it passes checkpoints.
pub async fn manifest(visit: Visit) -> FileResult {
    let l = visit.locale;
    let name = td_string!(l, field.app);
    let manifest = json!({
        "name": name,
        "short_name": name,
        "id": "/field",
        "start_url": "/field",
        "scope": "/field",
        "display": "standalone",
        "background_color": "#faf9f6",
        "theme_color": "#faf9f6",
        "lang": visit.lang().tag(),
        "dir": visit.lang().dir(),
        "icons": [{"src": "/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    });
    let bytes = manifest.to_string().into_bytes();
    Ok(File { media_type: "application/manifest+json", bytes, save_as: None })
}

/// Changes when the words of the shell do: then phones fetch it anew. The shell says it too, so that
/// a phone knows which one it has.
pub fn version() -> String {
    let mut hasher = DefaultHasher::new();
    for locale in [Locale::en, Locale::fa_AF, Locale::ps_AF] {
        serde_json::to_string(&words(locale)).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

pub(super) fn multipliers(l: Locale) -> Named {
    let name = |who: &Multiplier| (who.as_str().to_owned(), multiplier_name(l, *who).to_owned());
    Multiplier::ALL.iter().map(name).collect()
}

pub(super) fn public_places(l: Locale) -> Named {
    let name =
        |kind: &PublicPlace| (kind.as_str().to_owned(), public_place_name(l, *kind).to_owned());
    PublicPlace::ALL.iter().map(name).collect()
}

pub(super) fn groups_there(l: Locale) -> Named {
    let name = |group: &Group| (group.as_str().to_owned(), group_name(l, *group).to_owned());
    Group::ALL.iter().map(name).collect()
}

pub(super) fn sessions(l: Locale) -> Named {
    let name = |kind: &SessionKind| (kind.as_str().to_owned(), session_name(l, *kind).to_owned());
    SessionKind::ALL.iter().map(name).collect()
}

fn reasons(l: Locale, what: What) -> Named {
    let name = |why: &domain::ledger::Reason| (why.as_str().to_owned(), reason(*why, l));
    what.reasons().iter().map(name).collect()
}

pub(super) fn damage_reasons(l: Locale) -> Named {
    reasons(l, What::Damaged)
}

pub(super) fn loss_reasons(l: Locale) -> Named {
    reasons(l, What::Lost)
}

pub(super) fn find_reasons(l: Locale) -> Named {
    reasons(l, What::Found)
}
