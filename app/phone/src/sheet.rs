//! The event sheet: what was brought, what is left, what was spoiled, a part a material; who came;
//! and nothing filled in beforehand.

use crate::form::{Checked, Form};
use crate::labels;
use crate::parts::{heading, link, text};
use crate::quantity::{quantity, read_quantity, shown};
use crate::{Phone, Said, Target, Word, WordList, fill};
use domain::attendance::{Attendance, Group, Headcount};
use domain::code::Code;
use domain::event_sheet::{Filled, RowError, SheetRow, row};
use domain::events::{Multiplier, PublicPlace};
use domain::field::known::{Known, KnownEvent, KnownMaterial, Read, shifts_of_sheet};
use domain::field::outbox::Job;
use domain::field::unknown::Besides;
use domain::ids::{MaterialId, SessionId};
use domain::records::events::EventSheet;
use domain::time::Day;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The materials that somebody added, a word each.
const MORE: &str = "more";
const SESSION: &str = "session";
/// The sheet is told later: it took place on the day that was planned.
const ON_ITS_DAY: &str = "on_its_day";
/// How many days ago it took place, where the phone does not know what was planned.
const DAYS_AGO: &str = "days_ago";
/// Phones may be without a network for so long.
const MOST_DAYS_AGO: i32 = 7;
/// The materials are shown to choose another one.
const CHOOSING: &str = "choosing";
const PEOPLE: [&str; 4] = ["women", "men", "girls", "boys"];

pub fn show(phone: Phone, code: Code) -> AnyView {
    let known =
        phone.known.get_untracked().unwrap_or_else(|| unreachable!("the frame asks for it"));
    let today = crate::clock::now().day();
    // Any phone of the organisation can tell what happened: a colleague's may have died.
    let event = match known.read(code) {
        Some(Read::Event(event)) => event.clone(),
        _ => known.event_by_code(code, today),
    };
    let form = Form::new(phone, Target::Sheet(code).key());
    let title = fill(&phone.word(Word::sheet_of), "number", &event.number);
    let head = match event.is_by_code() {
        true => {
            let days =
                (0..=MOST_DAYS_AGO).map(|ago| (ago.to_string(), phone.day(Day(today.0 - ago))));
            let day = form.select(DAYS_AGO, phone.word(Word::which_day), days.collect());
            let notice = text("phone-notice", phone.word(Word::event_by_code));
            view! { {notice}{day} }.into_any()
        }
        false => {
            let line = format!("{} · {}", event.place(phone.lang), phone.day(event.planned_on));
            text("quiet", line)
        }
    };
    let w = |word| phone.word(word);
    let planned = event.materials.clone();
    let rows = {
        let planned = planned.clone();
        Memo::new(move |_| materials_of(form, &planned))
    };
    let parts = move || {
        let known = phone.known.get_untracked();
        let parts = rows.get().into_iter().filter_map(|material| {
            let material = known.as_ref()?.material(material)?.clone();
            Some(material_part(form, material))
        });
        parts.collect_view()
    };
    let labels = Memo::new(move |_| labels::shown(form));
    let codes = move || {
        let read = labels.get();
        (!read.is_empty()).then(|| {
            let list: Vec<String> = read.iter().map(Code::grouped).collect();
            // What the phone does not know is chosen by its picture.
            let strange = phone.known.with_untracked(|known| {
                known.as_ref().map(|known| labels::strange(form, known)).unwrap_or_default()
            });
            let which: Vec<_> = strange.into_iter().map(|code| labels::which(form, code)).collect();
            view! {
                <p class="quiet small">
                    {phone.word(Word::codes_read)}": "
                    <span dir="ltr">{list.join(", ")}</span>
                </p>
                {which}
            }
        })
    };
    let people = PEOPLE.map(|name| {
        let label = phone.word(match name {
            "women" => Word::women,
            "men" => Word::men,
            "girls" => Word::girls,
            _ => Word::boys,
        });
        form.number(name, label)
    });
    let groups: Vec<_> = phone
        .list(WordList::groups_there)
        .into_iter()
        .map(|(code, text)| form.toggle(&format!("group_{code}"), text))
        .collect();
    let sessions = (!event.sessions.is_empty()).then(|| session_choice(form, &event));
    let late = (event.planned_on < today).then(|| {
        let day = phone.lang.day(event.planned_on);
        form.toggle(ON_ITS_DAY, fill(&phone.word(Word::on_its_day), "day", &day))
    });
    let back = (!event.is_by_code())
        .then(|| link("btn", format!("#back/{}", event.id), w(Word::only_back)));
    let keep = form.keep_bar(Box::new(move |form| {
        let known = phone.known.get_untracked()?;
        read(form, &known, &event)
    }));
    view! {
        {phone.head(title)}
        {head}
        {late}
        {sessions}
        {Target::Sheet(code).link(phone)}
        {codes}
        {parts}
        {add_material(form)}
        <section class="phone-part">
            <h2>{w(Word::who_came)}</h2>
            {text("quiet small", w(Word::counts_only))}
            <div class="phone-grid">{people.into_iter().collect_view()}</div>
            <h3>{w(Word::groups)}</h3>
            <div class="phone-toggles">{groups}</div>
        </section>
        {keep}
        {back}
    }
    .into_any()
}

