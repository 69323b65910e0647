//! Pieces, as people count them: in one box, or in cartons, bundles and loose pieces.

use crate::Word;
use crate::form::Form;
use domain::event_sheet::amount;
use domain::field::known::KnownMaterial;
use leptos::prelude::*;

/// The boxes of a quantity: cartons, bundles, loose pieces.
const PARTS: [&str; 3] = ["c", "b", "p"];

/// A box for pieces, which opens into cartons, bundles and pieces.
pub fn quantity(form: Form, name: String, label: String) -> AnyView {
    let phone = form.phone;
    let open = format!("{name}_open");
    let (shown, label_of) = (open.clone(), label.clone());
    let boxes = {
        let name = name.clone();
        move || match form.get(&shown).is_empty() {
            true => form.number(&format!("{name}_p"), label_of.clone()),
            false => {
                let part = |end: &str, word: String| {
                    form.number(&format!("{name}_{end}"), format!("{label_of}: {word}"))
                };
                let [cartons, bundles, loose] =
                    [Word::cartons, Word::bundles, Word::loose].map(|word| phone.word(word));
                view! {
                    <div class="phone-grid three">
                        {part("c", cartons)}{part("b", bundles)}{part("p", loose)}
                    </div>
                }
                .into_any()
            }
        }
    };
    view! {
        <div class="phone-quantity">
            {boxes}
            {form.toggle(&open, phone.word(Word::in_cartons))}
        </div>
    }
    .into_any()
}

/// The pieces of a quantity as it stands.
pub fn shown(form: Form, material: &KnownMaterial, name: &str) -> Option<i64> {
    let open = !form.get(&format!("{name}_open")).is_empty();
    let parts =
        PARTS.map(|end| form.shown(&format!("{name}_{end}")).filter(|_| open || end == "p"));
    amount(material.packing, parts).ok().flatten()
}

/// The same with a mark at what is wrong.
pub fn read_quantity(form: Form, material: &KnownMaterial, name: &str) -> Option<i64> {
    // Boxes that nobody sees say nothing.
    let open = !form.text(&format!("{name}_open")).is_empty();
    let parts = PARTS.map(|end| {
        let is_seen = open || end == "p";
        is_seen.then(|| form.count(&format!("{name}_{end}"))).flatten()
    });
    match amount(material.packing, parts) {
        Ok(pieces) => pieces,
        Err(_) => {
            form.wrong(&format!("{name}_p"), form.phone.word(Word::too_many));
            None
        }
    }
}
