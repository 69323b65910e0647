//! One consignment after it left: where it stands, what was sent and received, who said what.

use super::found::found;
use super::timeline::timeline;
use super::unopened::unopened;
use super::words::{badge, label_line, list_link, paper_name, path, reason_name, state_name, way};
use crate::features::home::held::held_notice;
use crate::features::links;
use crate::forms::FormState;
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Flag, Row, Stage, Step, Tone};
use domain::consignment::{Blocked, PaperState, Rest, State, is_late};
use domain::role::Permission;
use leptos::prelude::*;
use stock::consignments::{Detail, DetailLine};

pub(super) async fn show(visit: Visit, detail: Detail) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let here = path(&detail.consignment);
    let papers = visit.form_of(&format!("{here}/paper")).await?;
    let confirm = visit.form_of(&format!("{here}/confirm")).await?;
    let held = held_notice(&visit, &here).await?;
    let state = detail.consignment.state;
    let is_under_way = matches!(state, State::Dispatched | State::PartlyDelivered);
    let is_missing = detail.consignment.missing() > 0;
    let receives = detail.consignment.receives
        && (is_under_way || is_missing)
        && visit.may(Permission::Deliver);
    // Who sends it needs its paper next; who receives it counts.
    let sends = detail.sees_from && visit.may(Permission::Dispatch);
    let prints = detail.sees_sent && state != State::Cancelled;
    let (paper_of, is_main) = (format!("{here}/waybill"), sends && state == State::Dispatched);
    let waybill = move || {
        prints.then(|| {
            let label = td_string!(l, consignments.print);
            view! { <ui::ButtonLink href=paper_of.clone() main=is_main label/> }
        })
    };
    let number = detail.consignment.number.clone();
    let done = visit.query("done").map(|_| {
        view! { <ui::Notice tone=Tone::Good title=td_string!(l, consignments.recorded)/> }
    });
    let again = crate::posting::sent_again(&visit);
    let (heading, subtitle) = (number.clone(), way(lang, &detail.consignment));
    let (steps, waiting) = (steps(&visit, &detail), waiting(&visit, &detail, &confirm));
    let (lines, timeline) = (lines(&visit, &detail), timeline(&visit, &detail));
    let counts_first = receives && is_under_way && detail.sees_sent;
    let lines = if counts_first { unopened(l, lines) } else { lines };
    let found = found(&visit, &detail);
    let paper = paper(&visit, &detail, papers);
    let link = if is_under_way { links::page::button(&visit, &here) } else { None };
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle
                crumbs=vec![list_link(l)] status=move || badge(l, state)>
                {(!sends).then(&waybill)}
                {receives.then(|| view! {
                    <ui::ButtonLink href=format!("{here}/receive") main=is_under_way && !sends
                        label=if is_missing {
                            td_string!(l, consignments.came_after_all)
                        } else {
                            td_string!(l, consignments.receive)
                        }/>
                })}
                {sends.then(&waybill)}
                {link}
            </ui::PageHead>
            {again}
            {done}
            {held}
            {steps}
            {waiting}
            {found}
            {lines}
            {timeline}
            {paper}
        </ui::Page>
    };
    Ok(Page::new(number, body))
}

fn steps(visit: &Visit, detail: &Detail) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let row = &detail.consignment;
    let made = lang.day(row.made_at.day());
    let name = |state| state_name(l, state);
    if row.state == State::Cancelled {
        let steps = vec![
            Step::new(name(State::Draft), Stage::Done).detail(made),
            Step::new(name(State::Cancelled), Stage::Stopped),
        ];
        return view! { <ui::Sheet><ui::Steps label=td_string!(l, consignments.state) steps/></ui::Sheet> }
            .into_any();
    }
    let order = |state: State| match state {
        State::Draft | State::Cancelled => 0,
        State::Dispatched => 1,
        State::PartlyDelivered | State::Delivered => 2,
        State::Closed => 3,
    };
    let now = order(row.state);
    let middle = match row.state {
        State::PartlyDelivered => State::PartlyDelivered,
        State::Draft | State::Cancelled | State::Dispatched | State::Delivered | State::Closed => {
            State::Delivered
        }
    };
    let left = row.dispatched_at.map(|at| lang.day(at.day()));
    let shown = [
        (State::Draft, Some(made)),
        (State::Dispatched, left),
        (middle, None),
        (State::Closed, None),
    ];
    // Whether something is open is not known before it has come, and is over once it is closed.
    let name = |state| match state == State::Delivered && row.state != State::Delivered {
        true => td_string!(l, consignments.step_delivered),
        false => name(state),
    };
    let steps = shown.into_iter().zip(0..).map(|((state, detail), place)| {
        let stage = match place {
            3 if now == 3 => Stage::Done,
            place if place < now => Stage::Done,
            place if place == now => Stage::Now,
            _ => Stage::Ahead,
        };
        Step::new(name(state), stage).detail(detail)
    });
    let steps: Vec<Step> = steps.collect();
    view! { <ui::Sheet><ui::Steps label=td_string!(l, consignments.state) steps/></ui::Sheet> }
        .into_any()
}

