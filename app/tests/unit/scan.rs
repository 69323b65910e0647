//! Lists of codes, typed or scanned.

use app::ui::{Holds, Scanned, review, scanned};
use domain::code::{Code, CodeError};

fn code(bits: u64) -> String {
    (bits..).find_map(Code::from_random).expect("most draws are codes").grouped()
}

#[test]
fn a_scan_is_added_once_and_keeps_what_was_typed() {
    let (first, second) = (code(42), code(4242));
    let payload = format!("HTTPS://TAWZI.EXAMPLE/P/{}", second.replace('-', ""));
    let typed = format!("{first}\nnot finish");
    let list = format!("{typed}\n{second}");
    assert_eq!(
        scanned(&typed, &payload, false, Holds::Codes),
        Scanned::Added(second.clone(), list.clone())
    );
    assert_eq!(scanned(&list, &payload, false, Holds::Codes), Scanned::Again(second.clone()));
    assert_eq!(
        scanned(&first, &payload, true, Holds::Codes),
        Scanned::Added(second.clone(), second)
    );
}

#[test]
fn what_is_not_ours_changes_nothing_and_a_misread_code_says_so() {
    assert_eq!(scanned("", "https://example.org/menu", false, Holds::Codes), Scanned::Other);
    let wrong = Scanned::Wrong("000000001A6".to_owned(), CodeError::Check);
    assert_eq!(scanned("", "HTTPS://X.EXAMPLE/B/000000001A6", false, Holds::Codes), wrong);
}

#[test]
fn a_list_counts_each_code_once_and_names_its_first_bad_line() {
    let list = format!("{0}, {0}\n{1}\n123\n456", code(42), code(4242));
    assert_eq!(review(&list, Holds::Codes), (2, Some(("123".to_owned(), CodeError::Length))));
    assert_eq!(review(" \n", Holds::Codes), (0, None));
}

#[test]
fn pieces_may_stand_behind_the_code_of_a_batch() {
    let (batch, carton) = (code(42), code(4242));
    let list = format!("{batch} 1,700\n{carton}\n\n{} ۵۰۰", batch.replace('-', " "));
    assert_eq!(review(&list, Holds::Pieces), (2, None));
    let wrong = format!("{carton}\n{}", &batch[..9]);
    let bad = Some((batch[..9].to_owned(), CodeError::Length));
    assert_eq!(review(&wrong, Holds::Pieces), (1, bad));
    let again = Scanned::Again(batch.clone());
    assert_eq!(scanned(&list, &batch, false, Holds::Pieces), again);
}
