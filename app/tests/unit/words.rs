//! Numbers and names as they are said.

use app::features::consignments::words::{
    as_printed, load_words, pack_numbers, pack_ranges, volume, weight,
};
use app::features::materials::words::outside_words;
use app::i18n::Locale;
use app::ui::{Words, percent, total};
use domain::calendar::Lang;
use domain::consignment::Load;
use domain::pack::PackKind;

#[test]
fn per_cent_is_rounded_to_tenths() {
    assert_eq!(percent(90, 359, Lang::En).as_deref(), Some("25.1 %"));
    assert_eq!(percent(1, 0, Lang::En), None);
    assert_eq!(percent(90, 359, Lang::Fa).as_deref(), Some("۲۵٫۱٪"));
}

#[test]
fn missing_words_are_missing_in_every_form() {
    for words in [Words::from(""), Words::from(None::<String>), Words::from(Some(""))] {
        assert!(words.is_missing());
    }
    assert_eq!(Words::from(Some("x")).get().as_deref(), Some("x"));
}

#[test]
fn cartons_and_bundles_need_a_packing_and_loose_pieces_do_not() {
    assert_eq!(total([Some(12), None, Some(7)], Some((50, 10))), Some(6_007));
    assert_eq!(total([None, Some(2), None], Some((50, 10))), Some(100));
    assert_eq!(total([None, None, Some(7)], None), Some(7));
    assert_eq!(total([Some(1), None, None], None), None);
    assert_eq!(total([None; 3], Some((50, 10))), None);
    assert_eq!(total([Some(i64::MAX), None, None], Some((50, 10))), None);
}

#[test]
fn a_number_is_said_once() {
    assert_eq!(outside_words("Printed paper M1", "M1"), "Printed paper M1");
    assert_eq!(outside_words("Printed paper M12", "M1"), "Printed paper M12 (M1)");
    assert_eq!(outside_words("Printed paper", "M1"), "Printed paper (M1)");
}

#[test]
fn packs_are_named_in_runs() {
    let packs = [1, 2, 3, 7].map(|number| (PackKind::Carton, number, 60));
    assert_eq!(pack_ranges(Locale::en, Lang::En, packs), "Cartons 1–3, 7 of 60");
    let one = [(PackKind::Carton, 10, 20)];
    assert_eq!(pack_ranges(Locale::en, Lang::En, one), "Carton 10 of 20");
    assert_eq!(pack_numbers(Locale::en, Lang::En, packs), "Cartons 1–3, 7");
    assert_eq!(pack_numbers(Locale::en, Lang::En, one), "Carton 10");
}

#[test]
fn one_of_a_thing_is_one() {
    let load = Load { cartons: 1, bundles: 2, loose: 1, ..Load::default() };
    let words = load_words(Locale::en, Lang::En, &load);
    assert_eq!(words, "1 carton · 2 bundles · 1 loose piece");
}

#[test]
fn what_is_printed_adds_up() {
    let line = |grams, cm3| {
        as_printed(&Load { weight_g: Some(grams), volume_cm3: Some(cm3), ..Load::default() })
    };
    let total = Load::sum([line(67_240, 251_000), line(67_240, 241_000)]);
    assert_eq!(weight(Locale::en, Lang::En, total.weight_g), "134.4 kg");
    assert_eq!(volume(Locale::en, Lang::En, total.volume_cm3), "0.51 m³");
}

#[test]
fn weights_and_volumes_are_rounded_for_paper() {
    assert_eq!(weight(Locale::en, Lang::En, Some(19_680)), "19.7 kg");
    assert_eq!(volume(Locale::en, Lang::En, Some(72_000)), "0.08 m³");
    assert_eq!(weight(Locale::en, Lang::En, None), "not known");
}