/// What was planned or taken, what was read off labels, and what somebody added.
fn materials_of(form: Form, planned: &[MaterialId]) -> Vec<MaterialId> {
    let mut materials = planned.to_vec();
    let more = form.get(MORE);
    materials.extend(more.split(' ').filter_map(|id| id.parse::<MaterialId>().ok()));
    if let Some(known) = form.phone.known.get_untracked() {
        let behind = |code| labels::material(form, &known, code).map(|material| material.id);
        materials.extend(labels::shown(form).into_iter().filter_map(behind));
    }
    let mut seen = BTreeSet::new();
    materials.retain(|material| seen.insert(*material));
    materials
}

fn session_choice(form: Form, event: &KnownEvent) -> AnyView {
    let phone = form.phone;
    let sessions = event.sessions.iter().zip(1..);
    let options = sessions.map(|((id, kind), n)| {
        (
            id.to_string(),
            format!("{}. {}", phone.lang.number(n), phone.named(WordList::sessions, kind.as_str())),
        )
    });
    form.select(SESSION, phone.word(Word::session), options.collect())
}

fn add_material(form: Form) -> AnyView {
    let phone = form.phone;
    let add = move |material: MaterialId| {
        let more = form.text(MORE);
        form.set(MORE, format!("{more} {material}").trim().to_owned());
        form.set(CHOOSING, String::new());
    };
    let all = move || (!form.get(CHOOSING).is_empty()).then(|| labels::pick(phone, add));
    view! { {form.toggle(CHOOSING, phone.word(Word::add_material))}{all} }.into_any()
}

/// Brought, left over and spoiled; what was given follows from them.
fn given(form: Form, material: &KnownMaterial) -> Option<i64> {
    let key = material.id.to_string();
    let of = |what: &str| shown(form, material, &format!("{what}_{key}"));
    Filled { brought: of("brought"), left: of("left"), spoiled: of("spoiled"), ..Filled::default() }
        .given()
}

const CHANNELS: [&str; 3] = ["participants", "multipliers", "public"];

fn material_part(form: Form, material: KnownMaterial) -> AnyView {
    let phone = form.phone;
    let id = material.id.to_string();
    let [brought, left, spoiled] =
        [Word::brought, Word::left, Word::spoiled].map(|word| phone.word(word));
    let boxes = [("brought", brought), ("left", left), ("spoiled", spoiled)]
        .map(|(what, label)| quantity(form, format!("{what}_{id}"), label));
    let head = heading(&material);
    let channels = move || {
        let given = given(form, &material)?;
        let words = phone.counted(Word::given, given);
        let how = (given > 0).then(|| channels(form, &id));
        Some(view! { <output class="phone-given">{words}</output>{how} })
    };
    view! {
        <section class="phone-part">
            {head}
            <div class="phone-grid three">{boxes.into_iter().collect_view()}</div>
            {channels}
        </section>
    }
    .into_any()
}

/// How they were given: with one way all went there, with more it is said how many each.
fn channels(form: Form, id: &str) -> AnyView {
    let phone = form.phone;
    let label = move |channel: &str| {
        phone.word(match channel {
            "participants" => Word::to_participants,
            "multipliers" => Word::to_multipliers,
            _ => Word::to_public,
        })
    };
    let toggles =
        CHANNELS.map(|channel| form.toggle(&format!("{channel}_on_{id}"), label(channel)));
    let id = id.to_owned();
    let error = form.error(format!("how_{id}"));
    let split = move || {
        let on = CHANNELS.map(|channel| !form.get(&format!("{channel}_on_{id}")).is_empty());
        let several = on.iter().filter(|on| **on).count() > 1;
        let counts = CHANNELS.into_iter().zip(on).filter(|(_, on)| several && *on);
        let counts: Vec<_> = counts
            .map(|(channel, _)| form.number(&format!("{channel}_{id}"), label(channel)))
            .collect();
        let who = on[1].then(|| {
            let (text, options) = (phone.word(Word::who), phone.list(WordList::multipliers));
            form.select(&format!("who_{id}"), text, options)
        });
        let place = on[2].then(|| {
            let (text, options) =
                (phone.word(Word::which_place), phone.list(WordList::public_places));
            form.select(&format!("kind_{id}"), text, options)
        });
        view! { <div class="phone-grid">{counts}{who}{place}</div> }
    };
    view! {
        <h3>{phone.word(Word::given_how)}</h3>
        <div class="phone-toggles">{toggles.into_iter().collect_view()}</div>
        {error}
        {split}
    }
    .into_any()
}

