//! Editions that are recalled or have a successor, where somebody orders or plans them.

use crate::error::PageError;
use crate::forms::Post;
use crate::i18n::{Locale, td_string};
use crate::posting::ask;
use crate::session::Visit;
use crate::ui;
use domain::ids::MaterialId;
use domain::records::recall::{Purpose, RecallMode, is_to_stop};
use leptos::prelude::*;
use std::collections::BTreeMap;
use stock::recall::Recall;
use stock::reference::materials::Material;

/// Asks once about each of the wanted editions that is to stop.
pub(crate) async fn ask_about(
    post: &mut Post,
    wanted: impl IntoIterator<Item = MaterialId>,
    purpose: Purpose,
) -> Result<(), PageError> {
    let l = post.visit.locale;
    let editions = Editions::load(&post.visit).await?;
    for edition in wanted.into_iter().filter_map(|id| editions.stopping(id, purpose)) {
        let what = edition.words(l);
        let words = match edition.is_recalled {
            true => td_string!(l, recall.asks, what = what),
            false => td_string!(l, recall.asks_newer, what = what),
        };
        ask(post, &edition.key(), words);
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
    let editions = Editions::load(visit).await?;
    Ok(editions.stopping(material, Purpose::More).map(|edition| {
        let words = edition.words(l);
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
        let (l, editions) = (visit.locale, Editions::load(visit).await?);
        let mark = |material: &Material| {
            let is_recalled = editions.recall(material.id).is_some();
            let mark = match material.superseded_by {
                _ if is_recalled => td_string!(l, recall.mark_recalled),
                Some(_) => td_string!(l, recall.mark_replaced),
                None => return None,
            };
            Some((material.id, mark))
        };
        Ok(Self(editions.materials.iter().filter_map(mark).collect()))
    }

    /// The label of an edition, marked where it is recalled or has a successor.
    pub fn label(&self, id: MaterialId, label: String) -> String {
        match self.0.get(&id) {
            Some(mark) => format!("{label} — {mark}"),
            None => label,
        }
    }
}

struct Editions {
    materials: Vec<Material>,
    recalls: Vec<Recall>,
}

impl Editions {
    async fn load(visit: &Visit) -> Result<Self, PageError> {
        let reader = visit.reader()?;
        let (materials, mut recalls) = (reader.materials().await?, reader.recalls().await?);
        recalls.retain(|recall| !recall.over);
        Ok(Self { materials, recalls })
    }

    fn find(&self, id: MaterialId) -> Option<&Material> {
        self.materials.iter().find(|material| material.id == id)
    }

    fn recall(&self, id: MaterialId) -> Option<&Recall> {
        self.recalls.iter().find(|recall| recall.material_id == id.uuid())
    }

    fn stopping(&self, id: MaterialId, purpose: Purpose) -> Option<Stopping<'_>> {
        let material = self.find(id)?;
        let recall = self.recall(id).and_then(|recall| RecallMode::parse(&recall.mode));
        let successor = self.last_successor(material);
        let stops = is_to_stop(recall, successor.is_some(), purpose);
        stops.then_some(Stopping { material, is_recalled: recall.is_some(), successor })
    }

    /// The edition at the end of the chain: those between are not to be used either.
    fn last_successor(&self, material: &Material) -> Option<&Material> {
        let next = |material: &&Material| material.superseded_by.and_then(|id| self.find(id));
        // Two people who save at once may close a circle.
        std::iter::successors(next(&material), next).take(self.materials.len()).last()
    }
}

struct Stopping<'m> {
    material: &'m Material,
    is_recalled: bool,
    successor: Option<&'m Material>,
}

impl Stopping<'_> {
    /// Names also why, so that a yes to one reason is none to another.
    fn key(&self) -> String {
        let why = if self.is_recalled { "recalled" } else { "replaced" };
        format!("{}_{why}", self.material.id)
    }

    fn words(&self, l: Locale) -> String {
        let name = |material: &Material| {
            let (title, edition) = (material.title.clone(), material.edition.clone());
            td_string!(l, recall.named, title = title, edition = edition)
        };
        let edition = name(self.material);
        let state = if self.is_recalled {
            td_string!(l, recall.is_recalled, edition = edition)
        } else {
            td_string!(l, recall.is_replaced, edition = edition)
        };
        match self.successor.map(name) {
            Some(edition) => {
                let successor = td_string!(l, recall.successor, edition = edition);
                format!("{state} {successor}")
            }
            None => state,
        }
    }
}
