//! Pieces left in a public place, without an event.

use crate::form::{Checked, Form};
use crate::home::cover;
use crate::labels::{self, Amount};
use crate::{Phone, Said, Target, Word, WordList};
use domain::events::PublicPlace;
use domain::field::known::{Known, KnownMaterial, Shift};
use domain::field::outbox::Job;
use domain::field::unknown::Besides;
use domain::ids::StoreId;
use domain::pieces::Pieces;
use domain::records::events::{Goods, LeaveInPublic};
use domain::role::PlaceCode;
use leptos::prelude::*;

pub fn show(phone: Phone) -> AnyView {
    let form = Form::new(phone, Target::Drop.key());
    let w = |word| phone.word(word);
    let known =
        phone.known.get_untracked().unwrap_or_else(|| unreachable!("the frame asks for it"));
    let places = known.places.items().iter();
    let places = places.map(|p| (p.code.as_str().to_owned(), p.name.of(phone.lang).to_owned()));
    let kinds = phone.list(WordList::public_places);
    let codes = Memo::new(move |_| labels::shown(form));
    let read_labels =
        move || codes.get().into_iter().map(|code| labels::counted(form, code)).collect_view();
    let boxes: Vec<_> = materials_here(&known).into_iter().map(|m| material_box(form, m)).collect();
    let keep = form.keep_bar(Box::new(move |form| read(form, &phone.known.get_untracked()?)));
    view! {
        {phone.head(w(Word::job_drop))}
        {store_choice(form, &known)}
        {form.select("place", w(Word::place), places.collect())}
        {form.select("kind", w(Word::which_place), kinds)}
        {form.number("places", w(Word::places_n))}
        <section class="phone-part">
            <h2>{w(Word::quantity)}</h2>
            {Target::Drop.link(phone)}
            {read_labels}
            {boxes}
        </section>
        {keep}
    }
    .into_any()
}

fn material_box(form: Form, material: KnownMaterial) -> AnyView {
    view! {
        <div class="phone-row">
            {cover(&material)}
            {form.number(&format!("pieces_{}", material.id), material.label())}
        </div>
    }
    .into_any()
}

/// The materials of which the user's stores have some.
fn materials_here(known: &Known) -> Vec<KnownMaterial> {
    let mut here: Vec<KnownMaterial> = Vec::new();
    let held = known.stores.items().iter().flat_map(|store| &store.holds);
    for (batch, _) in held {
        let material = known.batch(*batch).and_then(|batch| known.material(batch.material));
        if let Some(material) = material.filter(|m| !here.iter().any(|known| known.id == m.id)) {
            here.push(material.clone());
        }
    }
    here
}

/// Whoever has one store is not asked for it.
pub fn store_choice(form: Form, known: &Known) -> Option<AnyView> {
    let stores = known.stores.items();
    if stores.len() < 2 {
        return None;
    }
    let options = stores.iter().map(|store| (store.id.to_string(), store.name.clone())).collect();
    Some(form.select("store", form.phone.word(Word::store), options))
}

pub fn chosen_store(form: Form, known: &Known) -> Option<StoreId> {
    match known.stores.items() {
        [only] => Some(only.id),
        _ => form.chosen("store", |id| id.parse().ok()),
    }
}

fn read(form: Form, known: &Known) -> Option<Checked> {
    let phone = form.phone;
    let store = chosen_store(form, known);
    let in_known =
        |code: &str| known.places.items().iter().any(|place| place.code.as_str() == code);
    let place = form.chosen("place", |code| in_known(code).then(|| PlaceCode::new(code)));
    let kind = form.chosen("kind", PublicPlace::parse);
    let places = form.count("places");
    let (mut goods, mut moved) = (Goods::default(), Vec::new());
    for code in labels::read(form) {
        match labels::read_amount(form, known, code)? {
            (material, Amount::Pack(pieces)) => {
                goods.packs.push(code);
                moved.push((material, pieces));
            }
            (material, Amount::Pieces(pieces)) => {
                goods.batches.extend(Pieces::new(pieces).ok().map(|pieces| (code, pieces)));
                moved.push((material, pieces));
            }
        }
    }
    for material in known.materials.items() {
        let pieces = form.count(&format!("pieces_{}", material.id)).filter(|pieces| *pieces > 0);
        let pieces = pieces.and_then(|pieces| Pieces::new(pieces).ok());
        goods.materials.extend(pieces.map(|pieces| (material.id, pieces)));
    }
    if goods.is_empty() {
        phone.notice.set(Some((true, phone.word(Word::nothing_said))));
        return None;
    }
    let (store, place, kind) = (store?, place?, kind?);
    if !form.is_right() {
        return None;
    }
    moved.extend(goods.materials.iter().map(|(material, pieces)| (*material, pieces.get())));
    let shift = |(material, pieces): (_, i64)| Shift { store, material, pieces: -pieces };
    let shifts: Vec<Shift> = moved.into_iter().map(shift).collect();
    let doubts = phone.doubts(known, store, &shifts);
    let said = Said {
        job: Job::Drop,
        about: phone.named(WordList::public_places, kind.as_str()),
        pieces: -shifts.iter().map(|shift| shift.pieces).sum::<i64>(),
        shifts,
        scanned: !goods.packs.is_empty() || !goods.batches.is_empty(),
        on: None,
        besides: Besides { note: labels::note(form, known), ..Besides::default() },
        undoes: None,
    };
    let body = LeaveInPublic { store, place, kind, places, goods };
    Some(Checked::new(doubts, async move { phone.keep(said, &body).await }))
}
