//! Unused labels of which some will never be used: a tick for each, and a range for many.

use super::page::{list_link, of_path};
use super::words::material;
use crate::explain;
use crate::forms::{Done, Failure, FormState, Post};
use crate::i18n::{self, Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::submission;
use crate::session::Visit;
use crate::ui;
use domain::calendar::Lang;
use domain::ids::{PackId, RunId};
use domain::pieces::parse_count;
use domain::records::issued::{IssuedCarton, VoidLabels};
use leptos::prelude::*;
use stock::runs::VoidLabelsError;

/// More than that are chosen by their numbers.
const MOST_TICKS: usize = 120;

pub async fn form(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let run = of_path(&visit).await?;
    let form = visit.form().await?;
    let unused = visit.reader()?.unused_labels(run.row.id).await?;
    let here = format!("/runs/{}", run.row.id);
    let title = td_string!(l, runs.void_title);
    let subtitle = format!("{}: {}", run.row.number, material(l, &run.row));
    let crumbs = vec![list_link(l), ui::Link::new(here.clone(), run.row.number.clone())];
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
    let content = if unused.is_empty() {
        view! { <ui::Empty title=td_string!(l, runs.void_none) action=cancel/> }.into_any()
    } else {
        let fields = fields(l, lang, &form, &unused);
        view! {
            <p>{td_string!(l, runs.void_text)}</p>
            <ui::Form action=format!("{here}/labels/void") error_title=form.title()
                errors=form.errors() record=form.record(&visit)>
                {fields}
                <ui::SubmitBar label=td_string!(l, runs.void_submit) cancel=Some(cancel)/>
            </ui::Form>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs/>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn fields(l: Locale, lang: Lang, form: &FormState, unused: &[IssuedCarton]) -> AnyView {
    let ticks = (unused.len() <= MOST_TICKS).then(|| {
        let checks = unused.iter().map(|label| {
            let name = tick(label.pack);
            let checked = form.checked(&name);
            let number = lang.number(label.number);
            let pieces = lang.number(label.nominal.get());
            let code = label.code.grouped();
            let words = td_string!(l, runs.void_one, number = number, code = code, pieces = pieces);
            ui::Check::new(name, words, checked)
        });
        let checks = checks.collect();
        view! {
            <ui::CheckCards name="labels" label=td_string!(l, runs.void_labels) checks
                error=form.error("labels")/>
        }
    });
    let hint = td_string!(l, runs.void_range_hint);
    let [from, to] = ["from", "to"].map(|name| (form.value(name), form.error(name)));
    view! {
        <ui::FieldRow>
            <ui::NumberField name="from" label=td_string!(l, runs.void_from) value=from.0 hint
                error=from.1 optional=td_string!(l, runs.optional)/>
            <ui::NumberField name="to" label=td_string!(l, runs.void_to) value=to.0
                error=to.1 optional=td_string!(l, runs.optional)/>
        </ui::FieldRow>
        {ticks}
    }
    .into_any()
}

fn tick(pack: PackId) -> String {
    format!("label_{pack}")
}

pub async fn void(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let run: RunId = post.visit.param("id")?;
    let unused = post.visit.reader()?.unused_labels(run).await;
    let unused = unused.map_err(|error| explain::record(error, l))?;
    let submission = submission(&mut post)?;
    let range = range(&mut post, &unused);
    let (Some(submission), Some(range)) = (submission, range) else { return Err(post.failed()) };
    // Ticks of labels that are used by now stay in the record, so that its answer names them.
    let ticked = post.fields.iter().filter_map(|(name, _)| name.strip_prefix("label_"));
    let mut packs: Vec<PackId> = ticked.filter_map(|id| id.parse().ok()).collect();
    packs.extend(range);
    packs.sort_unstable();
    packs.dedup();
    let voided = post.visit.writer()?.void_labels(submission, VoidLabels { run, packs }).await;
    let voided = voided.map_err(|error| match error {
        VoidLabelsError::Record(error) => explain::record(error, l),
        VoidLabelsError::Nothing => Failure::field("from", td_string!(l, runs.void_nothing)),
        VoidLabelsError::NotUnused { used } => {
            let used = i18n::lang(l).number(used);
            Failure::form(td_string!(l, runs.void_used, used = used))
        }
    })?;
    Ok(Done::see(format!("/runs/{run}?voided={}#labels", voided.voided)))
}

/// The labels from one number to another. The outer `None` is a mistake.
fn range(post: &mut Post, unused: &[IssuedCarton]) -> Option<Vec<PackId>> {
    let l = post.visit.locale;
    let number = |post: &mut Post, name: &str| {
        post.parse(name, |text| parse_count(text).map_err(|error| explain::pieces(error, l)))
    };
    let (from, to) = (number(post, "from")?, number(post, "to")?);
    let (Some(from), Some(to)) = (from.or(to), to.or(from)) else { return Some(Vec::new()) };
    let chosen = unused.iter().filter(|label| (from..=to).contains(&label.number));
    let chosen: Vec<PackId> = chosen.map(|label| label.pack).collect();
    if chosen.is_empty() {
        post.wrong("from", td_string!(l, runs.void_range_empty));
        return None;
    }
    Some(chosen)
}
