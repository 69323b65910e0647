//! `/records/{id}/reverse`: what will be undone, together and completely, and why.

use super::words;
use crate::error::PageError;
use crate::features::stock::words as stock_words;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Row, Tone};
use domain::calendar::Lang;
use domain::ids::{MovementId, RecordId};
use domain::ledger::Reason;
use leptos::prelude::*;
use stock::corrections::{Hindrance, ReversalStep};

/// Why something is taken back.
const REASONS: [Reason; 6] = [
    Reason::TypedWrong,
    Reason::EnteredTwice,
    Reason::WrongBatch,
    Reason::CountedWrong,
    Reason::DidNotHappen,
    Reason::Other,
];

/// Shows the movements of the record, or the whole set that was found to belong together:
/// `?set=ID,ID`.
pub async fn form(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let id: RecordId = visit.param("id")?;
    let reader = visit.reader()?;
    let record = reader.record(id).await?;
    let form = visit.form().await?;
    let set = set(&visit, &form);
    let movements = match set.is_empty() {
        true => match reader.reversible_movements(id).await {
            Ok(movements) => movements,
            Err(error) => {
                super::actions::nothing_stands(error)?;
                return Err(PageError::NotFound);
            }
        },
        false => set.clone(),
    };
    let steps = reader.reversal_steps(&movements).await?;
    if steps.is_empty() {
        return Err(PageError::NotFound);
    }
    let title = td_string!(l, records.take_back_title);
    let what = words::kind(&record.head.kind, l);
    let crumbs = vec![
        ui::Link::new("/records", td_string!(l, records.title)),
        ui::Link::new(words::path(id), what),
    ];
    let together = (!set.is_empty()).then(|| {
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, records.together)>
                {td_string!(l, records.together_text)}
            </ui::Notice>
        }
    });
    let why = reader.hindrance(&movements).await?;
    let table = table(&visit, l, lang, &steps)?;
    if let Some(why) = why.filter(|why| *why != Hindrance::LaterFirst) {
        let body = view! {
            <ui::Page narrow=true>
                <ui::PageHead title crumbs subtitle=what/>
                <ui::Notice tone=Tone::Warn title=td_string!(l, records.cannot_take_back)>
                    {words::hindrance(why, l)}
                </ui::Notice>
                <ui::Sheet>{table}</ui::Sheet>
            </ui::Page>
        };
        return Ok(Page::new(title, body));
    }
    let later = why.map(|why| {
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, records.later_first_title)>
                {words::hindrance(why, l)}
            </ui::Notice>
        }
    });
    let hidden = set.iter().map(|movement| {
        view! { <ui::Hidden name="movement" value=movement.to_string()/> }
    });
    let hidden = hidden.collect_view();
    let choices =
        REASONS.iter().map(|reason| Choice::new(reason.as_str(), stock_words::reason(*reason, l)));
    let choices: Vec<Choice> = choices.collect();
    let reason = form.or("reason", visit.query("reason").unwrap_or_default());
    let cancel = ui::Link::new(words::path(id), td_string!(l, common.cancel));
    let (error_title, errors, kept) = (form.title(), form.errors(), form.record(&visit));
    let (wrong, note) = (form.error("reason"), form.value("note"));
    let button = match set.is_empty() {
        true => td_string!(l, records.take_back).to_owned(),
        false => td_string!(l, records.take_back_all, n = lang.number(steps.len() as i64)),
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs subtitle=what/>
            {together}
            {later}
            <ui::Sheet>{table}</ui::Sheet>
            <ui::Form action=visit.path.clone() error_title errors record=kept>
                {hidden}
                <ui::SelectField name="reason" label=td_string!(l, records.why) choices
                    value=reason prompt=td_string!(l, records.choose_reason) error=wrong/>
                <ui::TextArea name="note" label=td_string!(l, records.note) rows=2 value=note
                    no_names=td_string!(l, receipts.no_names)
                    optional=td_string!(l, reference.optional)/>
                <ui::SubmitBar label=button cancel=Some(cancel)
                    note=td_string!(l, records.take_back_note)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// The set from the address, or from the form that was refused.
fn set(visit: &Visit, form: &FormState) -> Vec<MovementId> {
    let kept: Vec<MovementId> =
        form.fields().all("movement").filter_map(|id| id.parse().ok()).collect();
    if !kept.is_empty() {
        return kept;
    }
    let asked = visit.query("set").unwrap_or_default();
    asked.split(',').filter_map(|id| id.parse().ok()).collect()
}

fn table(
    visit: &Visit,
    l: Locale,
    lang: Lang,
    steps: &[ReversalStep],
) -> Result<AnyView, PageError> {
    let me = visit.actor()?.user;
    let caption = td_string!(l, records.undone);
    let columns = vec![
        Column::text(td_string!(l, records.what)),
        Column::text(td_string!(l, records.happened)),
        Column::number(td_string!(l, records.pieces)),
        Column::text(td_string!(l, records.by)),
    ];
    let rows = steps
        .iter()
        .map(|step| {
            let by = match step.author == me {
                true => td_string!(l, records.by_you),
                false => td_string!(l, records.by_other),
            };
            Row::new(vec![
                Cell::link(words::path(step.record), stock_words::kind(step.kind, l)),
                Cell::day(step.occurred_at.day(), lang),
                Cell::number(step.pieces, lang),
                Cell::text(by),
            ])
        })
        .collect();
    Ok(view! { <ui::DataTable caption columns rows/> }.into_any())
}
