//! Labels that were read for a form, and what is behind each: what the phone knows, or the material
//! that somebody sees in his hands.

use crate::form::Form;
use crate::home::cover;
use crate::parts::{button, heading, text};
use crate::quantity::{quantity, read_quantity};
use crate::{Phone, Word};
use domain::code::Code;
use domain::field::known::{Known, KnownMaterial, Read};
use domain::field::unknown;
use domain::ids::MaterialId;
use leptos::prelude::*;

/// The codes that were read, a word each.
pub const CODES: &str = "codes";

/// Where it is kept which material somebody saw behind a label.
fn seen(code: Code) -> String {
    format!("seen_{code}")
}

fn amount(code: Code) -> String {
    format!("of_{code}")
}

fn codes(words: &str) -> Vec<Code> {
    words.split(' ').filter_map(|code| Code::parse(code).ok()).collect()
}

/// The labels of a form; whoever asks hears of changes.
pub fn shown(form: Form) -> Vec<Code> {
    codes(&form.get(CODES))
}

pub fn read(form: Form) -> Vec<Code> {
    codes(&form.text(CODES))
}

/// Puts a label into a form; whether it was there before.
pub fn add(form: Form, code: Code) -> bool {
    let mut codes = read(form);
    if codes.contains(&code) {
        return true;
    }
    codes.push(code);
    let words: Vec<&str> = codes.iter().map(Code::as_str).collect();
    form.set(CODES, words.join(" "));
    // Labels are on cartons.
    form.set(&format!("{}_open", amount(code)), "1".to_owned());
    false
}

/// Takes a label out again, with what was said of it.
fn remove(form: Form, code: Code) {
    let others: Vec<Code> = read(form).into_iter().filter(|known| *known != code).collect();
    let words: Vec<&str> = others.iter().map(Code::as_str).collect();
    form.set(CODES, words.join(" "));
    form.set(&seen(code), String::new());
    for end in ["c", "b", "p"] {
        form.set(&format!("{}_{end}", amount(code)), String::new());
    }
}

/// What is behind a label, as far as the phone knows.
fn known(known: &Known, code: Code) -> Option<&KnownMaterial> {
    match known.read(code)? {
        Read::Pack(_, material) | Read::Batch(_, material) => Some(material),
        Read::Event(_) | Read::Consignment(_) => None,
    }
}

/// What is behind a label, as far as the phone knows or somebody says.
pub fn material(form: Form, books: &Known, code: Code) -> Option<&KnownMaterial> {
    known(books, code).or_else(|| {
        let seen: MaterialId = form.get(&seen(code)).parse().ok()?;
        books.material(seen)
    })
}

/// The labels of a form of which the phone does not know what they are on.
pub fn strange(form: Form, books: &Known) -> Vec<Code> {
    shown(form).into_iter().filter(|code| known(books, *code).is_none()).collect()
}

/// For whoever matches the codes later: what was behind labels that the phone did not know.
pub fn note(form: Form, books: &Known) -> Option<String> {
    let strange = strange(form, books).into_iter();
    unknown::note(strange.filter_map(|code| Some((code, material(form, books, code)?))))
}

/// The material behind a label; where nobody knows it, it is chosen by its picture.
pub fn which(form: Form, code: Code) -> AnyView {
    let phone = form.phone;
    let error = form.error(seen(code));
    let which = move || {
        let books = phone.known.get_untracked()?;
        let view = match material(form, &books, code) {
            Some(material) => {
                let again = known(&books, code).is_none().then(|| {
                    let clear = move || form.set(&seen(code), String::new());
                    button("phone-send", phone.word(Word::other_material), clear)
                });
                view! { {heading(material)}{again} }.into_any()
            }
            None => {
                let choose = move |id: MaterialId| form.set(&seen(code), id.to_string());
                let question = text("", phone.word(Word::which_material));
                view! { {question}{pick(phone, choose)} }.into_any()
            }
        };
        Some(view)
    };
    // What was sent is counted, whether its label was read or not.
    let mistake = move || {
        shown(form)
            .contains(&code)
            .then(|| button("phone-send", phone.word(Word::by_mistake), move || remove(form, code)))
    };
    view! { <div class="phone-box">{which}{error}{mistake}</div> }.into_any()
}

/// All materials, by the picture and the short number that are printed on them.
pub fn pick(phone: Phone, choose: impl Fn(MaterialId) + Copy + 'static) -> AnyView {
    let materials = phone.known.with_untracked(|known| {
        known.as_ref().map(|known| known.materials.items().to_vec()).unwrap_or_default()
    });
    let button = |material: KnownMaterial| {
        let press = move |_| choose(material.id);
        view! {
            <button type="button" class="phone-pick" on:click=press>
                {cover(&material)}
                <strong>{material.short_number.clone()}</strong>
                <span>{material.title.clone()}</span>
            </button>
        }
    };
    let buttons: Vec<_> = materials.into_iter().map(button).collect();
    view! { <div class="phone-picks">{buttons}</div> }.into_any()
}

/// A label with what is behind it and how much of that; a pack that the phone knows and of which
/// nobody says more is as it was packed.
pub fn counted(form: Form, code: Code) -> AnyView {
    let phone = form.phone;
    let pack = phone.known.with_untracked(|books| match books.as_ref()?.read(code)? {
        Read::Pack(pack, _) => Some(pack.pieces),
        Read::Batch(..) | Read::Event(_) | Read::Consignment(_) => None,
    });
    let how_many = move || match pack {
        Some(pieces) if !has_amount(form, code) => text("", phone.counted(Word::carton_of, pieces)),
        Some(_) | None => quantity(form, amount(code), phone.word(Word::quantity)),
    };
    view! {
        <section class="phone-part">
            <p class="quiet small" dir="ltr">{code.grouped()}</p>
            {which(form, code)}
            {how_many}
        </section>
    }
    .into_any()
}

fn has_amount(form: Form, code: Code) -> bool {
    !form.get(&format!("{}_c", amount(code))).is_empty()
}

/// One carton more behind a label that was read before.
pub fn one_more(form: Form, code: Code) {
    let name = format!("{}_c", amount(code));
    let before = form.shown(&name).unwrap_or(0).max(1);
    form.set(&name, (before + 1).to_string());
}

/// Marks a label of which nobody has said what is behind it.
pub fn is_missing(form: Form, code: Code) {
    form.wrong(&seen(code), form.phone.word(Word::choose_one));
}

/// How much there is behind a label.
pub enum Amount {
    /// The whole pack, as it was packed.
    Pack(i64),
    Pieces(i64),
}

/// Reads what is behind a label, with a mark at what is missing.
pub fn read_amount(form: Form, books: &Known, code: Code) -> Option<(MaterialId, Amount)> {
    let phone = form.phone;
    if let Some(Read::Pack(pack, material)) = books.read(code)
        && !has_amount(form, code)
    {
        return Some((material.id, Amount::Pack(pack.pieces)));
    }
    let Some(material) = material(form, books, code) else {
        is_missing(form, code);
        return None;
    };
    match read_quantity(form, material, &amount(code)) {
        Some(pieces) if pieces > 0 => Some((material.id, Amount::Pieces(pieces))),
        Some(_) | None => {
            form.wrong(&format!("{}_c", amount(code)), phone.word(Word::needed));
            None
        }
    }
}
