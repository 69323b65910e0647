//! What was said on a phone, kept there until the books have it.
//!
//! A record is kept before anything else happens. From the first time that it is sent it is never
//! changed again, because nobody knows what the server got of it; the server counts it once,
//! however often it comes (rule 4).

use super::known::Shift;
use super::stamp::moment;
use crate::ids::{RecordId, UserId};
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most records in one request: as many as one group commit takes.
pub const MOST_AT_ONCE: usize = 50;

/// How long a record that the books have is kept, should they be restored from an older backup.
const KEEP_ACCEPTED_MS: i64 = 90 * 86_400_000;

/// The server's word for a code that it does not know yet.
const UNKNOWN: &str = "unknown_code";

const FIRST_PAUSE_MS: i64 = 2_000;
const LONGEST_PAUSE_MS: i64 = 600_000;

/// What became of a record, as far as the phone knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// On this phone only.
    Here,
    /// Sent, and no answer came: it may be in the books.
    Sent,
    Accepted,
    /// It is in the books' keeping, and somebody has a question about it.
    Asked,
    /// It was not taken, and why.
    Refused {
        code: String,
        detail: String,
    },
}

impl State {
    /// Its name, which is read without reading the record.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Asked => "asked",
            Self::Refused { .. } => "refused",
        }
    }

    /// As others on the same phone see it: the server's sentence may name what the record is about.
    #[must_use]
    pub fn for_others(&self) -> Self {
        let mut state = self.clone();
        if let Self::Refused { detail, .. } = &mut state {
            detail.clear();
        }
        state
    }
}

/// Which of the jobs of the field a record is; what people call it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    Sheet,
    Drop,
    Received,
    Damaged,
    Lost,
    Found,
    BroughtBack,
    /// A record that was a mistake is undone.
    TakenBack,
}

/// A record on the phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub id: RecordId,
    /// Its place in the phone's own order.
    pub sequence: i64,
    pub made_at: Millis,
    /// Whose word it is: it is sent while that person is logged in.
    pub by: UserId,
    pub job: Job,
    /// What it is about, for people: "E-KBL-0007 · Kabul".
    pub about: String,
    pub pieces: i64,
    /// What it will change in the user's stores.
    #[serde(default)]
    pub shifts: Vec<Shift>,
    /// As it is sent.
    pub record: Value,
    pub state: State,
    /// The record of this phone that it takes back.
    #[serde(default)]
    pub undoes: Option<RecordId>,
}

impl Kept {
    /// Nobody else has seen it: its maker may still throw it away.
    pub fn may_be_deleted(&self) -> bool {
        matches!(self.state, State::Here | State::Refused { .. })
    }

    /// It has still to get into the books.
    pub fn waits(&self) -> bool {
        matches!(self.state, State::Here | State::Sent)
    }

    /// Whether its maker still has to see it: what is in the books leaves the screens.
    pub fn shows(&self) -> bool {
        self.state != State::Accepted
    }

    /// Whether its maker may still take it back here. It leaves the screens when its day is over: what
    /// was given out where is nobody's business who finds the phone.
    pub fn may_be_taken_back(&self, today: Day) -> bool {
        self.state == State::Accepted
            && self.undoes.is_none()
            && self.pieces > 0
            && self.made_at.day() == today
    }

    /// Hears the name of its state from outside: the service worker freezes what it sends, and can
    /// say nothing else.
    pub fn is_now(&mut self, name: &str) {
        if self.state == State::Here && name == State::Sent.name() {
            self.state = State::Sent;
        }
    }

