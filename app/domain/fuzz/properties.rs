//! What must hold for whatever comes from outside: reading it never panics, and what was read,
//! written out and read again is the same. Run over the corpus by an ordinary test
//! (`app/domain/tests/corpus.rs`), and over anything by `cargo fuzz`.

use domain::code::{Code, read};
use domain::decimal::{parse_thousandths, thousandths};
use domain::forwarded;
use domain::picture::Picture;
use domain::pieces::{MOST_PIECES, parse_count};
use domain::records::seal::PrintedSeal;
use domain::records::{
    Body, confirm, consignment, events, issued, keeping, opening, packs, recall, receipt, reported,
    run,
};
use domain::reference::{Name, ShortNumber};
use domain::run::Tolerance;
use domain::text::{latin_digits, normalise};
use domain::time::{Day, Month};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};

pub type Property = fn(&[u8]);

/// Each has a folder of this name in `corpus`, and a target.
pub const ALL: &[(&str, Property)] = &[
    ("bodies", bodies),
    ("codes", codes),
    ("dates", dates),
    ("forwarded", forwarded_addresses),
    ("names", names),
    ("numbers", numbers),
    ("pictures", pictures),
];

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// A code as typed, and what a QR code carries.
pub fn codes(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Ok(code) = Code::parse(text) {
        assert_eq!(Code::parse(code.as_str()), Ok(code));
        assert_eq!(Code::parse(&code.grouped()), Ok(code));
    }
    if let Ok((kind, code)) = read(text)
        && let Some(kind) = kind
    {
        let payload = code.payload(kind, "https://tawzi.example");
        assert_eq!(read(&payload), Ok((Some(kind), code)));
    }
}

pub fn dates(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Some(day) = Day::parse(text) {
        assert_eq!(Day::parse(&day.to_string()), Some(day));
        assert!(day >= Day::FIRST);
        // The other calendar has a date for every day that can be typed.
        let (_, month, number) = day.solar_hijri();
        assert!((1..=12).contains(&month) && (1..=31).contains(&number));
    }
    if let Some(month) = Month::parse(text) {
        assert_eq!(Month::parse(&month.to_string()), Some(month));
    }
}

/// Quantities, weights, tolerances, and digits of any script in them.
pub fn numbers(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let latin = latin_digits(text);
    assert_eq!(latin_digits(&latin), latin);
    if let Ok(Some(count)) = parse_count(text) {
        assert!((0..=MOST_PIECES).contains(&count));
        assert_eq!(parse_count(&count.to_string()), Ok(Some(count)));
    }
    if let Ok(Some(value)) = parse_thousandths(text) {
        assert_eq!(parse_thousandths(&thousandths(value)), Ok(Some(value)));
    }
    let _ = Tolerance::parse_percent(text);
}

pub fn names(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let normal = normalise(text);
    assert_eq!(normalise(&normal), normal);
    if let Ok(name) = Name::parse(text) {
        assert_eq!(Name::parse(name.as_str()).as_ref(), Ok(&name));
    }
    if let Ok(number) = ShortNumber::parse(text) {
        assert_eq!(ShortNumber::parse(number.as_str()).as_ref(), Ok(&number));
    }
    if let Ok(seal) = text.parse::<PrintedSeal>() {
        assert_eq!(seal.to_string().parse(), Ok(seal));
    }
}

/// A picture that was cleaned is clean.
pub fn pictures(data: &[u8]) {
    if let Ok(picture) = Picture::parse(data) {
        assert_eq!(Picture::parse(picture.bytes()).as_ref(), Ok(&picture));
    }
}

/// What a trusted proxy says; the way back ends at an address in any case.
pub fn forwarded_addresses(data: &[u8]) {
    let Some(text) = text(data) else { return };
    let proxy = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let client = forwarded::client(proxy, text, &[proxy]);
    assert_eq!(forwarded::client(proxy, &client.to_string(), &[proxy]), client);
    // Nobody but the proxy is believed.
    let stranger = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    assert_eq!(forwarded::client(stranger, text, &[proxy]), stranger);
}

/// The body of a record of any kind, in JSON.
pub fn bodies(data: &[u8]) {
    let Ok(sent) = serde_json::from_slice::<Value>(data) else { return };
    for body in BODIES {
        body(&sent);
    }
}

fn body<B: Body + DeserializeOwned>(sent: &Value) {
    let Ok(read) = serde_json::from_value::<B>(sent.clone()) else { return };
    let Ok(kept) = serde_json::to_value(&read) else { panic!("{} is not written", B::KIND) };
    let again = serde_json::from_value::<B>(kept.clone()).map(|again| serde_json::to_value(&again));
    assert!(matches!(again, Ok(Ok(again)) if again == kept), "{} is not kept", B::KIND);
}

const BODIES: &[fn(&Value)] = &[
    body::<confirm::Confirm>,
    body::<consignment::Cancel>,
    body::<consignment::Delivery>,
    body::<consignment::DifferenceReasons>,
    body::<consignment::Dispatch>,
    body::<consignment::Explain>,
    body::<consignment::Paper>,
    body::<events::BringBack>,
    body::<events::CountPeople>,
    body::<events::DecideSheet>,
    body::<events::DecideDrop>,
    body::<events::DecideGoods>,
    body::<events::EventSheet>,
    body::<events::LeaveInPublic>,
    body::<events::TakeStock>,
    body::<issued::VoidLabels>,
    body::<keeping::ApproveCount>,
    body::<keeping::Count>,
    body::<keeping::DeclineCount>,
    body::<keeping::Reverse>,
    body::<keeping::Settle>,
    body::<keeping::StockChange>,
    body::<opening::FirstCount>,
    body::<packs::EmptyPack>,
    body::<packs::FoundSealed>,
    body::<packs::OpenPack>,
    body::<packs::ReprintLabels>,
    body::<packs::SplitPack>,
    body::<recall::CallBack>,
    body::<recall::EndRecall>,
    body::<recall::RecallStep>,
    body::<receipt::Receipt>,
    body::<reported::ReportedFigure>,
    body::<run::CloseRun>,
    body::<run::IssueLabels>,
];
