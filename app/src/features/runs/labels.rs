//! The form that makes labels for the printer.

use super::page::{list_link, of_path};
use super::words::material;
use crate::i18n::td_string;
use crate::page::{Page, PageResult};
use crate::posting::asks;
use crate::session::Visit;
use crate::ui;
use leptos::prelude::*;

pub async fn issue(visit: Visit) -> PageResult {
    let l = visit.locale;
    let run = of_path(&visit).await?;
    let form = visit.form().await?;
    let here = format!("/runs/{}", run.row.id);
    let per_carton = run.row.packing.per_carton();
    let missing = run.row.progress.short();
    let cartons = form.or("cartons", (missing / per_carton).to_string());
    let each = form.or("each", per_carton.to_string());
    let rest = missing % per_carton;
    let last = form.or("last", if rest > 0 { rest.to_string() } else { String::new() });
    let bundles_of = form.or("bundles_of", run.row.packing.per_bundle().to_string());
    let title = td_string!(l, runs.labels_issue);
    let subtitle = format!("{}: {}", run.row.number, material(l, &run.row));
    let cancel = ui::Link::new(here.clone(), td_string!(l, common.cancel));
    let crumbs = vec![list_link(l), ui::Link::new(here.clone(), run.row.number.clone())];
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(&visit));
    let confirm = asks(&form, td_string!(l, runs.labels_more));
    let pieces = td_string!(l, runs.pieces);
    let optional = td_string!(l, runs.optional);
    let (cartons_error, each_error) = (form.error("cartons"), form.error("each"));
    let full = view! {
        <ui::FieldRow>
            <ui::NumberField name="cartons" label=td_string!(l, runs.labels_cartons)
                value=cartons error=cartons_error/>
            <ui::NumberField name="each" label=td_string!(l, runs.labels_each) value=each
                unit=pieces error=each_error/>
        </ui::FieldRow>
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle crumbs/>
            <ui::Form action=format!("{here}/labels") error_title errors record>
                {full}
                <ui::NumberField name="last" label=td_string!(l, runs.labels_last) value=last
                    hint=td_string!(l, runs.labels_last_hint) unit=pieces optional
                    error=form.error("last")/>
                <ui::CheckField name="bundles" label=td_string!(l, runs.labels_bundles)
                    checked=form.checked("bundles")/>
                <ui::NumberField name="bundles_of" label=td_string!(l, runs.labels_bundles_of)
                    value=bundles_of unit=pieces optional error=form.error("bundles_of")/>
                {confirm}
                <ui::SubmitBar label=td_string!(l, runs.labels_issue) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}