/// What this consignment waits for, with the page where it is done.
fn waiting(visit: &Visit, detail: &Detail, confirm: &FormState) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let here = path(&detail.consignment);
    let mut flags = Vec::new();
    if !detail.sees_sent {
        flags.push(
            Flag::new(td_string!(l, consignments.count_first))
                .text(td_string!(l, consignments.count_first_text))
                .action(format!("{here}/receive"), td_string!(l, consignments.receive))
                .tone(Tone::Warn),
        );
    }
    let nothing_more = detail.latest_rest == Some(Rest::NothingMore);
    flags.extend(late(visit, detail));
    let explains =
        detail.sees_from && (visit.may(Permission::Dispatch) || visit.may(Permission::Reconcile));
    for line in &detail.lines {
        let Some(tally) = line.tally else { continue };
        let missing = if nothing_more { tally.in_transit() } else { 0 };
        let words = [
            td_string!(l, consignments.n_missing, n = lang.number(missing)),
            td_string!(l, consignments.n_extra, n = lang.number(tally.extra)),
        ];
        let sides = [(missing, line.missing_reason), (tally.extra, line.extra_reason)];
        for ((pieces, reason), words) in sides.into_iter().zip(words) {
            if pieces <= 0 {
                continue;
            }
            let flag = Flag::new(format!("{} · {words}", line.title.title)).tone(Tone::Warn);
            flags.push(if explains {
                let to = format!("{here}/explain/{}", line.title.batch);
                flag.text(td_string!(l, consignments.explain_text))
                    .action(to, td_string!(l, consignments.explain))
            } else {
                let (text, label) = match reason.map(|reason| reason_name(l, reason)) {
                    Some(reason) => (
                        td_string!(l, consignments.reason_said, reason = reason),
                        td_string!(l, consignments.say_otherwise),
                    ),
                    None => (
                        td_string!(l, consignments.reason_text).to_owned(),
                        td_string!(l, consignments.say_why),
                    ),
                };
                match detail.sees_to && visit.may(Permission::Deliver) {
                    true => flag.text(text).action(format!("{here}/differences"), label),
                    false => flag,
                }
            });
        }
    }
    let flags = (!flags.is_empty()).then(|| view! { <ui::Sheet><ui::Flags flags/></ui::Sheet> });
    let waits = detail.to_confirm.iter().map(|record| {
        let sends = vec![
            ("delivery".to_owned(), record.to_string()),
            ("record".to_owned(), confirm.record(visit)),
        ];
        let action = format!("{here}/confirm");
        let may_confirm = detail.may_confirm.contains(record);
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, consignments.to_confirm)>
                {may_confirm.then(|| view! {
                    <p>{td_string!(l, consignments.to_confirm_text)}</p>
                    <ui::PostButton action sends
                        label=td_string!(l, consignments.confirm)/>
                })}
            </ui::Notice>
        }
    });
    let waits = waits.collect_view();
    view! {
        <ui::ErrorSummary title=confirm.title() errors=confirm.errors()/>
        {waits}
        {flags}
    }
    .into_any()
}

/// It left so long ago that it should have arrived.
fn late(visit: &Visit, detail: &Detail) -> Option<Flag> {
    let (l, lang) = (visit.locale, visit.lang());
    let row = &detail.consignment;
    let left = row.dispatched_at?.day();
    let is_open = match row.state {
        State::Dispatched | State::PartlyDelivered => true,
        State::Draft | State::Delivered | State::Closed | State::Cancelled => false,
    };
    let today = visit.stock().world().now().day();
    (is_open && is_late(left, detail.latest_rest, today)).then(|| {
        let days = i64::from(today.0 - left.0);
        let title = td_string!(l, consignments.late, n = lang.number(days));
        Flag::new(title).text(td_string!(l, consignments.late_text)).tone(Tone::Warn)
    })
}

