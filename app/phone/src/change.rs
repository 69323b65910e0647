//! Something happened to stock in a store: damaged, lost, found.

use crate::form::{Checked, Form};
use crate::labels::{self, Amount};
use crate::place::{chosen_store, store_choice};
use crate::{Phone, Said, Target, Word, WordList};
use domain::code::Code;
use domain::field::known::{Known, KnownMaterial, Read, Shift};
use domain::field::outbox::Job;
use domain::field::unknown::Besides;
use domain::ids::{BatchId, MaterialId};
use domain::ledger::Reason;
use domain::pieces::Pieces;
use domain::records::keeping::{BatchPieces, Change, StockChange};
use leptos::prelude::*;
use uuid::Uuid;

/// What can have happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    Damaged,
    Lost,
    Found,
}

impl What {
    pub const ALL: [Self; 3] = [Self::Damaged, Self::Lost, Self::Found];

    pub const fn job(self) -> Job {
        match self {
            Self::Damaged => Job::Damaged,
            Self::Lost => Job::Lost,
            Self::Found => Job::Found,
        }
    }

    /// The draft of its form, and its screen.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Damaged => "damaged",
            Self::Lost => "lost",
            Self::Found => "found",
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
    let form = Form::new(phone, Target::Change(what).key());
    let known =
        phone.known.get_untracked().unwrap_or_else(|| unreachable!("the frame asks for it"));
    let w = |word| phone.word(word);
    let reasons = phone.list(what.reasons());
    let options = known.batches.items().iter().filter_map(|batch| {
        let material = known.material(batch.material)?;
        Some((batch.id.to_string(), format!("{} · {}", material.label(), batch.code.grouped())))
    });
    let options: Vec<_> = options.collect();
    let labels = Memo::new(move |_| labels::shown(form));
    // What was read off labels, or one batch of the list.
    let of_what = move || match labels.get() {
        labels if labels.is_empty() => view! {
            {form.select("batch", phone.word(Word::batch), options.clone())}
            {form.number("pieces", phone.word(Word::quantity))}
        }
        .into_any(),
        labels => {
            labels.into_iter().map(|code| labels::counted(form, code)).collect_view().into_any()
        }
    };
    let keep = form.keep_bar(Box::new(move |form| read(form, what, &phone.known.get_untracked()?)));
    view! {
        {phone.head(phone.job(what.job()))}
        {store_choice(form, &known)}
        {Target::Change(what).link(phone)}
        {of_what}
        {form.select("why", w(Word::why), reasons)}
        {keep}
    }
    .into_any()
}

/// A batch with its pieces; of a label that the phone does not know the server finds out which.
struct Line {
    batch: Option<BatchId>,
    material: MaterialId,
    pieces: Pieces,
    code: Option<Code>,
}

fn read_label(form: Form, known: &Known, code: Code) -> Option<Line> {
    let (material, amount) = labels::read_amount(form, known, code)?;
    let (Amount::Pack(pieces) | Amount::Pieces(pieces)) = amount;
    let batch = match known.read(code) {
        Some(Read::Batch(batch, _)) => Some(batch.id),
        Some(Read::Pack(pack, _)) => Some(pack.batch),
        Some(Read::Event(_) | Read::Consignment(_)) | None => None,
    };
    let pieces = Pieces::new(pieces).ok()?;
    Some(Line { batch, material, pieces, code: Some(code) })
}

fn read_list(form: Form, known: &Known) -> Option<Line> {
    let batch: Option<BatchId> = form.chosen("batch", |id| id.parse().ok());
    let pieces = form.needed("pieces").and_then(|pieces| Pieces::new(pieces).ok());
    if pieces.is_none() {
        form.wrong("pieces", form.phone.word(Word::needed));
    }
    let material = known.batch(batch?)?.material;
    Some(Line { batch, material, pieces: pieces?, code: None })
}

fn read(form: Form, what: What, known: &Known) -> Option<Checked> {
    let phone = form.phone;
    let store = chosen_store(form, known);
    let labels = labels::read(form);
    let lines: Option<Vec<Line>> = match labels.is_empty() {
        true => read_list(form, known).map(|line| vec![line]),
        false => labels.iter().map(|code| read_label(form, known, *code)).collect(),
    };
    let reason = form.chosen("why", Reason::parse);
    let (store, lines, reason) = (store?, lines?, reason?);
    let (change, sign) = match what {
        What::Damaged => (Change::Damaged, -1),
        What::Lost => (Change::Lost, -1),
        What::Found => (Change::Found, 1),
    };
    let shift =
        |line: &Line| Shift { store, material: line.material, pieces: sign * line.pieces.get() };
    let shifts: Vec<Shift> = lines.iter().map(shift).collect();
    let label = |line: &Line| known.material(line.material).map(KnownMaterial::label);
    let by_code = lines.iter().enumerate().filter(|(_, line)| line.batch.is_none());
    let by_code = by_code.filter_map(|(n, line)| Some((format!("/lines/{n}/batch"), line.code?)));
    let said = Said {
        job: what.job(),
        about: lines.iter().filter_map(label).collect::<Vec<_>>().join(", "),
        pieces: lines.iter().map(|line| line.pieces.get()).sum(),
        scanned: !labels.is_empty(),
        on: None,
        besides: Besides { by_code: by_code.collect(), note: labels::note(form, known) },
        undoes: None,
        shifts,
    };
    let doubts = phone.doubts(known, store, &said.shifts);
    let unknown = BatchId::new(Uuid::nil());
    let lines = lines.iter();
    let lines = lines
        .map(|line| BatchPieces { batch: line.batch.unwrap_or(unknown), pieces: line.pieces })
        .collect();
    let body = StockChange { store, change, reason, lines };
    Some(Checked::new(doubts, async move { phone.keep(said, &body).await }))
}
