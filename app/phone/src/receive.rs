//! What came: cartons first, pieces only from open ones, counted without knowing what was sent.

use crate::form::{Checked, Form};
use crate::home::cover;
use crate::{Phone, Said, Word, WordList};
use domain::consignment::{CountedLine, Rest};
use domain::field::known::{Known, KnownBatch, KnownConsignment, KnownMaterial, Shift};
use domain::field::outbox::Job;
use domain::ids::ConsignmentId;
use domain::ledger::Reason;
use domain::pieces::MOST_PIECES;
use domain::records::consignment::Delivery;
use leptos::prelude::*;

pub fn show(phone: Phone, id: ConsignmentId) -> AnyView {
    let found = phone.known.with_untracked(|known| {
        let known = known.as_ref()?;
        Some((known.clone(), known.consignment(id)?.clone()))
    });
    let title = phone.word(Word::count_it);
    let Some((known, consignment)) = found else {
        let text = phone.word(Word::no_such_consignment);
        return view! { {phone.head(title)}<p class="phone-part">{text}</p> }.into_any();
    };
    let form = Form::new(phone, format!("receive/{id}"));
    let parts: Vec<_> = lines(&known, &consignment)
        .into_iter()
        .map(|(batch, material)| line_part(form, batch, material))
        .collect();
    let rest = vec![
        ("nothing_more".to_owned(), phone.word(Word::rest_nothing)),
        ("still_coming".to_owned(), phone.word(Word::rest_coming)),
    ];
    let line = format!("{} · {}", consignment.number, consignment.from_name);
    let keep = form.keep_bar(Box::new(move |form| {
        let known = phone.known.get_untracked()?;
        read(form, &known, &consignment)
    }));
    view! {
        {phone.head(title)}
        <p class="quiet">{line}</p>
        {parts}
        {form.select("rest", phone.word(Word::rest), rest)}
        {keep}
    }
    .into_any()
}

fn lines(known: &Known, consignment: &KnownConsignment) -> Vec<(KnownBatch, KnownMaterial)> {
    let line = |batch: &domain::ids::BatchId| {
        let batch = known.batch(*batch)?;
        Some((batch.clone(), known.material(batch.material)?.clone()))
    };
    consignment.batches.iter().filter_map(line).collect()
}

fn line_part(form: Form, batch: KnownBatch, material: KnownMaterial) -> AnyView {
    let (phone, id) = (form.phone, batch.id);
    let [sealed, good, damaged, why] =
        [Word::sealed_cartons, Word::loose_good, Word::loose_damaged, Word::damage_why]
            .map(|word| phone.word(word));
    let size = phone.counted(Word::carton_size, batch.per_carton);
    let reasons = phone.list(WordList::damage_reasons);
    let damage = move || {
        let some = form.shown(&format!("damaged_{id}")).unwrap_or(0) > 0;
        some.then(|| form.select(&format!("why_{id}"), why.clone(), reasons.clone()))
    };
    view! {
        <section class="phone-part">
            <h2 class="phone-material">{cover(&material)}<span>{material.label()}</span></h2>
            <p class="quiet small">
                <span dir="ltr">{batch.code.grouped()}</span>" · "{size}
            </p>
            <div class="phone-grid three">
                {form.number(&format!("cartons_{id}"), sealed)}
                {form.number(&format!("good_{id}"), good)}
                {form.number(&format!("damaged_{id}"), damaged)}
            </div>
            {damage}
        </section>
    }
    .into_any()
}

fn read(form: Form, known: &Known, consignment: &KnownConsignment) -> Option<Checked> {
    let phone = form.phone;
    let (mut counted, mut shifts) = (Vec::new(), Vec::new());
    for (batch, material) in lines(known, consignment) {
        let id = batch.id;
        // An empty box and a zero are different statements: nothing may be passed over.
        let full_cartons = form.needed(&format!("cartons_{id}")).unwrap_or(0);
        let loose = form.count(&format!("good_{id}")).unwrap_or(0);
        let damaged = form.count(&format!("damaged_{id}")).unwrap_or(0);
        let good = full_cartons.saturating_mul(batch.per_carton).saturating_add(loose);
        if good > MOST_PIECES {
            form.wrong(&format!("cartons_{id}"), phone.word(Word::too_many));
        }
        let damage = match damaged {
            0 => None,
            _ => form.chosen(&format!("why_{id}"), Reason::parse),
        };
        counted.push(CountedLine {
            batch: id,
            full_cartons,
            packs: Vec::new(),
            good,
            damaged,
            damage,
        });
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
    let said = Said {
        job: Job::Received,
        about: consignment.number.clone(),
        pieces: counted.iter().map(|line| line.good + line.damaged).sum(),
        shifts,
        scanned: false,
        on: None,
    };
    let body = Delivery { consignment: consignment.id, lines: counted, rest, besides: Vec::new() };
    Some(Checked::new(Vec::new(), async move { phone.keep(said, &body).await }))
}