fn lines(visit: &Visit, detail: &Detail) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    if detail.lines.is_empty() {
        return ().into_any();
    }
    let title = td_string!(l, consignments.lines);
    let mut columns = vec![Column::text(td_string!(l, consignments.material))];
    if detail.sees_sent {
        columns.extend([
            Column::number(td_string!(l, consignments.sent)),
            Column::number(td_string!(l, consignments.received)),
            Column::number(td_string!(l, consignments.damaged)),
            Column::number(match detail.consignment.missing() {
                0 => td_string!(l, consignments.in_transit),
                _ => td_string!(l, consignments.missing),
            }),
            Column::number(td_string!(l, consignments.elsewhere)),
            Column::number(td_string!(l, consignments.lost)),
            Column::number(td_string!(l, consignments.extra)),
        ]);
    }
    let row = |line: &DetailLine| {
        let label = label_line(&line.title);
        let label = match line.blocked {
            Some(Blocked::Recalled) => format!("{label} · {}", td_string!(l, stock.recalled)),
            Some(Blocked::Held) => format!("{label} · {}", td_string!(l, stock.on_hold)),
            None => label,
        };
        let mut cells = vec![Cell::text(&line.title.title).below(label)];
        if let Some(tally) = line.tally {
            let reason = |reason: Option<_>| reason.map(|reason| reason_name(l, reason));
            let warn = |cell: Cell, pieces: i64| {
                if pieces > 0 { cell.tone(Tone::Warn) } else { cell }
            };
            // Once nothing is missing, what was said of it stands below, in "What was said".
            let missing = line.missing_reason.filter(|_| tally.in_transit() > 0);
            let road = Cell::number(tally.in_transit(), lang).below(reason(missing));
            let extra = tally.extra + tally.extra_explained;
            let explained = (tally.extra_explained > 0).then(|| {
                let n = lang.number(tally.extra_explained);
                td_string!(l, consignments.extra_explained, n = n)
            });
            let why = reason(line.extra_reason).map(str::to_owned);
            let why: Vec<String> = why.into_iter().chain(explained).collect();
            let extra_cell = Cell::number(extra, lang).below(why.join(" · "));
            cells.extend([
                Cell::number(tally.sent, lang),
                Cell::number(tally.received, lang),
                Cell::number(tally.damaged, lang),
                warn(road, tally.in_transit()),
                Cell::number(tally.elsewhere, lang),
                Cell::number(tally.lost, lang),
                warn(extra_cell, tally.extra),
            ]);
        }
        Row::new(cells)
    };
    let rows: Vec<Row> = detail.lines.iter().map(row).collect();
    view! {
        <ui::Sheet title><ui::DataTable caption=title hide_caption=true sparse=true columns rows/></ui::Sheet>
    }
    .into_any()
}

/// Where the signed paper is, and the form that says so.
fn paper(visit: &Visit, detail: &Detail, form: FormState) -> AnyView {
    let (l, lang) = (visit.locale, visit.lang());
    let here = path(&detail.consignment);
    let may = visit.may(Permission::Dispatch) || visit.may(Permission::Deliver);
    if detail.consignment.dispatched_at.is_none() {
        return ().into_any();
    }
    let since = detail.paper_since.map(|at| lang.day(at.day())).unwrap_or_default();
    let now =
        td_string!(l, consignments.paper_since, state = paper_name(l, detail.paper), day = since);
    let scan = detail.paper_scan.filter(|_| detail.sees_sent).map(|record| {
        let href = format!("{here}/scan/{record}");
        view! { <a href=href>{td_string!(l, consignments.scan_open)}</a> }
    });
    let choices =
        PaperState::ALL.map(|state| Choice::new(state.as_str(), paper_name(l, state))).to_vec();
    let record = form.record(visit);
    let fields = may.then(|| {
        view! {
            <ui::Form action=format!("{here}/paper") files=true error_title=form.title()
                errors=form.errors() record>
                <ui::SelectField name="paper" label=td_string!(l, consignments.paper_is) choices
                    value=form.value("paper") error=form.error("paper")
                    prompt=td_string!(l, consignments.choose)/>
                <ui::FileField name="scan" label=td_string!(l, consignments.scan)
                    accept="image/png,image/jpeg,image/webp"
                    hint=td_string!(l, consignments.scan_hint) error=form.error("scan")
                    optional=td_string!(l, reference.optional)/>
                <ui::SubmitBar label=td_string!(l, common.save)/>
            </ui::Form>
        }
    });
    let erase = (detail.sees_from
        && visit.may(Permission::Dispatch)
        && !(detail.trip.driver().is_empty() && detail.trip.vehicle().is_empty()))
    .then(|| {
        view! {
            <ui::Danger summary=td_string!(l, consignments.erase)
                text=td_string!(l, consignments.erase_text) action=format!("{here}/erase-driver")
                label=td_string!(l, consignments.erase)/>
        }
    });
    view! {
        <ui::Sheet title=td_string!(l, consignments.paper) id="paper">
            <p>{now}" "{scan}</p>
            {fields}
        </ui::Sheet>
        {erase}
    }
    .into_any()
}
