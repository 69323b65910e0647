//! Which screen is open, and what codes are read for. Both stand in the address, so that the phone's
//! own way back works.

use crate::change::What;
use crate::{Phone, Word, parts};
use domain::code::Code;
use domain::ids::EventId;
use leptos::prelude::*;

/// What is on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Screen {
    Home,
    Scan(Option<Target>),
    /// By the code on its form: the phone may know nothing else of an event.
    Sheet(Code),
    Back(EventId),
    /// By the code on its waybill.
    Receive(Code),
    Drop,
    Change(What),
    Records,
    /// All that waits as a file.
    HandOver,
    /// The file of another phone.
    SendFile,
    /// Where somebody sets the PIN by which he opens this phone.
    Pin,
}

impl Screen {
    pub fn read(hash: &str) -> Self {
        let path = hash.trim_start_matches('#');
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        match (first, rest) {
            ("scan", rest) => Self::Scan(Target::read(rest)),
            ("sheet", code) => Code::parse(code).map_or(Self::Home, Self::Sheet),
            ("back", id) => id.parse().map_or(Self::Home, Self::Back),
            ("receive", code) => Code::parse(code).map_or(Self::Home, Self::Receive),
            ("drop", _) => Self::Drop,
            ("records", _) => Self::Records,
            ("hand-over", _) => Self::HandOver,
            ("send-file", _) => Self::SendFile,
            ("pin", _) => Self::Pin,
            (first, _) => {
                let what = What::ALL.into_iter().find(|what| what.key() == first);
                what.map_or(Self::Home, Self::Change)
            }
        }
    }
}

/// What codes are read for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    Sheet(Code),
    Receive(Code),
    Drop,
    Change(What),
}

impl Target {
    pub fn read(path: &str) -> Option<Self> {
        match path.split_once('/') {
            Some(("sheet", code)) => Code::parse(code).ok().map(Self::Sheet),
            Some(("receive", code)) => Code::parse(code).ok().map(Self::Receive),
            Some(_) => None,
            None if path == "drop" => Some(Self::Drop),
            None => What::ALL.into_iter().find(|what| what.key() == path).map(Self::Change),
        }
    }

    /// The draft that the codes go into; also the screen on which it is.
    pub fn key(self) -> String {
        match self {
            Self::Sheet(event) => format!("sheet/{event}"),
            Self::Receive(consignment) => format!("receive/{consignment}"),
            Self::Drop => "drop".to_owned(),
            Self::Change(what) => what.key().to_owned(),
        }
    }

    /// Leads to where codes are read for it.
    pub fn link(self, phone: Phone) -> AnyView {
        parts::link("btn", format!("#scan/{}", self.key()), phone.word(Word::scan))
    }
}
