use super::files::{Choices, chosen, load, make, of_path, problem};
use crate::error::PageError;
use crate::features::codes::dispatch::path as code_path;
use crate::features::records::words::path as record_path;
use crate::i18n::{self, Locale, td_string};
use crate::page::{Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Choice, FieldError, Width};
use domain::calendar::Lang;
use domain::pack::PackKind;
use leptos::prelude::*;
use papers::labels::Sheet;
use stock::packs::{Label, LabelsOf};

pub async fn choose(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let labels = load(&visit).await?;
    let choices = Choices::read(&visit);
    let title = td_string!(l, labels.title);
    let count = labels.len() as i64;
    let subtitle = td_string!(l, labels.count, count = count, labels = lang.number(count));
    let subtitle = match of_each(&labels, l, lang) {
        Some(of_each) => format!("{subtitle}: {of_each}"),
        None => subtitle,
    };
    let made = visit.query("made").map(|_| {
        view! { <ui::Notice tone=ui::Tone::Good title=td_string!(l, runs.labels_issued)/> }
    });
    let public_url = visit.state.settings.public_url.clone();
    let Some(public_url) = public_url else {
        let crumbs = back(&visit, &labels)?;
        let body = view! {
            <ui::Page narrow=true>
                <ui::PageHead title subtitle crumbs/>
                {made}
                <ui::Notice tone=ui::Tone::Warn title=td_string!(l, labels.no_address_title)>
                    {td_string!(l, labels.no_address_text)}
                </ui::Notice>
            </ui::Page>
        };
        return Ok(Page::new(title, body));
    };
    let errors = mistakes(&visit, &choices, &labels, &public_url);
    let form = form(&visit, &choices, &labels, errors);
    let svg = format!("{}/svg", visit.path);
    let preview = view! {
        <ui::Sheet title=td_string!(l, labels.preview)>
            <img class="label-preview" src=svg.clone() alt=td_string!(l, labels.preview)/>
            <p><a href=svg download="label.svg">{td_string!(l, labels.svg)}</a></p>
        </ui::Sheet>
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title subtitle/>
            {made}
            <ui::Cols>
                <ui::Sheet>{form}</ui::Sheet>
                {preview}
            </ui::Cols>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

/// "11 for cartons, 1 for the batch", where they are not all for the same.
fn of_each(labels: &[Label], l: Locale, lang: Lang) -> Option<String> {
    let count = |pack: Option<PackKind>| {
        labels.iter().filter(|label| label.position.map(|at| at.pack) == pack).count() as i64
    };
    let [cartons, bundles, batches] =
        [Some(PackKind::Carton), Some(PackKind::Bundle), None].map(count);
    let parts = [
        (cartons, td_string!(l, labels.of_cartons, count = cartons, n = lang.number(cartons))),
        (bundles, td_string!(l, labels.of_bundles, count = bundles, n = lang.number(bundles))),
        (batches, td_string!(l, labels.of_batches, count = batches, n = lang.number(batches))),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    (parts.len() > 1).then(|| parts.join(" · "))
}

/// Where somebody came from who cannot print yet.
fn back(visit: &Visit, labels: &[Label]) -> Result<Vec<ui::Link>, PageError> {
    let l = visit.locale;
    Ok(match of_path(visit)? {
        LabelsOf::Run(run) => {
            vec![ui::Link::new(format!("/runs/{run}"), td_string!(l, runs.title))]
        }
        LabelsOf::Record(record) => {
            vec![ui::Link::new(record_path(record), td_string!(l, records.record))]
        }
        LabelsOf::Batch(_) | LabelsOf::Pack(_) | LabelsOf::BundlesOf(_) => labels
            .first()
            .map(|label| ui::Link::new(code_path(label.kind, label.code), label.code.grouped()))
            .into_iter()
            .collect(),
    })
}

/// What is wrong with choices that came back from the PDF; nothing at the first look.
fn mistakes(
    visit: &Visit,
    choices: &Choices,
    labels: &[Label],
    public_url: &str,
) -> Vec<FieldError> {
    let l = visit.locale;
    if visit.query("sheet").is_none() {
        return Vec::new();
    }
    if choices.sheet.is_none() {
        return vec![FieldError::new("sheet", td_string!(l, labels.problem_sheet))];
    }
    // One label shows every mistake but the number of labels, and costs nothing.
    let mut some = chosen(labels, choices);
    if some.len() <= papers::labels::MOST_LABELS {
        some.truncate(1);
    }
    match make(public_url, choices, &some) {
        Ok(_) => Vec::new(),
        Err(error) => {
            let (field, words) = problem(l, choices, &error);
            vec![FieldError::new(field, words)]
        }
    }
}

fn sheet_name(l: Locale, sheet: Sheet) -> &'static str {
    match sheet {
        Sheet::A4x2 => td_string!(l, labels.sheet_a4_2),
        Sheet::A4x4 => td_string!(l, labels.sheet_a4_4),
        Sheet::A4x8 => td_string!(l, labels.sheet_a4_8),
        Sheet::L7160 => td_string!(l, labels.sheet_l7160),
        Sheet::L7163 => td_string!(l, labels.sheet_l7163),
        Sheet::L7165 => td_string!(l, labels.sheet_l7165),
        Sheet::Roll100x150 => td_string!(l, labels.sheet_roll),
    }
}

fn form(visit: &Visit, choices: &Choices, labels: &[Label], errors: Vec<FieldError>) -> AnyView {
    let l = visit.locale;
    let known = errors.clone();
    let error_of = move |name: &str| {
        let found = known.iter().find(|error| error.name == name);
        found.map(|error| error.message.clone())
    };
    let asked = |name: &str| visit.query(name).unwrap_or_default().to_owned();
    let (x, y) = (asked("x"), asked("y"));
    let (x_error, y_error) = (error_of("x"), error_of("y"));
    let sheets: Vec<Choice> =
        Sheet::ALL.into_iter().map(|s| Choice::new(s.name(), sheet_name(l, s))).collect();
    let sheet = choices.sheet.map_or("", Sheet::name);
    let languages: Vec<Choice> =
        Lang::ALL.into_iter().map(|lang| Choice::new(lang.tag(), lang.own_name())).collect();
    let has_bundles = labels
        .iter()
        .any(|label| label.position.is_some_and(|position| position.pack == PackKind::Bundle));
    let which = has_bundles.then(|| {
        let choices = vec![
            Choice::new("all", td_string!(l, labels.which_all)),
            Choice::new("cartons", td_string!(l, labels.which_cartons)),
            Choice::new("bundles", td_string!(l, labels.which_bundles)),
        ];
        let value = visit.query("which").unwrap_or("all").to_owned();
        let error = error_of("which");
        view! {
            <ui::RadioCards name="which" label=td_string!(l, labels.which) choices value row=true
                error/>
        }
    });
    let start = visit.query("start").unwrap_or("1").to_owned();
    let action = format!("{}/pdf", visit.path);
    let words = i18n::lang(choices.locale).tag();
    let hint = td_string!(l, labels.offset_hint);
    let fields = view! {
        {which}
        <ui::RadioCards name="sheet" label=td_string!(l, labels.sheet) choices=sheets value=sheet
            error=error_of("sheet")/>
        <ui::NumberField name="start" label=td_string!(l, labels.start) value=start
            hint=td_string!(l, labels.start_hint) error=error_of("start")/>
        <ui::FieldRow>
            <ui::NumberField name="x" label=td_string!(l, labels.offset_x) value=x
                unit="mm" decimal=true hint error=x_error/>
            <ui::NumberField name="y" label=td_string!(l, labels.offset_y) value=y
                unit="mm" decimal=true error=y_error/>
        </ui::FieldRow>
        <ui::SelectField name="words" label=td_string!(l, labels.language) choices=languages
            value=words width=Width::Middle/>
    };
    let error_title = td_string!(l, common.problem);
    view! {
        <ui::Form action get=true error_title errors=errors.clone()>
            {fields}
            <ui::SubmitBar label=td_string!(l, labels.download)/>
        </ui::Form>
    }
    .into_any()
}
