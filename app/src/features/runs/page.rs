use super::words::{material, money, state_name, state_tone, tolerance};
use crate::error::PageError;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition, Fact, Row, Stage, Step, Tone};
use domain::calendar::Lang;
use domain::ids::RunId;
use domain::role::Permission;
use domain::run::RunState;
use domain::time::Day;
use leptos::prelude::*;
use stock::runs::{Run, RunReceipt, RunRow};

pub(crate) fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/runs", td_string!(l, runs.title))
}

pub(crate) async fn of_path(visit: &Visit) -> Result<Run, PageError> {
    let id: RunId = visit.param("id")?;
    visit.reader()?.run(id).await?.ok_or(PageError::NotFound)
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let today = visit.stock().world().now().day();
    let reader = visit.reader()?;
    let runs = reader.runs().await?;
    let expected = reader.expected_arrivals().await?;
    let may_order = visit.may(Permission::Receive);
    let title = td_string!(l, runs.title);
    let new = ui::Link::new("/runs/new", td_string!(l, runs.new));
    let content = if runs.is_empty() {
        let action = may_order.then(|| new.clone());
        let text = td_string!(l, runs.empty_text);
        crate::features::reference::empty(td_string!(l, runs.empty), text, action)
    } else {
        lists(l, lang, today, &runs, &expected)
    };
    let with_button = may_order && !runs.is_empty();
    let body = view! {
        <ui::Page>
            <ui::PageHead title>
                {with_button.then(|| view! {
                    <ui::ButtonLink href=new.href label=new.label main=true/>
                })}
            </ui::PageHead>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn lists(l: Locale, lang: Lang, today: Day, runs: &[RunRow], expected: &[RunRow]) -> AnyView {
    let awaited = if expected.is_empty() {
        view! { <p>{td_string!(l, runs.expected_none)}</p> }.into_any()
    } else {
        table(l, lang, today, expected, td_string!(l, runs.expected))
    };
    let all = table(l, lang, today, runs, td_string!(l, runs.all));
    view! {
        <ui::Stack>
            <ui::Sheet title=td_string!(l, runs.expected) id="expected">{awaited}</ui::Sheet>
            <ui::Sheet title=td_string!(l, runs.all) id="all">{all}</ui::Sheet>
        </ui::Stack>
    }
    .into_any()
}

fn table(l: Locale, lang: Lang, today: Day, runs: &[RunRow], caption: &'static str) -> AnyView {
    let columns = vec![
        Column::text(td_string!(l, runs.run)),
        Column::text(td_string!(l, runs.material)),
        Column::text(td_string!(l, runs.printer)),
        Column::number(td_string!(l, runs.ordered)),
        Column::number(td_string!(l, runs.received)),
        Column::text(td_string!(l, runs.due)),
        Column::text(td_string!(l, runs.state)),
    ];
    let rows: Vec<Row> = runs.iter().map(|run| row(l, lang, today, run)).collect();
    view! { <ui::DataTable caption hide_caption=true columns rows/> }.into_any()
}

fn row(l: Locale, lang: Lang, today: Day, run: &RunRow) -> Row {
    let state = Cell::badge(state_name(l, run.state), state_tone(run.state));
    Row::new(vec![
        Cell::link(format!("/runs/{}", run.id), &run.number),
        Cell::text(&run.title).below(crate::features::materials::identity(
            l,
            run.kind,
            run.language,
            &run.edition,
        )),
        Cell::text(&run.printer_name),
        Cell::number(run.progress.ordered.get(), lang),
        Cell::number(run.progress.received, lang),
        Cell::day(run.progress.due_on, lang),
        match late(l, lang, today, run) {
            Some(days) => state.below(days),
            None => state,
        },
    ])
}

/// "3 days late", where a run is.
fn late(l: Locale, lang: Lang, today: Day, run: &RunRow) -> Option<String> {
    let days = i64::from(today.0 - run.progress.due_on.0);
    let words = || td_string!(l, runs.late_days, count = days, days = lang.number(days));
    (run.state == RunState::Late).then(words)
}

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let run = of_path(&visit).await?;
    let may_receive = visit.may(Permission::Receive);
    let here = format!("/runs/{}", run.row.id);
    let closing = visit.form_of(&format!("{here}/close")).await?;
    let state = run.row.state;
    let title = format!("{} {}", td_string!(l, runs.run), run.row.number);
    let heading = title.clone();
    let subtitle = material(l, &run.row);
    let editable = run.is_editable && may_receive;
    let buttons = may_receive.then(|| {
        let edit = editable.then(|| {
            view! { <ui::ButtonLink href=format!("{here}/edit") label=td_string!(l, runs.edit)/> }
        });
        view! {
            {edit}
            <ui::ButtonLink href=format!("{here}/receive") main=true
                label=td_string!(l, runs.receive)/>
        }
    });
    let record = closing.record(&visit);
    let end = (may_receive && state != RunState::Closed).then(|| close(l, &here, &closing, record));
    let facts = facts(l, lang, &run);
    let steps = steps(l, lang, &run);
    let deliveries = deliveries(l, lang, &run);
    let labels = labels(l, lang, &here, &run, may_receive);
    let items = definitions(l, lang, &run);
    let again = crate::posting::sent_again(&visit);
    let voided = visit.query("voided").and_then(|count| count.parse::<i64>().ok()).map(|count| {
        let title = td_string!(l, runs.void_done, n = lang.number(count));
        view! { <ui::Notice tone=Tone::Good title/> }
    });
    let saved = visit.query("saved").map(|_| {
        view! { <ui::Notice tone=Tone::Good title=td_string!(l, runs.saved)/> }
    });
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle crumbs=vec![list_link(l)]
                status=move || view! { <ui::Badge label=state_name(l, state)
                    tone=state_tone(state)/> }>
                {buttons}
            </ui::PageHead>
            {again}
            {saved}
            {voided}
            <ui::Facts facts/>
            <ui::Cols>
                <ui::Stack>{deliveries}{labels}</ui::Stack>
                <ui::Stack>
                    <ui::Sheet title=td_string!(l, runs.progress)>
                        <ui::Steps label=td_string!(l, runs.progress) steps/>
                    </ui::Sheet>
                    <ui::Sheet><ui::Definitions items/></ui::Sheet>
                    {end}
                </ui::Stack>
            </ui::Cols>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn facts(l: Locale, lang: Lang, run: &Run) -> Vec<Fact> {
    let progress = &run.row.progress;
    let pieces = td_string!(l, runs.pieces);
    let fact = |label: &'static str, count: i64| Fact::new(label, lang.number(count)).unit(pieces);
    let mut facts = vec![
        fact(td_string!(l, runs.ordered), progress.ordered.get()).sentence(tolerance(
            l,
            lang,
            progress.tolerance,
        )),
        match since_counted(l, lang, run) {
            Some(words) => fact(td_string!(l, runs.received), progress.received).sentence(words),
            None => fact(td_string!(l, runs.received), progress.received),
        },
    ];
    if progress.over() > 0 {
        let tone = if progress.is_over_tolerance() { Tone::Warn } else { Tone::Plain };
        facts.push(fact(td_string!(l, runs.over), progress.over()).tone(tone));
    } else {
        facts.push(fact(td_string!(l, runs.still_short), progress.short()));
    }
    facts
}

/// Why the pieces received are not those of the deliveries: sealed packs held others than marked.
fn since_counted(l: Locale, lang: Lang, run: &Run) -> Option<String> {
    let standing = run.receipts.iter().filter(|receipt| !receipt.is_reversed);
    let counted: i64 = standing.map(|receipt| receipt.good + receipt.damaged).sum();
    let short = counted - run.row.progress.received;
    let (counted, n) = (lang.number(counted), lang.number(short.abs()));
    match short {
        0 => None,
        1.. => Some(td_string!(l, runs.less_short, counted = counted, n = n)),
        _ => Some(td_string!(l, runs.and_more, counted = counted, n = n)),
    }
}

fn steps(l: Locale, lang: Lang, run: &Run) -> Vec<Step> {
    let stage = |reached: bool| if reached { Stage::Done } else { Stage::Ahead };
    let standing: Vec<&RunReceipt> = run.receipts.iter().filter(|r| !r.is_reversed).collect();
    let state = run.row.state;
    let complete =
        run.row.progress.received >= run.row.progress.tolerance.least(run.row.progress.ordered);
    let first = Step::new(td_string!(l, runs.step_first), stage(!standing.is_empty()));
    let mut steps = vec![
        Step::new(td_string!(l, runs.step_ordered), Stage::Done)
            .detail(lang.day(run.row.ordered_on)),
        match standing.first() {
            Some(receipt) => first.detail(lang.day(receipt.day)),
            None => first.detail(format!(
                "{} {}",
                td_string!(l, runs.due),
                lang.day(run.row.progress.due_on)
            )),
        },
        Step::new(td_string!(l, runs.step_complete), stage(complete)),
    ];
    if state == RunState::Closed {
        let stage = if complete { Stage::Done } else { Stage::Stopped };
        steps.push(Step::new(td_string!(l, runs.step_closed), stage));
    }
    steps
}

fn deliveries(l: Locale, lang: Lang, run: &Run) -> AnyView {
    let title = td_string!(l, runs.deliveries);
    let content = if run.receipts.is_empty() {
        view! { <p>{td_string!(l, runs.no_deliveries)}</p> }.into_any()
    } else {
        let columns = vec![
            Column::text(td_string!(l, runs.delivery)),
            Column::text(td_string!(l, runs.date)),
            Column::text(td_string!(l, runs.store)),
            Column::number(td_string!(l, runs.good)),
            Column::number(td_string!(l, runs.damaged)),
            Column::text(td_string!(l, runs.batch)),
            Column::text(td_string!(l, runs.state)),
        ];
        let rows: Vec<Row> = run.receipts.iter().map(|r| delivery(l, lang, r)).collect();
        view! { <ui::DataTable caption=title hide_caption=true columns rows/> }.into_any()
    };
    view! { <ui::Sheet title id="deliveries">{content}</ui::Sheet> }.into_any()
}

fn delivery(l: Locale, lang: Lang, receipt: &RunReceipt) -> Row {
    let state = if receipt.is_reversed {
        Cell::badge(td_string!(l, runs.reversed), Tone::Quiet)
    } else if receipt.on_hold {
        Cell::badge(td_string!(l, runs.on_hold), Tone::Warn)
    } else {
        Cell::blank()
    };
    Row::new(vec![
        Cell::link(format!("/receipts/{}", receipt.record), &receipt.number),
        Cell::day(receipt.day, lang),
        Cell::text(&receipt.store_name),
        Cell::number(receipt.good, lang),
        Cell::number(receipt.damaged, lang),
        Cell::code(receipt.code, format!("/b/{}", receipt.code)),
        state,
    ])
}

fn labels(l: Locale, lang: Lang, here: &str, run: &Run, may: bool) -> Option<AnyView> {
    if run.labels.total() == 0 && !(may && run.row.state.is_awaited()) {
        return None;
    }
    let counts = (run.labels.total() > 0).then(|| {
        let number = |count: i64| lang.number(count);
        let (unused, came) = (number(run.labels.unused), number(run.labels.came));
        let voided = number(run.labels.voided);
        let words = td_string!(l, runs.labels_are, unused = unused, came = came, voided = voided);
        view! { <p>{words}</p> }
    });
    let print = (run.labels.unused > 0).then(|| {
        let href = format!("/labels/run/{}", run.row.id);
        view! { <ui::ButtonLink href label=td_string!(l, runs.labels_print)/> }
    });
    let void = (may && run.labels.unused > 0).then(|| {
        let href = format!("{here}/labels/void");
        view! { <ui::ButtonLink href label=td_string!(l, runs.void_title)/> }
    });
    let issue = may.then(|| {
        let href = format!("{here}/labels");
        view! { <ui::ButtonLink href label=td_string!(l, runs.labels_issue)/> }
    });
    Some(
        view! {
            <ui::Sheet title=td_string!(l, runs.labels) id="labels">
                <p>{td_string!(l, runs.labels_text)}</p>
                {counts}
                <div class="row">{print}{issue}{void}</div>
            </ui::Sheet>
        }
        .into_any(),
    )
}

fn definitions(l: Locale, lang: Lang, run: &Run) -> Vec<Definition> {
    let row = &run.row;
    let material_href = format!("/reference/materials/{}", row.material);
    let mut items = vec![
        Definition::new(td_string!(l, runs.printer), row.printer_name.clone()),
        Definition::new(
            td_string!(l, runs.material),
            view! { <a href=material_href>{material(l, row)}</a> },
        ),
        Definition::new(td_string!(l, runs.ordered_on), lang.day(row.ordered_on)),
        Definition::new(td_string!(l, runs.due_on), lang.day(row.progress.due_on)),
    ];
    if !run.purchase_order.is_empty() {
        items.push(Definition::new(td_string!(l, runs.purchase_order), run.purchase_order.clone()));
    }
    if let Some(cost) = run.cost {
        items.push(Definition::new(td_string!(l, runs.cost), money(lang, cost)));
    }
    if let Some(donor) = &run.donor_name {
        items.push(Definition::new(td_string!(l, runs.donor), donor.clone()));
    }
    items
}

fn close(l: Locale, here: &str, form: &FormState, record: String) -> AnyView {
    let sends = vec![("record".to_owned(), record)];
    view! {
        <ui::ErrorSummary title=form.title() errors=form.errors()/>
        <ui::Danger summary=td_string!(l, runs.close) action=format!("{here}/close")
            text=td_string!(l, runs.close_text) label=td_string!(l, runs.close)
            sends=sends open=!form.is_fresh()/>
    }
    .into_any()
}