    /// Takes the server's word for it; `None` leaves it to be sent again.
    pub fn hear(&mut self, answer: &Value) {
        let text = |value: &Value, name: &str| {
            value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        // A sheet names its fate, other records why they are held.
        let held = answer.pointer("/result/held").is_some_and(|held| !held.is_null());
        let fate = answer.pointer("/result/fate/fate").and_then(Value::as_str);
        let held = held || fate.is_some_and(|fate| fate != "posted");
        self.state = match text(answer, "status").as_str() {
            "accepted" => State::Accepted,
            "repeated" if !held => State::Accepted,
            "held" | "kept" | "repeated" => State::Asked,
            "refused" | "conflict" | "needs_confirmation" => {
                let problem = answer.get("problem").unwrap_or(&Value::Null);
                State::Refused { code: text(problem, "code"), detail: text(problem, "detail") }
            }
            // "failed", or a word of a newer server.
            _ => State::Sent,
        };
    }
}

/// Whether a record was taken back on this phone: that waits, or is in the books.
pub fn is_taken_back(outbox: &[Kept], id: RecordId) -> bool {
    let undoes = |kept: &Kept| kept.undoes == Some(id);
    outbox.iter().any(|kept| undoes(kept) && !matches!(kept.state, State::Refused { .. }))
}

/// Puts a record into the phone's own order. Most come last anyway, and a sort would add a hundredth
/// to what a phone downloads.
pub fn put_in_order(outbox: &mut Vec<Kept>, kept: Kept) {
    let at = outbox.partition_point(|other| other.sequence <= kept.sequence);
    outbox.insert(at, kept);
}

/// The next records of somebody to send, in their order, which is that of the outbox.
pub fn next_to_send(outbox: &[Kept], by: UserId) -> Vec<&Kept> {
    outbox.iter().filter(|kept| kept.waits() && kept.by == by).take(MOST_AT_ONCE).collect()
}

/// What the books did not know the code of: others may have written it down meanwhile.
pub fn ask_again(outbox: &[Kept]) -> Vec<Kept> {
    let unknown =
        |kept: &&Kept| matches!(&kept.state, State::Refused { code, .. } if code == UNKNOWN);
    let again = |kept: &Kept| Kept { state: State::Sent, ..kept.clone() };
    outbox.iter().filter(unknown).map(again).collect()
}

/// The body of a request: the records as they are kept, each with the phone's clock of now, by
/// which the server corrects its times.
pub fn request<'k>(
    records: impl IntoIterator<Item = &'k Kept>,
    now: Millis,
    offset_minutes: i32,
) -> Value {
    let sent_at = Value::from(moment(now, offset_minutes));
    let with_clock = |kept: &Kept| {
        let mut record = kept.record.as_object().cloned().unwrap_or_else(Map::new);
        record.insert("sent_at".to_owned(), sent_at.clone());
        Value::Object(record)
    };
    records.into_iter().map(with_clock).collect()
}

/// How long to wait before the next try; `random` is any number, so that many phones that find the
/// network again do not all come at once.
pub fn pause_ms(tries: u32, random: u32) -> i64 {
    let longest = FIRST_PAUSE_MS.saturating_mul(1 << tries.min(12)).min(LONGEST_PAUSE_MS);
    longest / 2 + i64::from(random) % (longest / 2 + 1)
}

/// The one line that never lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Line {
    pub waiting: usize,
    pub oldest: Option<Millis>,
    pub questions: usize,
    pub refused: usize,
}

pub fn line(outbox: &[Kept]) -> Line {
    let count = |is: fn(&State) -> bool| outbox.iter().filter(|kept| is(&kept.state)).count();
    Line {
        waiting: outbox.iter().filter(|kept| kept.waits()).count(),
        oldest: outbox.iter().filter(|kept| kept.waits()).map(|kept| kept.made_at).min(),
        questions: count(|state| *state == State::Asked),
        refused: count(|state| matches!(state, State::Refused { .. })),
    }
}

/// What this phone has said and the books do not know yet.
pub fn said(outbox: &[Kept]) -> Vec<Shift> {
    outbox.iter().filter(|kept| kept.waits()).flat_map(|kept| kept.shifts.clone()).collect()
}

/// The books were restored from a backup: what they took since may be gone, so it is sent again.
pub fn after_restore(outbox: &mut [Kept]) {
    for kept in outbox {
        if matches!(kept.state, State::Accepted | State::Asked) {
            kept.state = State::Sent;
        }
    }
}

