//! A drop that could not be booked: what was said of it, and what becomes of it.

use super::page::path;
use crate::error::PageError;
use crate::features::events::deciding::not_decided;
use crate::features::events::words::{held_words, title_of};
use crate::forms::{Done, Failure, FormState, Post};
use crate::i18n::td_string;
use crate::posting::{asked, submission};
use crate::session::Visit;
use crate::ui::{self, Cell, Choice, Column, Row, Tone};
use domain::code::Code;
use domain::events::SheetDecision;
use domain::ids::{DropId, MaterialId};
use domain::records::events::{DecideDrop, Goods};
use leptos::prelude::*;
use stock::events::{DropDetail, HeldReason};
use stock::reference::materials::Material;

/// Why it waits, and the form that ends this for whoever may.
pub(super) fn notice(
    visit: &Visit,
    drop: &DropDetail,
    materials: &[Material],
    form: &FormState,
) -> Option<AnyView> {
    let l = visit.locale;
    let reason: HeldReason = drop.row.held?;
    let words = held_words(l, reason, materials);
    let may = visit.actor().is_ok_and(|actor| actor.may_decide(drop.by_org, drop.on_behalf));
    let deciding = Deciding {
        title: td_string!(l, drops.decide_title),
        drop_hint: td_string!(l, drops.drop_held_hint),
        others: td_string!(l, drops.others_decide),
    };
    let action = format!("{}/decide", path(drop.row.id));
    let decision = decision(visit, action, &deciding, (may, form));
    Some(
        view! {
            <ui::Notice tone=Tone::Warn title=td_string!(l, events.held_title)>{words}</ui::Notice>
            {decision}
        }
        .into_any(),
    )
}

/// What the form of a decision says about the thing that waits.
pub(crate) struct Deciding {
    pub title: &'static str,
    pub drop_hint: &'static str,
    pub others: &'static str,
}

/// The form that posts what was held, or drops it; for others, who decides.
pub(crate) fn decision(
    visit: &Visit,
    action: String,
    words: &Deciding,
    (may, form): (bool, &FormState),
) -> AnyView {
    let l = visit.locale;
    if !may {
        return view! { <ui::Notice tone=Tone::Warn title=words.others/> }.into_any();
    }
    let choices = vec![
        Choice::new(SheetDecision::PostNow.as_str(), td_string!(l, events.post_now))
            .hint(td_string!(l, events.post_now_hint)),
        Choice::new(SheetDecision::Same.as_str(), td_string!(l, events.drop_held))
            .hint(words.drop_hint),
    ];
    let (error_title, errors, record) = (form.title(), form.errors(), form.record(visit));
    let (value, error) = (form.value("decision"), form.error("decision"));
    let confirm = asked(form, td_string!(l, errors.confirm));
    view! {
        <ui::Sheet title=words.title id="decide">
            <ui::Form action error_title errors record>
                <ui::RadioCards name="decision" label=td_string!(l, events.decide) choices
                    value error/>
                {confirm}
                <ui::SubmitBar label=td_string!(l, events.decide_now)/>
            </ui::Form>
        </ui::Sheet>
    }
    .into_any()
}

/// What was said of goods, while none of it is in the books.
pub(crate) async fn said(
    visit: &Visit,
    title: &'static str,
    goods: &Goods,
    materials: &[Material],
) -> Result<AnyView, PageError> {
    let (l, lang) = (visit.locale, visit.lang());
    let codes = goods.packs.iter().chain(goods.batches.iter().map(|(code, _)| code));
    let codes: Vec<Code> = codes.copied().collect();
    let found = visit.reader()?.find_codes(&codes).await?;
    let row = |material: MaterialId, code: Option<String>, pieces: i64| {
        let known = materials.iter().find(|known| known.id == material);
        let number = known.map(|known| known.short_number.as_str().to_owned()).unwrap_or_default();
        let below = [Some(number), code].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let title = Cell::text(title_of(materials, material)).below(below);
        Row::new(vec![title, Cell::number(pieces, lang)])
    };
    let of_codes = found.iter().map(|(code, found)| {
        let typed = goods.batches.iter().find(|(known, _)| known == code);
        let pieces = typed.map(|(_, pieces)| pieces.get());
        let Ok(found) = found else {
            let pieces = pieces.map_or_else(Cell::blank, |pieces| Cell::number(pieces, lang));
            return Row::new(vec![Cell::text(code.grouped()), pieces]);
        };
        let nominal = found.pack.map_or(0, |(_, nominal)| nominal);
        row(found.material, Some(code.grouped()), pieces.unwrap_or(nominal))
    });
    let of_materials =
        goods.materials.iter().map(|(material, pieces)| row(*material, None, pieces.get()));
    let rows: Vec<Row> = of_codes.chain(of_materials).collect();
    let columns = vec![
        Column::text(td_string!(l, events.material)),
        Column::number(td_string!(l, drops.pieces)),
    ];
    Ok(view! {
        <ui::Sheet title>
            <p>{td_string!(l, drops.nothing)}</p>
            <ui::DataTable caption=title hide_caption=true keep=true columns rows/>
        </ui::Sheet>
    }
    .into_any())
}

pub async fn decide(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: DropId = post.visit.param("id")?;
    // Only what this person sees.
    post.visit.reader()?.drop_off(id).await?.ok_or(PageError::NotFound)?;
    let decision = post.parse("decision", |word| {
        SheetDecision::parse(word).ok_or_else(|| td_string!(l, events.decide_missing))
    });
    let submission = submission(&mut post)?;
    let (Some(submission), Some(decision)) = (submission, decision) else {
        return Err(post.failed());
    };
    let body = DecideDrop { drop: id, decision };
    match post.visit.writer()?.decide_drop(submission, body).await {
        Ok(_) => Ok(Done::see(path(id))),
        Err(error) => Err(not_decided(&post.visit, error).await?),
    }
}
