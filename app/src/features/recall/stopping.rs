//! Editions that are recalled or have a successor, where somebody orders or plans them.

use crate::error::PageError;
use crate::forms::Post;
use crate::i18n::{Locale, td_string};
use crate::posting::ask;
use crate::session::Visit;
use crate::ui;
use domain::ids::MaterialId;
use domain::records::recall::Purpose;
use leptos::prelude::*;
use std::collections::BTreeMap;
use stock::recall::Stopping;
use stock::reference::materials::Material;

/// Asks once about each of the wanted editions that is to stop.
pub(crate) async fn ask_about(
    post: &mut Post,
    wanted: impl IntoIterator<Item = MaterialId>,
    purpose: Purpose,
) -> Result<(), PageError> {
    let l = post.visit.locale;
    for edition in post.visit.reader()?.stopping(wanted, purpose).await? {
        let what = words(l, &edition);
        let words = match edition.is_recalled {
            true => td_string!(l, recall.asks, what = what),
            false => td_string!(l, recall.asks_newer, what = what),
        };
        ask(post, &key(&edition), words);
    }
    Ok(())
}

/// Whether a question with this key asks about the edition.
pub(crate) fn is_about(key: &str, material: MaterialId) -> bool {
    key.starts_with(&material.to_string())
}

/// Says of an edition that comes all the same that it is to stop.
pub(crate) async fn warning(
    visit: &Visit,
    material: MaterialId,
) -> Result<Option<AnyView>, PageError> {
    let l = visit.locale;
    let mut editions = visit.reader()?.stopping([material], Purpose::More).await?;
    Ok(editions.pop().map(|edition| {
        let words = words(l, &edition);
        let title = match edition.is_recalled {
            true => td_string!(l, recall.to_stop),
            false => td_string!(l, recall.to_use_up),
        };
        view! { <ui::Notice tone=ui::Tone::Warn title>{words}</ui::Notice> }.into_any()
    }))
}

/// What a list says beside the editions that are not to be chosen unseen.
pub(crate) struct Marks(BTreeMap<MaterialId, &'static str>);

impl Marks {
    pub async fn load(visit: &Visit) -> Result<Self, PageError> {
        let (l, reader) = (visit.locale, visit.reader()?);
        let (materials, mut recalls) = (reader.materials().await?, reader.recalls().await?);
        recalls.retain(|recall| !recall.over);
        let mark = |material: &Material| {
            let is_recalled = recalls.iter().any(|r| r.material_id == material.id.uuid());
            let mark = match material.superseded_by {
                _ if is_recalled => td_string!(l, recall.mark_recalled),
                Some(_) => td_string!(l, recall.mark_replaced),
                None => return None,
            };
            Some((material.id, mark))
        };
        Ok(Self(materials.iter().filter_map(mark).collect()))
    }

    /// The label of an edition, marked where it is recalled or has a successor.
    pub fn label(&self, id: MaterialId, label: String) -> String {
        match self.0.get(&id) {
            Some(mark) => format!("{label} — {mark}"),
            None => label,
        }
    }
}

/// Names also why, so that a yes to one reason is none to another.
fn key(edition: &Stopping) -> String {
    let why = if edition.is_recalled { "recalled" } else { "replaced" };
    format!("{}_{why}", edition.material.id)
}

fn words(l: Locale, stopping: &Stopping) -> String {
    let name = |material: &Material| {
        let (title, edition) = (material.title.clone(), material.edition.clone());
        td_string!(l, recall.named, title = title, edition = edition)
    };
    let edition = name(&stopping.material);
    let state = if stopping.is_recalled {
        td_string!(l, recall.is_recalled, edition = edition)
    } else {
        td_string!(l, recall.is_replaced, edition = edition)
    };
    match stopping.successor.as_ref().map(name) {
        Some(edition) => {
            let successor = td_string!(l, recall.successor, edition = edition);
            format!("{state} {successor}")
        }
        None => state,
    }
}
