//! Something happened to stock in a store: damaged, lost, found.

use super::form::{Checked, Form};
use super::place::{chosen_store, store_choice};
use super::{FieldWords, Phone, Said};
use domain::field::known::{Known, Shift};
use domain::field::outbox::Job;
use domain::ids::BatchId;
use domain::ledger::Reason;
use domain::pieces::Pieces;
use domain::records::keeping::{BatchPieces, Change, StockChange};
use leptos::prelude::*;

/// What can have happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    Damaged,
    Lost,
    Found,
}

impl What {
    const fn job(self) -> Job {
        match self {
            Self::Damaged => Job::Damaged,
            Self::Lost => Job::Lost,
            Self::Found => Job::Found,
        }
    }

    const fn reasons(self, words: &FieldWords) -> &Vec<(String, String)> {
        match self {
            Self::Damaged => &words.damage_reasons,
            Self::Lost => &words.loss_reasons,
            Self::Found => &words.find_reasons,
        }
    }
}

pub fn show(phone: Phone, what: What) -> AnyView {
    let form = Form::new(phone, format!("{what:?}"));
    let known =
        phone.known.get_untracked().unwrap_or_else(|| unreachable!("the frame asks for it"));
    let w = |of: fn(&super::FieldWords) -> &String| phone.word(of);
    let reasons = phone.words(|words| what.reasons(words).clone());
    let options = known.batches.items().iter().filter_map(|batch| {
        let material = known.material(batch.material)?;
        Some((batch.id.to_string(), format!("{} · {}", material.label(), batch.code.grouped())))
    });
    let keep = form.keep_bar(move |form| read(form, what, &phone.known.get_untracked()?));
    view! {
        {phone.head(phone.job(what.job()))}
        {store_choice(form, &known)}
        {form.select("batch", w(|words| &words.batch), options.collect())}
        {form.number("pieces", w(|words| &words.quantity))}
        {form.select("why", w(|words| &words.why), reasons)}
        {keep}
    }
    .into_any()
}

fn read(form: Form, what: What, known: &Known) -> Option<Checked> {
    let phone = form.phone;
    let store = chosen_store(form, known);
    let batch: Option<BatchId> = form.chosen("batch", |id| id.parse().ok());
    let pieces = form.needed("pieces").and_then(|pieces| Pieces::new(pieces).ok());
    if pieces.is_none() {
        form.wrong("pieces", phone.word(|words| &words.needed));
    }
    let reason = form.chosen("why", Reason::parse);
    let (store, batch, pieces, reason) = (store?, batch?, pieces?, reason?);
    let material = known.batch(batch)?.material;
    let (change, signed) = match what {
        What::Damaged => (Change::Damaged, -pieces.get()),
        What::Lost => (Change::Lost, -pieces.get()),
        What::Found => (Change::Found, pieces.get()),
    };
    let shifts = vec![Shift { store, material, pieces: signed }];
    let doubts = phone.doubts(known, store, &shifts);
    let about = known.material(material).map(|material| material.label()).unwrap_or_default();
    let said = Said { job: what.job(), about, pieces: pieces.get(), shifts, scanned: false };
    let lines = vec![BatchPieces { batch, pieces }];
    let body = StockChange { store, change, reason, lines };
    Some(Checked::new(doubts, async move { phone.keep(said, &body).await }))
}
