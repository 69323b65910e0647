//! Forms of a draft: new, edit, dispatch.

use super::draft;
use super::words::{crumbs, list_link, path};
use crate::error::PageError;
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::made_before;
use crate::session::Visit;
use crate::ui::{self, Choice, Tone};
use domain::consignment::State;
use domain::ids::{ConsignmentId, StoreId};
use domain::reference::Standing;
use leptos::prelude::*;
use stock::consignments::{Detail, Filter, StoreRef, Summary};

pub async fn new(visit: Visit) -> PageResult {
    let l = visit.locale;
    let reader = visit.reader()?;
    let form = visit.form().await?;
    let record = form.record_in_address(&visit)?;
    let id: ConsignmentId = record.parse().map_err(|_| PageError::NotFound)?;
    if let Ok(made) = reader.consignment(id).await {
        let href = path(&made.consignment);
        return Ok(made_before(l, made.consignment.number, href, "/consignments/new"));
    }
    let senders = reader.stores().await?;
    let senders: Vec<Choice> = senders
        .iter()
        .filter(|store| store.standing == Standing::InUse)
        .map(|store| Choice::new(store.id.to_string(), &store.name))
        .collect();
    let receivers = reader.consignment_receivers().await?;
    let filter = Filter { state: Some(State::Draft), ..Filter::default() };
    let (drafts, _) = reader.consignments(filter).await?;
    let title = td_string!(l, consignments.new);
    let content = if senders.is_empty() || receivers.len() < 2 {
        view! {
            <ui::Empty title=td_string!(l, consignments.no_stores)
                text=td_string!(l, consignments.no_stores_text)/>
        }
        .into_any()
    } else {
        new_form(l, &form, record, senders, &receivers, &drafts)
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title crumbs=vec![list_link(l)]/>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn new_form(
    l: Locale,
    form: &FormState,
    record: String,
    senders: Vec<Choice>,
    receivers: &[StoreRef],
    drafts: &[Summary],
) -> AnyView {
    let only = senders.first().filter(|_| senders.len() == 1).map(|one| one.value.clone());
    let from = form.or("from", only.unwrap_or_default());
    // A truck is shared with what leaves from the same store.
    let leaves_here = |store: &StoreId| match from.as_str() {
        "" => senders.iter().any(|sender| sender.value == store.to_string()),
        chosen => chosen == store.to_string(),
    };
    let with: Vec<Choice> = drafts
        .iter()
        .filter(|draft| leaves_here(&draft.from.id) || form.value("with") == draft.id.to_string())
        .map(|draft| {
            let label = format!("{} ({} – {})", draft.number, draft.from.name, draft.to.name);
            Choice::new(draft.id.to_string(), label)
        })
        .collect();
    let with = (!with.is_empty()).then(|| {
        view! {
            <ui::SelectField name="with" label=td_string!(l, consignments.same_truck_as)
                hint=td_string!(l, consignments.same_truck_hint) choices=with
                value=form.value("with") error=form.error("with")
                prompt=td_string!(l, consignments.own_truck)
                optional=td_string!(l, reference.optional)/>
        }
    });
    let cancel = ui::Link::new("/consignments", td_string!(l, common.cancel));
    let from_error = form.error("from");
    let receiver = receiver_field(l, form, receivers, "");
    let trip = trip_fields(l, form, None);
    view! {
        <ui::Form action="/consignments/new" error_title=form.title() errors=form.errors()
            record=record>
            <ui::SelectField name="from" label=td_string!(l, consignments.from) choices=senders
                value=from error=from_error
                prompt=td_string!(l, consignments.choose_store)/>
            {receiver}
            {with}
            {trip}
            <ui::SubmitBar label=td_string!(l, consignments.begin) cancel=Some(cancel)/>
        </ui::Form>
    }
    .into_any()
}

fn receiver_field(l: Locale, form: &FormState, receivers: &[StoreRef], known: &str) -> AnyView {
    let choices: Vec<Choice> =
        receivers.iter().map(|store| Choice::new(store.id.to_string(), &store.name)).collect();
    view! {
        <ui::SelectField name="to" label=td_string!(l, consignments.to) choices
            value=form.or("to", known) error=form.error("to")
            prompt=td_string!(l, consignments.choose_store)/>
    }
    .into_any()
}

fn trip_fields(l: Locale, form: &FormState, detail: Option<&Detail>) -> AnyView {
    let trip = detail.map(|detail| &detail.trip);
    let driver = form.or("driver", trip.map_or("", |trip| trip.driver()));
    let vehicle = form.or("vehicle", trip.map_or("", |trip| trip.vehicle()));
    let day = trip.and_then(|trip| trip.leaves_on).map(|day| day.to_string());
    let optional = td_string!(l, reference.optional);
    let [driver_error, vehicle_error] = ["driver", "vehicle"].map(|name| form.error(name));
    view! {
        <ui::FieldRow>
            <ui::TextField name="driver" label=td_string!(l, consignments.driver)
                hint=td_string!(l, consignments.driver_hint) value=driver
                error=driver_error optional/>
            <ui::TextField name="vehicle" label=td_string!(l, consignments.vehicle)
                hint=td_string!(l, consignments.vehicle_hint) value=vehicle
                error=vehicle_error optional/>
        </ui::FieldRow>
        <ui::DateField name="leaves_on" label=td_string!(l, consignments.leaves_on)
            value=form.or("leaves_on", day.unwrap_or_default()) error=form.error("leaves_on")
            optional/>
    }
    .into_any()
}

/// A draft that the visitor may change.
async fn of_path(visit: &Visit) -> Result<Detail, PageError> {
    let id: ConsignmentId = visit.param("id")?;
    let detail = visit.reader()?.consignment(id).await?;
    if detail.sees_from { Ok(detail) } else { Err(PageError::NotFound) }
}

pub async fn edit(visit: Visit) -> PageResult {
    let l = visit.locale;
    let detail = of_path(&visit).await?;
    let form = visit.form().await?;
    let receivers = visit.reader()?.consignment_receivers().await?;
    let title = td_string!(l, consignments.edit_title, number = detail.consignment.number.clone());
    let heading = title.clone();
    let to: StoreId = detail.consignment.to.id;
    let shared = (!detail.same_trip.is_empty()).then(|| {
        let numbers: Vec<&str> =
            detail.same_trip.iter().map(|(_, number)| number.as_str()).collect();
        let numbers = numbers.join(", ");
        view! {
            <ui::Notice tone=Tone::Plain
                title=td_string!(l, consignments.shared_trip, numbers = numbers)/>
        }
    });
    let cancel = ui::Link::new(path(&detail.consignment), td_string!(l, common.cancel));
    let crumbs = crumbs(l, &detail.consignment);
    let receiver = receiver_field(l, &form, &receivers, &to.to_string());
    let trip = trip_fields(l, &form, Some(&detail));
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs/>
            {shared}
            <ui::Form action=visit.path.clone() error_title=form.title() errors=form.errors()>
                {receiver}
                {trip}
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

pub async fn dispatch(visit: Visit) -> PageResult {
    let detail = of_path(&visit).await?;
    if detail.consignment.state == State::Draft {
        draft::leaving(visit, detail).await
    } else {
        // The form came back after it was sent: what it made is on the page of the consignment.
        super::detail::show(visit, detail).await
    }
}
