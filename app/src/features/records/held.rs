//! Goods of an event that could not be booked, on the page of their record: what was said of them,
//! and what becomes of them.

use super::words;
use crate::error::PageError;
use crate::features::drops::held::{Deciding, decision, said};
use crate::features::events::deciding::not_decided;
use crate::features::events::words::held_words;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::posting::submission;
use crate::session::Visit;
use crate::ui::{self, Tone};
use domain::events::SheetDecision;
use domain::ids::RecordId;
use domain::records::events::DecideGoods;
use leptos::prelude::*;

/// What the page says of held goods: above, and in the place of what was moved while they wait.
pub(super) struct Held {
    pub notice: AnyView,
    pub said: Option<AnyView>,
}

pub(super) async fn held(visit: &Visit, id: RecordId) -> Result<Option<Held>, PageError> {
    let (l, reader) = (visit.locale, visit.reader()?);
    let Some(goods) = reader.held_goods(id).await? else { return Ok(None) };
    let form = visit.form_of(&action(id)).await?;
    if let Some(by) = goods.decided_by {
        let (errors, href) = (form.errors(), words::path(by));
        // Somebody else may have decided while the form was open.
        let notice = view! {
            <ui::ErrorSummary title=form.title() errors/>
            <ui::Notice tone=Tone::Accent title=td_string!(l, records.decided)>
                <a href=href>{td_string!(l, records.to_decision)}</a>
            </ui::Notice>
        };
        return Ok(Some(Held { notice: notice.into_any(), said: None }));
    }
    let materials = reader.materials().await?;
    let reason = held_words(l, goods.reason, &materials);
    let title = td_string!(l, events.held_title);
    let may = visit.actor().is_ok_and(|actor| actor.may_decide(goods.by_org, goods.on_behalf));
    let words = Deciding {
        title: td_string!(l, records.decide_title),
        drop_hint: td_string!(l, records.drop_hint),
        others: td_string!(l, records.others_decide),
    };
    let decision = decision(visit, action(id), &words, (may, &form));
    let notice = view! {
        <ui::Notice tone=Tone::Warn title>{reason}</ui::Notice>
        {decision}
    };
    let said = said(visit, td_string!(l, records.goods_said), &goods.said, &materials).await?;
    Ok(Some(Held { notice: notice.into_any(), said: Some(said) }))
}

fn action(id: RecordId) -> String {
    format!("{}/decide", words::path(id))
}

pub async fn decide(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let record: RecordId = post.visit.param("id")?;
    // Only what this person sees.
    post.visit.reader()?.held_goods(record).await?.ok_or(PageError::NotFound)?;
    let decision = post.parse("decision", |word| {
        SheetDecision::parse(word).ok_or_else(|| td_string!(l, events.decide_missing))
    });
    let submission = submission(&mut post)?;
    let (Some(submission), Some(decision)) = (submission, decision) else {
        return Err(post.failed());
    };
    let body = DecideGoods { record, decision };
    match post.visit.writer()?.decide_goods(submission, body).await {
        Ok(_) => Ok(Done::see(format!("{}?done=1", words::path(record)))),
        Err(error) => Err(not_decided(&post.visit, error).await?),
    }
}
