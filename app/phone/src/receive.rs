//! What came: cartons first, pieces only from open ones, counted without knowing what was sent.

use crate::form::{Checked, Form};
use crate::labels;
use crate::parts::text;
use crate::{Phone, Said, Target, Word, WordList};
use domain::code::Code;
use domain::consignment::{CountedLine, Rest};
use domain::field::known::{Known, KnownBatch, KnownConsignment, KnownMaterial, Read, Shift};
use domain::field::outbox::Job;
use domain::field::unknown::Besides;
use domain::ids::BatchId;
use domain::ledger::Reason;
use domain::pieces::MOST_PIECES;
use domain::records::consignment::Delivery;
use leptos::prelude::*;
use uuid::Uuid;

/// What is counted together: a batch that was sent, or one whose label was read off what came.
#[derive(Clone)]
struct Line {
    code: Code,
    /// Of a label that the phone does not know the server finds out what it is.
    batch: Option<KnownBatch>,
    /// Nobody has said yet what is behind the label.
    material: Option<KnownMaterial>,
}

impl Line {
    fn per_carton(&self) -> Option<i64> {
        let known = self.batch.as_ref().map(|batch| batch.per_carton);
        known.or_else(|| self.material.as_ref().map(|material| material.packing.per_carton()))
    }

    fn name(&self, what: &str) -> String {
        format!("{what}_{}", self.code)
    }
}

pub fn show(phone: Phone, code: Code) -> AnyView {
    let known =
        phone.known.get_untracked().unwrap_or_else(|| unreachable!("the frame asks for it"));
    let consignment = match known.read(code) {
        Some(Read::Consignment(consignment)) => consignment.clone(),
        _ => known.consignment_by_code(code),
    };
    let form = Form::new(phone, Target::Receive(code).key());
    let parts = {
        let consignment = consignment.clone();
        let lines = Memo::new(move |_| {
            lines(form, &consignment).into_iter().map(|line| line.code).collect::<Vec<_>>()
        });
        move || lines.get().into_iter().map(|code| line_part(form, code)).collect_view()
    };
    let rest = vec![
        ("nothing_more".to_owned(), phone.word(Word::rest_nothing)),
        ("still_coming".to_owned(), phone.word(Word::rest_coming)),
    ];
    let head = match consignment.is_by_code() {
        true => text("phone-notice", phone.word(Word::consignment_by_code)),
        false => text("quiet", format!("{} · {}", consignment.number, consignment.from_name)),
    };
    let keep = form.keep_bar(Box::new(move |form| read(form, &consignment)));
    view! {
        {phone.head(phone.word(Word::count_it))}
        {head}
        {Target::Receive(code).link(phone)}
        {parts}
        {form.select("rest", phone.word(Word::rest), rest)}
        {keep}
    }
    .into_any()
}

/// What was sent, then what came besides.
fn lines(form: Form, consignment: &KnownConsignment) -> Vec<Line> {
    let Some(known) = form.phone.known.get_untracked() else { return Vec::new() };
    let sent = consignment.batches.iter().filter_map(|batch| known.batch(*batch));
    let mut lines: Vec<Line> = sent.map(|batch| line(form, &known, batch.code)).collect();
    for label in labels::shown(form) {
        let found = line(form, &known, label);
        if lines.iter().all(|line| line.code != found.code) {
            lines.push(found);
        }
    }
    lines
}

/// The labels of a batch's packs count with the batch.
fn line(form: Form, known: &Known, label: Code) -> Line {
    let batch = match known.read(label) {
        Some(Read::Batch(batch, _)) => Some(batch),
        Some(Read::Pack(pack, _)) => known.batch(pack.batch),
        Some(Read::Event(_) | Read::Consignment(_)) | None => None,
    };
    Line {
        code: batch.map_or(label, |batch| batch.code),
        batch: batch.cloned(),
        material: labels::material(form, known, label).cloned(),
    }
}

fn line_part(form: Form, code: Code) -> AnyView {
    let phone = form.phone;
    let [sealed, good, damaged, why] =
        [Word::sealed_cartons, Word::loose_good, Word::loose_damaged, Word::damage_why]
            .map(|word| phone.word(word));
    let known = phone.known.get_untracked();
    let size = move || {
        let known = known.as_ref()?;
        let size = line(form, known, code).per_carton()?;
        Some(format!(" · {}", phone.counted(Word::carton_size, size)))
    };
    let reasons = phone.list(WordList::damage_reasons);
    let damage = move || {
        let some = form.shown(&format!("damaged_{code}")).unwrap_or(0) > 0;
        some.then(|| form.select(&format!("why_{code}"), why.clone(), reasons.clone()))
    };
    view! {
        <section class="phone-part">
            {labels::which(form, code)}
            <p class="quiet small"><span dir="ltr">{code.grouped()}</span>{size}</p>
            <div class="phone-grid three">
                {form.number(&format!("cartons_{code}"), sealed)}
                {form.number(&format!("good_{code}"), good)}
                {form.number(&format!("damaged_{code}"), damaged)}
            </div>
            {damage}
        </section>
    }
    .into_any()
}

fn read(form: Form, consignment: &KnownConsignment) -> Option<Checked> {
    let phone = form.phone;
    let known = phone.known.get_untracked()?;
    let (mut counted, mut shifts, mut by_code) = (Vec::new(), Vec::new(), Vec::new());
    if consignment.is_by_code() {
        by_code.push(("/consignment".to_owned(), consignment.code));
    }
    for line in lines(form, consignment) {
        // An empty box and a zero are different statements: nothing may be passed over.
        let full_cartons = form.needed(&line.name("cartons")).unwrap_or(0);
        let loose = form.count(&line.name("good")).unwrap_or(0);
        let damaged = form.count(&line.name("damaged")).unwrap_or(0);
        let Some((per_carton, material)) = line.per_carton().zip(line.material.as_ref()) else {
            labels::is_missing(form, line.code);
            continue;
        };
        let good = full_cartons.saturating_mul(per_carton).saturating_add(loose);
        if good > MOST_PIECES {
            form.wrong(&line.name("cartons"), phone.word(Word::too_many));
        }
        let damage = match damaged {
            0 => None,
            _ => form.chosen(&line.name("why"), Reason::parse),
        };
        let batch = line.batch.as_ref().map_or(BatchId::new(Uuid::nil()), |batch| batch.id);
        if line.batch.is_none() {
            by_code.push((format!("/lines/{}/batch", counted.len()), line.code));
        }
        counted.push(CountedLine { batch, full_cartons, packs: Vec::new(), good, damaged, damage });
        shifts.push(Shift { store: consignment.to, material: material.id, pieces: good });
    }
    let rest = form.chosen("rest", |word| match word {
        "nothing_more" => Some(Rest::NothingMore),
        "still_coming" => Some(Rest::StillComing),
        _ => None,
    });
    let rest = rest?;
    if !form.is_right() {
        return None;
    }
    if counted.is_empty() {
        phone.notice.set(Some((true, phone.word(Word::nothing_said))));
        return None;
    }
    let said = Said {
        job: Job::Received,
        about: consignment.number.clone(),
        pieces: counted.iter().map(|line| line.good + line.damaged).sum(),
        shifts,
        scanned: !labels::read(form).is_empty(),
        on: None,
        besides: Besides { by_code, note: labels::note(form, &known) },
        undoes: None,
    };
    let body = Delivery { consignment: consignment.id, lines: counted, rest, besides: Vec::new() };
    Some(Checked::new(Vec::new(), async move { phone.keep(said, &body).await }))
}