/// Reads one material; `None` where nothing was filled in or something is wrong.
fn read_row(form: Form, material: &KnownMaterial) -> Option<SheetRow> {
    let id = material.id.to_string();
    let of = |what: &str| read_quantity(form, material, &format!("{what}_{id}"));
    let mut filled = Filled {
        brought: of("brought"),
        left: of("left"),
        spoiled: of("spoiled"),
        ..Filled::default()
    };
    if let Some(given) = filled.given().filter(|given| *given > 0) {
        let on = CHANNELS.map(|channel| !form.text(&format!("{channel}_on_{id}")).is_empty());
        let pieces = |at: usize| match (on[at], on.iter().filter(|on| **on).count()) {
            (false, _) => None,
            (true, 1) => Some(given),
            (true, _) => form.count(&format!("{}_{id}", CHANNELS[at])),
        };
        filled.participants = pieces(0);
        filled.multipliers = pieces(1);
        filled.public = pieces(2);
        filled.multiplier_who = Multiplier::parse(&form.text(&format!("who_{id}")));
        filled.public_kind = PublicPlace::parse(&form.text(&format!("kind_{id}")));
    }
    match row(material.id, &filled) {
        Ok(row) => row,
        Err(errors) => {
            for error in errors {
                mark(form, &id, error);
            }
            None
        }
    }
}

fn mark(form: Form, id: &str, error: RowError) {
    let phone = form.phone;
    let (field, why) = match error {
        RowError::BroughtMissing => ("brought", phone.word(Word::needed)),
        RowError::LeftMissing => ("left", phone.word(Word::needed)),
        RowError::MoreThanBrought { .. } => ("left", phone.word(Word::more_than_brought)),
        RowError::SplitDiffers { given, split } => {
            let template = phone.word(Word::split_differs);
            let text = fill(&template, "split", &phone.lang.number(split));
            ("how", fill(&text, "given", &phone.lang.number(given)))
        }
        RowError::WhoMissing => ("who", phone.word(Word::choose_one)),
        RowError::PlaceMissing => ("kind", phone.word(Word::choose_one)),
        RowError::Quantity | RowError::Twice => ("brought", phone.word(Word::too_many)),
    };
    let name = match field {
        "brought" | "left" => format!("{field}_{id}_p"),
        _ => format!("{field}_{id}"),
    };
    form.wrong(&name, why);
}

fn read(form: Form, known: &Known, event: &KnownEvent) -> Option<Checked> {
    let phone = form.phone;
    let materials = materials_of(form, &event.materials);
    let known_materials: Vec<&KnownMaterial> =
        materials.iter().filter_map(|id| known.material(*id)).collect();
    let rows: Vec<SheetRow> =
        known_materials.iter().filter_map(|material| read_row(form, material)).collect();
    let [women, men, girls, boys] = PEOPLE.map(|name| form.count(name));
    let count = Headcount { women, men, girls, boys, ..Headcount::default() };
    let there = Group::ALL
        .iter()
        .copied()
        .filter(|group| !form.text(&format!("group_{}", group.as_str())).is_empty());
    let groups: BTreeSet<Group> = there.collect();
    let attendance =
        (count.is_recorded() || !groups.is_empty()).then_some(Attendance { count, groups });
    let session: Option<SessionId> = form.text(SESSION).parse().ok();
    let codes = labels::read(form);
    for code in labels::strange(form, known) {
        if labels::material(form, known, code).is_none() {
            labels::is_missing(form, code);
        }
    }
    let days_ago = match event.is_by_code() {
        true => form.chosen(DAYS_AGO, |days| days.parse::<i32>().ok()),
        false => None,
    };
    if !form.is_right() {
        return None;
    }
    if rows.is_empty() && attendance.is_none() {
        phone.notice.set(Some((true, phone.word(Word::nothing_said))));
        return None;
    }
    let shifts = shifts_of_sheet(event.store, &rows);
    // Of a store that the phone does not know it knows nothing.
    let doubts = match known.store(event.store) {
        Some(store) => phone.doubts(known, store.id, &shifts),
        None => Vec::new(),
    };
    let by_code = event.is_by_code().then(|| ("/event".to_owned(), event.code));
    let on = match event.is_by_code() {
        true => days_ago.filter(|ago| *ago > 0).map(|ago| Day(event.planned_on.0 - ago)),
        false => (!form.text(ON_ITS_DAY).is_empty()).then_some(event.planned_on),
    };
    let said = Said {
        job: Job::Sheet,
        about: event.about(phone.lang),
        pieces: rows.iter().map(SheetRow::given).sum(),
        shifts,
        scanned: !codes.is_empty(),
        on,
        besides: Besides {
            by_code: by_code.into_iter().collect(),
            note: labels::note(form, known),
        },
        undoes: None,
    };
    let body = EventSheet { event: event.id, session, rows, codes, attendance };
    Some(Checked::new(doubts, async move { phone.keep(said, &body).await }))
}
