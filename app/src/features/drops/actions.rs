use super::page::path;
use crate::error::PageError;
use crate::features::events::fields::count;
use crate::features::events::filled::{event_error, lacking};
use crate::features::events::goods;
use crate::features::receipts::actions::confirm_record;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::posting::attempt;
use domain::events::PublicPlace;
use domain::ids::{DropId, RecordId, StoreId};
use domain::records::EntryMethod;
use domain::records::events::LeaveInPublic;
use domain::role::PlaceCode;
use stock::RecordError;
use stock::events::EventError;

pub async fn record(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let materials = post.visit.reader()?.materials().await?;
    let mut submission = attempt(&mut post)?;
    let store =
        post.parse("store", |id| id.parse::<StoreId>().map_err(|_| td_string!(l, errors.choose)));
    let place = post.parse("place", |text| match text {
        "" => Err(td_string!(l, events.choose_place)),
        code => Ok(PlaceCode::new(code)),
    });
    let kind = post.parse("kind", |word| {
        PublicPlace::parse(word).ok_or_else(|| td_string!(l, events.public_missing))
    });
    let places = count(&mut post, "places").flatten();
    if places == Some(0) {
        post.wrong("places", td_string!(l, errors.pieces_zero));
    }
    let goods = goods::read_goods(&mut post, &materials, store).await?;
    let (Some(store), Some(place), Some(kind), Some(goods)) = (store, place, kind, goods) else {
        return Err(post.failed());
    };
    if !(goods.packs.is_empty() && goods.batches.is_empty()) {
        submission.envelope.entry = EntryMethod::Scanned;
    }
    submission.asks_more = !post.is_right();
    let body = LeaveInPublic { store, place, kind, places, goods };
    match post.visit.writer()?.leave_in_public(submission, body).await {
        Ok(left) => Ok(Done::see(path(left.drop))),
        Err(EventError::Record(RecordError::NeedsConfirmation(short))) => {
            let failure = lacking(&post.visit, &short).await?;
            Err(post.failed_too(failure))
        }
        Err(error) => Err(post.failed_too(event_error(error, l, &materials))),
    }
}

pub async fn confirm(mut post: Post) -> Result<Done, Failure> {
    let id: DropId = post.visit.param("id")?;
    // Only what this person sees.
    post.visit.reader()?.drop_off(id).await?.ok_or(PageError::NotFound)?;
    confirm_record(&mut post, RecordId::new(id.uuid())).await?;
    Ok(Done::see(path(id)))
}
