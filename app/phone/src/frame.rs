//! What stands around every screen: the line about what waits, what was just done, and the way back.

use crate::parts::{button, link, text};
use crate::{
    Phone, Screen, Status, Word, back, carry, change, fill, handover, home, lock, pin, place,
    receive, records, scan, sheet, sync, worker,
};
use domain::field::outbox::line;
use leptos::prelude::*;

pub const LOG_IN: &str = "/login?next=%2Ffield";

impl Phone {
    pub fn frame(self) -> AnyView {
        let notice = move || {
            self.notice.get().map(|(bad, text)| {
                let class = if bad { "phone-notice bad" } else { "phone-notice good" };
                view! { <p class=class role="status">{text}</p> }
            })
        };
        let newer = move || {
            self.newer.get().then(|| {
                let label = self.word(Word::use_newer);
                let use_it = button("btn", label, move || worker::use_newer(self));
                view! { <p class="phone-notice">{self.word(Word::newer)}" "{use_it}</p> }
            })
        };
        let closed = move || {
            let n = self.closed.get() as i64;
            (n > 0).then(|| text("phone-notice bad", self.counted(Word::closed, n)))
        };
        // What is being filled in stays as it is when a sync brings news.
        let is_known = Memo::new(move |_| self.known.with(Option::is_some));
        let is_locked = Memo::new(move |_| self.locked.get());
        let screen = move || {
            let screen = self.screen.get();
            if is_locked.get() {
                return lock::show(self);
            }
            if !is_known.get() {
                return self.stranger();
            }
            match screen {
                Screen::Home => home::show(self),
                Screen::Scan(target) => scan::show(self, target),
                Screen::Sheet(event) => sheet::show(self, event),
                Screen::Back(event) => back::show(self, event),
                Screen::Receive(consignment) => receive::show(self, consignment),
                Screen::Drop => place::show(self),
                Screen::Change(what) => change::show(self, what),
                Screen::Records => records::show(self),
                Screen::HandOver => handover::show(self),
                Screen::SendFile => carry::show(self),
                Screen::Pin => pin::show(self),
            }
        };
        view! {
            {self.sync_line()}
            {newer}
            {closed}
            {notice}
            {screen}
        }
        .into_any()
    }

    /// Before the first sync there is nothing to show but the way in.
    fn stranger(self) -> AnyView {
        view! {
            <div class="phone-part">
                <h1>{self.word(Word::home)}</h1>
                {text("", self.word(Word::log_in_first))}
                {link("btn main", LOG_IN.to_owned(), self.word(Word::log_in))}
            </div>
        }
        .into_any()
    }

    /// The one line that never lies.
    fn sync_line(self) -> AnyView {
        let summary = Memo::new(move |_| self.outbox.with(|outbox| line(outbox)));
        let waits = move || {
            let line = summary.get();
            match (line.waiting, line.oldest) {
                (0, _) | (_, None) => self.word(Word::all_sent),
                (waiting, Some(oldest)) => {
                    let waiting = self.counted(Word::waiting, waiting as i64);
                    let when = self.when(oldest);
                    format!("{waiting} · {}", fill(&self.word(Word::oldest), "when", &when))
                }
            }
        };
        let others = move || {
            let line = summary.get();
            let some =
                |word, n: usize| (n > 0).then(|| format!(" · {}", self.counted(word, n as i64)));
            [some(Word::not_taken, line.refused), some(Word::asked, line.questions)]
        };
        let synced = move || match self.synced_at.get() {
            None => self.word(Word::never_synced),
            Some(at) => fill(&self.word(Word::last_sync), "when", &self.when(at)),
        };
        let status = move || match self.status.get() {
            Status::Idle => String::new(),
            Status::Sending => format!(" · {}", self.word(Word::sending)),
            Status::NoNetwork => format!(" · {}", self.word(Word::no_network)),
            Status::NoAnswer => format!(" · {}", self.word(Word::no_answer)),
            Status::LoggedOut if self.by_link() => format!(" · {}", self.word(Word::link_over)),
            Status::LoggedOut => format!(" · {}", self.word(Word::log_in_again)),
            Status::Full => format!(" · {}", self.word(Word::store_full)),
        };
        let class = move || match summary.get() {
            line if line.waiting + line.refused + line.questions == 0 => "phone-line",
            _ => "phone-line waits",
        };
        let log_in = move || {
            let label = || link("", LOG_IN.to_owned(), self.word(Word::log_in));
            (self.status.get() == Status::LoggedOut && !self.by_link()).then(label)
        };
        view! {
            <div class=class role="status" aria-live="off">
                <span>{waits}{others}" · "{synced}{status}</span>
                {log_in}
                <span class="phone-buttons">
                    {button("phone-send", self.word(Word::hide), move || lock::lock(self))}
                    <button type="button" class="phone-send" on:click=move |_| sync::again(self)
                        disabled=move || self.status.get() == Status::Sending>
                        {self.word(Word::send_now)}
                    </button>
                </span>
            </div>
        }
        .into_any()
    }

    /// The head of every screen but the first.
    pub fn head(self, title: String) -> AnyView {
        view! {
            {link("phone-back", "#".to_owned(), self.word(Word::back))}
            <h1>{title}</h1>
        }
        .into_any()
    }
}
