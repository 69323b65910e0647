//! Something happened to stock in a store: damaged, lost, found.

use crate::form::{Checked, Form};
use crate::place::{chosen_store, store_choice};
use crate::{Phone, Said, Word, WordList};
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

    const fn reasons(self) -> WordList {
        match self {
            Self::Damaged => WordList::damage_reasons,
            Self::Lost => WordList::loss_reasons,
            Self::Found => WordList::find_reasons,
        }
    }
}

pub fn show(phone: Phone, what: What) -> AnyView {
    let form = Form::new(phone, format!("{what:?}"));
    let known =
        phone.known.get_untracked().unwrap_or_else(|| unreachable!("the frame asks for it"));
    let w = |word| phone.word(word);
    let reasons = phone.list(what.reasons());
    let options = known.batches.items().iter().filter_map(|batch| {
        let material = known.material(batch.material)?;
        Some((batch.id.to_string(), format!("{} · {}", material.label(), batch.code.grouped())))
    });
    let keep = form.keep_bar(Box::new(move |form| read(form, what, &phone.known.get_untracked()?)));
    view! {
        {phone.head(phone.job(what.job()))}
        {store_choice(form, &known)}
        {form.select("batch", w(Word::batch), options.collect())}
        {form.number("pieces", w(Word::quantity))}
        {form.select("why", w(Word::why), reasons)}
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
        form.wrong("pieces", phone.word(Word::needed));
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
    let said =
        Said { job: what.job(), about, pieces: pieces.get(), shifts, scanned: false, on: None };
    let lines = vec![BatchPieces { batch, pieces }];
    let body = StockChange { store, change, reason, lines };
    Some(Checked::new(doubts, async move { phone.keep(said, &body).await }))
}
