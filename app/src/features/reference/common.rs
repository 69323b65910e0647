//! What the pages of reference data share: names read from fields, retiring, "saved".

use crate::error::PageError;
use crate::forms::{FormState, Post};
use crate::i18n::{Locale, td_string};
use crate::session::Visit;
use crate::ui::{self, Tone};
use domain::reference::{Name, NameError, Standing};
use domain::role::Permission;
use leptos::prelude::*;

/// Reads a name; notes what is wrong with it.
pub(crate) fn name(post: &mut Post, field: &str) -> Option<Name> {
    let l = post.visit.locale;
    post.parse(field, |text| Name::parse(text).map_err(|error| name_words(l, error)))
}

/// Reads a name that may be missing. The outer `None` is a name that was refused.
pub(crate) fn optional_name(post: &mut Post, field: &str) -> Option<Option<Name>> {
    let l = post.visit.locale;
    post.parse(field, |text| Name::parse_optional(text).map_err(|error| name_words(l, error)))
}

/// Reads names, one a line.
pub(crate) fn names(post: &mut Post, field: &str) -> Option<Vec<Name>> {
    let l = post.visit.locale;
    post.parse(field, |text| {
        let lines = text.lines().map(Name::parse_optional);
        let lines = lines.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>();
        lines.map_err(|error| name_words(l, error))
    })
}

fn name_words(l: Locale, error: NameError) -> &'static str {
    match error {
        NameError::Empty => td_string!(l, reference.name_missing),
        NameError::TooLong => td_string!(l, reference.name_long),
        NameError::Unprintable => td_string!(l, reference.name_unprintable),
        NameError::NoLetter => td_string!(l, reference.name_no_letter),
    }
}

/// "Retired", where a thing is.
pub(crate) fn standing_badge(l: Locale, standing: Standing) -> Option<AnyView> {
    (standing == Standing::Retired).then(|| {
        view! { <ui::Badge label=td_string!(l, reference.retired) tone=Tone::Quiet/> }.into_any()
    })
}

/// The table of a list; a column says which are retired, where any is.
pub(crate) fn table(
    l: Locale,
    caption: &'static str,
    mut columns: Vec<ui::Column>,
    rows: Vec<(Vec<ui::Cell>, Standing)>,
) -> AnyView {
    let any_retired = rows.iter().any(|(_, standing)| *standing == Standing::Retired);
    if any_retired {
        columns.push(ui::Column::text(td_string!(l, reference.state)));
    }
    let row = |(mut cells, standing): (Vec<ui::Cell>, Standing)| {
        match standing {
            Standing::Retired => {
                cells.push(ui::Cell::badge(td_string!(l, reference.retired), Tone::Quiet));
            }
            Standing::InUse if any_retired => cells.push(ui::Cell::blank()),
            Standing::InUse => {}
        }
        ui::Row::new(cells)
    };
    let rows: Vec<ui::Row> = rows.into_iter().map(row).collect();
    let keep = columns.len() <= 3;
    view! { <ui::DataTable caption hide_caption=true keep columns rows/> }.into_any()
}

/// The end of a detail page: to retire a thing, or to bring it back. `form` holds the refusal.
pub(crate) fn standing_form(
    l: Locale,
    action: String,
    standing: Standing,
    form: &FormState,
) -> AnyView {
    let sends = |standing: Standing| vec![("standing".to_owned(), standing.as_str().to_owned())];
    match standing {
        Standing::Retired => view! {
            <ui::Notice title=td_string!(l, reference.retired_title)>
                {td_string!(l, reference.retired_text)}
                <ui::PostButton action label=td_string!(l, reference.bring_back)
                    sends=sends(Standing::InUse)/>
            </ui::Notice>
        }
        .into_any(),
        Standing::InUse => view! {
            <ui::ErrorSummary title=form.title() errors=form.errors()/>
            <ui::Danger summary=td_string!(l, reference.retire) action
                text=td_string!(l, reference.retire_text) label=td_string!(l, reference.retire)
                sends=sends(Standing::Retired)/>
        }
        .into_any(),
    }
}

/// What the form above asks for.
pub(crate) fn asked_standing(post: &Post) -> Result<Standing, PageError> {
    Standing::parse(post.text("standing")).ok_or(PageError::NotFound)
}

/// The forms of what concerns the whole programme are only for those who see all of it.
pub(crate) fn require_everywhere(visit: &Visit) -> Result<(), PageError> {
    let may = visit.reader()?.may_everywhere(Permission::EditReference);
    if may { Ok(()) } else { Err(PageError::NotFound) }
}

/// "Saved", on the page that an action led to with `?saved=1`.
pub(crate) fn saved_notice(visit: &Visit) -> Option<AnyView> {
    visit.query("saved").map(|_| {
        let words = td_string!(visit.locale, reference.saved);
        view! { <ui::Notice tone=Tone::Good title=words/> }.into_any()
    })
}

/// Nothing is here yet; how to begin, for those who may.
pub(crate) fn empty(title: &'static str, text: &'static str, action: Option<ui::Link>) -> AnyView {
    match action {
        Some(action) => view! { <ui::Empty title text action/> }.into_any(),
        None => view! { <ui::Empty title text/> }.into_any(),
    }
}

/// The way from the front of reference data to a list.
pub(crate) fn crumbs(l: Locale, list: Option<ui::Link>) -> Vec<ui::Link> {
    let front = ui::Link::new("/reference", td_string!(l, reference.title));
    std::iter::once(front).chain(list).collect()
}
