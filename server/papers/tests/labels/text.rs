//! The words on a label, in three languages, as a reader of the PDF gets them.

use domain::code::CodeKind;
use papers::labels::{Label, LabelJob, LabelLanguage, Sheet, pdf};

use crate::tools::{Folder, words};
use crate::{PUBLIC_URL, carton_in};

fn words_of(sheet: Sheet, label: &Label) -> String {
    let folder = Folder::new();
    let labels = [label.clone()];
    words(&folder, &pdf(&LabelJob::new(sheet, PUBLIC_URL, &labels)).unwrap())
}

#[test]
fn an_english_label_says_all_that_it_was_given() {
    for sheet in Sheet::ALL {
        let label = carton_in(LabelLanguage::English, 7);
        let words = words_of(sheet, &label);
        for text in ["PrintedpaperM3", "500pieces", "Dari", "carton7of60", &label.code.grouped()] {
            assert!(words.contains(text), "{sheet:?} lacks {text}: {words}");
        }
    }
}

#[test]
fn whoever_has_only_the_carton_can_type_its_batch() {
    for sheet in Sheet::ALL {
        for language in [LabelLanguage::English, LabelLanguage::Dari, LabelLanguage::Pashto] {
            let words = words_of(sheet, &carton_in(language, 7));
            assert!(words.contains("421A-5000-00F"), "{sheet:?}: {words}");
        }
    }
}

#[test]
fn dari_and_pashto_read_from_right_to_left_with_persian_digits() {
    for sheet in Sheet::ALL {
        let dari = carton_in(LabelLanguage::Dari, 7);
        let words = words_of(sheet, &dari);
        for text in ["کاغذچاپی", "دری", "۲,۵۰۰قطعه", "کارتن۷از۶۰", &dari.code.grouped()]
        {
            assert!(words.contains(text), "{sheet:?} lacks {text}: {words}");
        }
        let pashto = carton_in(LabelLanguage::Pashto, 7);
        let words = words_of(sheet, &pashto);
        for text in ["چاپشوېپاڼې", "پښتو", "۲,۵۰۰ټوټې", "کارتن۷له۶۰څخه", &pashto.code.grouped()]
        {
            assert!(words.contains(text), "{sheet:?} lacks {text}: {words}");
        }
    }
}

#[test]
fn a_short_number_keeps_its_latin_digits_in_every_language() {
    let words = words_of(Sheet::A4x4, &carton_in(LabelLanguage::Pashto, 7));
    assert!(words.contains("M12"), "{words}");
}

#[test]
fn a_batch_label_without_a_position_leaves_it_out() {
    let label = Label {
        kind: CodeKind::Batch,
        position_text: String::new(),
        batch: None,
        ..carton_in(LabelLanguage::English, 7)
    };
    let words = words_of(Sheet::L7163, &label);
    assert!(!words.contains("carton") && words.contains(&label.code.grouped()), "{words}");
}

#[test]
fn a_name_that_never_ends_is_cut_and_the_code_still_stands_there() {
    for name in
        ["long ".repeat(400), "x".repeat(2000), "دراز ".repeat(400), "\u{202e}\n\t=1+1".into()]
    {
        for sheet in Sheet::ALL {
            let label = Label { outside_name: name.clone(), ..carton_in(LabelLanguage::Dari, 7) };
            let words = words_of(sheet, &label);
            assert!(words.contains(&label.code.grouped()), "{sheet:?}: {words}");
            assert!(words.len() < 500, "{sheet:?}: {words}");
        }
    }
}