/// Whether a record that the books have is old enough to be forgotten.
pub fn may_be_forgotten(kept: &Kept, now: Millis) -> bool {
    kept.state == State::Accepted && now.0 - kept.made_at.0 > KEEP_ACCEPTED_MS
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    fn worker() -> UserId {
        UserId::new(Uuid::from_u128(1))
    }

    pub fn kept(sequence: i64, state: State) -> Kept {
        let id = RecordId::new(Uuid::from_u128(sequence as u128));
        Kept {
            id,
            sequence,
            made_at: Millis(1_000 * sequence),
            by: worker(),
            job: Job::Drop,
            about: "clinic".to_owned(),
            pieces: 10,
            shifts: Vec::new(),
            record: json!({"id": id, "kind": "drop"}),
            state,
            undoes: None,
        }
    }

    fn heard(answer: Value) -> State {
        let mut kept = kept(1, State::Sent);
        kept.hear(&answer);
        kept.state
    }

    #[test]
    fn records_are_sent_in_the_order_in_which_they_were_made() {
        let mut outbox = Vec::new();
        for n in (1..=70).rev() {
            put_in_order(&mut outbox, kept(n, State::Here));
        }
        outbox[0].state = State::Sent;
        put_in_order(&mut outbox, kept(0, State::Accepted));
        let next: Vec<i64> =
            next_to_send(&outbox, worker()).iter().map(|kept| kept.sequence).collect();
        assert_eq!(next, (1..=50).collect::<Vec<_>>());
        assert!(next_to_send(&outbox, UserId::new(Uuid::nil())).is_empty());
    }

    #[test]
    fn what_is_sent_again_differs_only_in_the_clock() {
        let first = request([&kept(1, State::Here)], Millis(0), 270);
        let again = request([&kept(1, State::Sent)], Millis(60_000), 270);
        assert_eq!(first[0]["sent_at"], "1970-01-01T04:30:00.000+04:30");
        assert_eq!(again[0]["sent_at"], "1970-01-01T04:31:00.000+04:30");
        assert_eq!(first[0]["id"], again[0]["id"]);
    }

    #[test]
    fn the_server_s_word_counts_and_silence_means_again() {
        assert_eq!(heard(json!({"status": "accepted"})), State::Accepted);
        assert_eq!(heard(json!({"status": "repeated", "result": {"held": null}})), State::Accepted);
        assert_eq!(heard(json!({"status": "repeated", "result": {"held": {}}})), State::Asked);
        assert_eq!(heard(json!({"status": "kept"})), State::Asked);
        let fate = |fate: &str| json!({"status": "repeated", "result": {"fate": {"fate": fate}}});
        assert_eq!(heard(fate("posted")), State::Accepted);
        assert_eq!(heard(fate("kept")), State::Asked);
        assert_eq!(heard(json!({"status": "failed"})), State::Sent);
        let problem = json!({"status": "refused", "problem": {"code": "not_found", "detail": "?"}});
        let refused = State::Refused { code: "not_found".to_owned(), detail: "?".to_owned() };
        assert_eq!(heard(problem), refused);
    }

    #[test]
    fn only_what_nobody_else_has_seen_may_be_deleted() {
        assert!(kept(1, State::Here).may_be_deleted());
        assert!(!kept(1, State::Sent).may_be_deleted());
        assert!(!kept(1, State::Asked).may_be_deleted());
    }

    #[test]
    fn the_worker_can_freeze_a_record_and_do_nothing_else_to_it() {
        let told = |state, name| {
            let mut kept = kept(1, state);
            kept.is_now(name);
            kept.state
        };
        assert_eq!(told(State::Here, "sent"), State::Sent);
        assert_eq!(told(State::Here, "accepted"), State::Here);
        assert_eq!(told(State::Asked, "sent"), State::Asked);
        let refused = State::Refused { code: "not_found".to_owned(), detail: String::new() };
        for state in [State::Here, State::Sent, State::Accepted, State::Asked, refused] {
            let name = state.name();
            assert_eq!(told(state.clone(), name), state);
            let written = serde_json::to_value(&state).expect("a state");
            let first = written.as_object().and_then(|object| object.keys().next().cloned());
            assert_eq!(written.as_str().map(str::to_owned).or(first).as_deref(), Some(name));
        }
    }

    #[test]
    fn others_see_that_a_record_was_refused_and_not_what_it_was_about() {
        let refused = |detail: &str| State::Refused {
            code: "not_found".to_owned(),
            detail: detail.to_owned(),
        };
        assert_eq!(refused("M3 is not in Balkh").for_others(), refused(""));
        assert_eq!(State::Asked.for_others(), State::Asked);
    }

    #[test]
    fn what_the_books_did_not_know_is_asked_again() {
        let refused = |n, code: &str| {
            let state = State::Refused { code: code.to_owned(), detail: String::new() };
            kept(n, state)
        };
        let outbox = [refused(1, "not_found"), refused(2, "unknown_code"), kept(3, State::Here)];
        let again = ask_again(&outbox);
        assert_eq!(again.len(), 1);
        assert_eq!((again[0].sequence, &again[0].state), (2, &State::Sent));
    }

    #[test]
    fn what_was_sent_today_may_be_taken_back_once() {
        let sent = kept(1, State::Accepted);
        let today = sent.made_at.day();
        assert!(sent.may_be_taken_back(today));
        assert!(!sent.may_be_taken_back(Day(today.0 + 1)), "it leaves the screens");
        assert!(!kept(2, State::Sent).may_be_taken_back(today), "nobody knows what became of it");
        let undo = |state| Kept { undoes: Some(sent.id), ..kept(3, state) };
        assert!(is_taken_back(&[undo(State::Here)], sent.id));
        let refused = State::Refused { code: "built_on".to_owned(), detail: String::new() };
        assert!(!is_taken_back(&[undo(refused)], sent.id));
    }

    #[test]
    fn pauses_grow_and_never_fall_together() {
        assert!((1_000..=2_000).contains(&pause_ms(0, 7_777)));
        assert_ne!(pause_ms(3, 1), pause_ms(3, 2));
        assert!((300_000..=600_000).contains(&pause_ms(40, u32::MAX)));
    }

    #[test]
    fn the_line_counts_what_waits_and_since_when() {
        let outbox = [kept(2, State::Here), kept(1, State::Sent), kept(3, State::Asked)];
        let line = line(&outbox);
        assert_eq!((line.waiting, line.oldest, line.questions), (2, Some(Millis(1_000)), 1));
    }

    #[test]
    fn after_a_restore_everything_that_was_taken_is_sent_again() {
        let mut outbox = [kept(1, State::Accepted), kept(2, State::Asked), kept(3, State::Here)];
        after_restore(&mut outbox);
        assert_eq!(next_to_send(&outbox, worker()).len(), 3);
        assert!(!outbox[0].may_be_deleted());
    }
}
