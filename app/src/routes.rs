//! Every page, file and action once, as data: the router is built from this list and the tests of
//! rights, accessibility and JavaScript-off iterate it.
//!
//! Add your routes under your feature's heading. A path has axum's form (`/runs/{id}`).

use crate::features;
pub use crate::routing::*;
use domain::role::Permission;
use std::sync::LazyLock;

/// All routes of the browser.
pub fn all() -> &'static [Route] {
    static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(list);
    &ROUTES
}

fn list() -> Vec<Route> {
    use Need::{May, MayAny, OnPhone, Public, SignedIn};
    use Permission::{Confirm, KeepStore, Receive, SeeReports};
    use features::*;

    const PEOPLE: Need = May(Permission::ManageAccounts);
    const EDIT: Need = May(Permission::EditReference);
    const KEEP: Need = May(KeepStore);
    const RECEIVE: Need = May(Receive);
    const CONFIRM: Need = May(Confirm);
    const RUNS: Need = MayAny(&[Receive, Confirm, SeeReports]);
    const COUNTED: Need = MayAny(&[KeepStore, Confirm, SeeReports]);
    const EVENTS: Need = May(Permission::RunEvents);
    const RECALL: Need = May(Permission::Recall);
    const SETTLE: Need = May(Permission::Reconcile);
    const LABELS: Need = MayAny(&[Receive, KeepStore]);
    const SEND: Need = May(Permission::Dispatch);
    const HANDLE: Need = MayAny(&[Permission::Dispatch, Permission::Deliver]);
    const REPORTED: Need = MayAny(&[Permission::Report, SeeReports]);
    const LINKS: Need = May(Permission::MakeLinks);
    const DECIDE: Need = MayAny(&[Permission::RunEvents, Permission::Reconcile]);
    const EXPLAIN: Need = MayAny(&[Permission::Dispatch, Permission::Reconcile]);
    vec![
        // home
        page("/", "home", SignedIn, home::page::front),
        action("/tasks/{id}/looked-at", "home", CONFIRM, home::held::looked_at).form_on("/"),
        // login
        page("/login", "login", Public, login::page::sign_in),
        action("/login", "login", Public, login::actions::sign_in),
        action("/logout", "login", Public, login::actions::sign_out).form_on("/login"),
        action("/language", "login", Public, login::actions::language).form_on("/login"),
        // setup
        page("/setup/{token}", "setup", Public, setup::page::first),
        action("/setup/{token}", "setup", Public, setup::actions::first),
        // account
        page("/account", "account", SignedIn, account::page::show),
        page("/account/password", "account", SignedIn, account::enter::change_password),
        action("/account/password", "account", SignedIn, account::actions::change_password),
        action("/account/sessions/{id}/end", "account", SignedIn, account::actions::end_session)
            .form_on("/account"),
        action(
            "/account/drafts/{id}/throw-away",
            "account",
            SignedIn,
            account::actions::throw_away,
        )
        .form_on("/account"),
        page("/account/phones/{id}", "account", SignedIn, account::phones::show),
        action("/account/phones/{id}/lost", "account", SignedIn, account::phones::lost)
            .form_on("/account/phones/{id}"),
        action("/account/phones/{id}/found", "account", SignedIn, account::phones::found)
            .form_on("/account/phones/{id}"),
        page("/invitation/{token}", "account", Public, account::enter::invitation),
        action("/invitation/{token}", "account", Public, account::actions::accept),
        page("/reset", "account", Public, account::enter::reset),
        action("/reset", "account", Public, account::actions::reset),
        // people
        page("/people", "people", PEOPLE, people::page::list),
        page("/people/invite", "people", PEOPLE, people::page::invite),
        action("/people/invite", "people", PEOPLE, people::actions::invite),
        action("/people/invitations/{id}/withdraw", "people", PEOPLE, people::actions::withdraw)
            .form_on("/people"),
        page("/people/{id}", "people", PEOPLE, people::page::show),
        page("/people/{id}/rights", "people", PEOPLE, people::page::edit_rights),
        action("/people/{id}/rights", "people", PEOPLE, people::actions::change_rights),
        action("/people/{id}/reset-code", "people", PEOPLE, people::actions::reset_code)
            .form_on("/people/{id}"),
        page("/people/{id}/leave", "people", PEOPLE, people::leaving::show),
        action("/people/{id}/leave", "people", PEOPLE, people::actions::leave),
        page("/people/{id}/phones/{phone}", "people", PEOPLE, account::phones::show),
        action("/people/{id}/phones/{phone}/lost", "people", PEOPLE, account::phones::lost)
            .form_on("/people/{id}/phones/{phone}"),
        action("/people/{id}/phones/{phone}/found", "people", PEOPLE, account::phones::found)
            .form_on("/people/{id}/phones/{phone}"),
        // reference
        page("/reference", "reference", SignedIn, reference::page::front),
        // places
        page("/reference/places", "places", SignedIn, places::page::list),
        page("/reference/places/{code}", "places", SignedIn, places::page::show),
        page("/reference/places/{code}/add", "places", EDIT, places::page::add),
        action("/reference/places/{code}/add", "places", EDIT, places::actions::add),
        page("/reference/places/{code}/edit", "places", EDIT, places::page::edit),
        action("/reference/places/{code}/edit", "places", EDIT, places::actions::edit),
        action("/reference/places/{code}/standing", "places", EDIT, places::actions::standing)
            .form_on("/reference/places/{code}"),
        // organisations
        page("/reference/organisations", "organisations", SignedIn, organisations::page::list),
        page("/reference/organisations/new", "organisations", EDIT, organisations::page::new),
        action(
            "/reference/organisations/new",
            "organisations",
            EDIT,
            organisations::actions::create,
        ),
        page("/reference/organisations/{id}", "organisations", SignedIn, organisations::page::show),
        page(
            "/reference/organisations/{id}/edit",
            "organisations",
            EDIT,
            organisations::page::edit,
        ),
        action(
            "/reference/organisations/{id}/edit",
            "organisations",
            EDIT,
            organisations::actions::edit,
        ),
        action(
            "/reference/organisations/{id}/standing",
            "organisations",
            EDIT,
            organisations::actions::standing,
        )
        .form_on("/reference/organisations/{id}"),
        // event_types
        page("/reference/event-types", "event_types", SignedIn, event_types::page::list),
        page("/reference/event-types/new", "event_types", EDIT, event_types::page::new),
        action("/reference/event-types/new", "event_types", EDIT, event_types::actions::create),
        page("/reference/event-types/{id}/edit", "event_types", EDIT, event_types::page::edit),
        action("/reference/event-types/{id}/edit", "event_types", EDIT, event_types::actions::edit),
        action(
            "/reference/event-types/{id}/standing",
            "event_types",
            EDIT,
            event_types::actions::standing,
        )
        .form_on("/reference/event-types/{id}/edit"),
        // stores
        page("/reference/stores", "stores", SignedIn, stores::page::list),
        page("/reference/stores/new", "stores", EDIT, stores::editor::new),
        action("/reference/stores/new", "stores", EDIT, stores::actions::create),
        page("/reference/stores/{id}", "stores", SignedIn, stores::page::show),
        page("/reference/stores/{id}/edit", "stores", EDIT, stores::editor::edit),
        action("/reference/stores/{id}/edit", "stores", EDIT, stores::actions::edit),
        action("/reference/stores/{id}/standing", "stores", EDIT, stores::actions::standing)
            .form_on("/reference/stores/{id}"),
        // materials
        page("/reference/materials", "materials", SignedIn, materials::page::list),
        page("/reference/materials/new", "materials", EDIT, materials::editor::new),
        action("/reference/materials/new", "materials", EDIT, materials::actions::create),
        page("/reference/materials/{id}", "materials", SignedIn, materials::page::show),
        page("/reference/materials/{id}/edit", "materials", EDIT, materials::editor::edit),
        action("/reference/materials/{id}/edit", "materials", EDIT, materials::actions::edit),
        action(
            "/reference/materials/{id}/standing",
            "materials",
            EDIT,
            materials::actions::standing,
        )
        .form_on("/reference/materials/{id}"),
        page("/reference/materials/{id}/cover", "materials", EDIT, materials::page::cover),
        action("/reference/materials/{id}/cover", "materials", EDIT, materials::actions::cover),
        file("/attachments/{sha256}", "materials", OnPhone, materials::page::attachment),
        // kits
        page("/reference/kits", "kits", SignedIn, kits::page::list),
        page("/reference/kits/new", "kits", EDIT, kits::page::new),
        action("/reference/kits/new", "kits", EDIT, kits::actions::create),
        page("/reference/kits/{id}", "kits", SignedIn, kits::page::show),
        page("/reference/kits/{id}/edit", "kits", EDIT, kits::page::edit),
        action("/reference/kits/{id}/edit", "kits", EDIT, kits::actions::edit),
        action("/reference/kits/{id}/standing", "kits", EDIT, kits::actions::standing)
            .form_on("/reference/kits/{id}"),
        // codes
        page("/b/{code}", "codes", Public, codes::dispatch::scanned),
        page("/B/{code}", "codes", Public, codes::dispatch::scanned),
        page("/p/{code}", "codes", Public, codes::dispatch::scanned),
        page("/P/{code}", "codes", Public, codes::dispatch::scanned),
        page("/e/{code}", "codes", Public, codes::dispatch::scanned),
        page("/E/{code}", "codes", Public, codes::dispatch::scanned),
        page("/codes", "codes", Public, codes::dispatch::typed),
        action("/p/{code}/open", "codes", KEEP, codes::actions::open).form_on("/p/{code}"),
        action("/p/{code}/split", "codes", KEEP, codes::actions::split).form_on("/p/{code}"),
        action("/p/{code}/found", "codes", KEEP, codes::actions::found).form_on("/p/{code}"),
        action("/p/{code}/empty", "codes", KEEP, codes::actions::empty).form_on("/p/{code}"),
        action("/p/{code}/reprint", "codes", KEEP, codes::actions::reprint).form_on("/p/{code}"),
        // opening
        page("/opening", "opening", COUNTED, opening::page::list),
        page("/opening/new", "opening", KEEP, opening::editor::new),
        action("/opening/new", "opening", KEEP, opening::actions::record),
        page("/opening/{id}", "opening", COUNTED, opening::page::show),
        action("/opening/{id}/confirm", "opening", CONFIRM, opening::actions::confirm)
            .form_on("/opening/{id}"),
        // runs
        page("/runs", "runs", RUNS, runs::page::list),
        page("/runs/{id}/labels/void", "runs", RECEIVE, runs::voiding::form),
        action("/runs/{id}/labels/void", "runs", RECEIVE, runs::voiding::void),
        page("/runs/new", "runs", RECEIVE, runs::editor::new),
        action("/runs/new", "runs", RECEIVE, runs::actions::create),
        page("/runs/{id}", "runs", RUNS, runs::page::show),
        page("/runs/{id}/edit", "runs", RECEIVE, runs::editor::edit),
        action("/runs/{id}/edit", "runs", RECEIVE, runs::actions::edit),
        action("/runs/{id}/close", "runs", RECEIVE, runs::actions::close).form_on("/runs/{id}"),
        page("/runs/{id}/labels", "runs", RECEIVE, runs::labels::issue),
        action("/runs/{id}/labels", "runs", RECEIVE, runs::actions::issue_labels),
        // receipts
        page("/runs/{id}/receive", "receipts", RECEIVE, receipts::editor::receive),
        action("/runs/{id}/receive", "receipts", RECEIVE, receipts::actions::receive),
        page("/receipts/{id}", "receipts", RUNS, receipts::page::show),
        page("/receipts/{id}/print", "receipts", RUNS, receipts::paper::print),
        action("/receipts/{id}/confirm", "receipts", CONFIRM, receipts::actions::confirm)
            .form_on("/receipts/{id}"),
        // labels
        page("/labels/{of}/{id}", "labels", LABELS, labels::page::choose),
        file("/labels/{of}/{id}/pdf", "labels", LABELS, labels::files::pdf),
        file("/labels/{of}/{id}/svg", "labels", LABELS, labels::files::svg),
        // stock
        page("/stock", "stock", SignedIn, stock::page::overview),
        page("/stock/stores/{id}", "stock", SignedIn, stock::page::store),
        page("/stock/stores/{id}/materials/{material}", "stock", SignedIn, stock::card::material),
        page("/stock/stores/{id}/batches/{batch}", "stock", SignedIn, stock::card::batch),
        // keeping
        page("/stock/stores/{id}/change", "keeping", KEEP, keeping::page::change),
        action("/stock/stores/{id}/change", "keeping", KEEP, keeping::actions::change),
        // search
        page("/search", "search", SignedIn, search::page::search),
        // recall
        page("/recalls", "recall", SignedIn, recall::page::list),
        page("/recalls/new", "recall", RECALL, recall::page::new),
        action("/recalls/new", "recall", RECALL, recall::actions::call),
        page("/recalls/{id}", "recall", SignedIn, recall::page::show),
        action(
            "/recalls/{id}/step",
            "recall",
            MayAny(&[Permission::Recall, KeepStore]),
            recall::actions::step,
        )
        .form_on("/recalls/{id}"),
        action("/recalls/{id}/end", "recall", RECALL, recall::actions::end)
            .form_on("/recalls/{id}"),
        // consignments
        page("/consignments", "consignments", SignedIn, consignments::page::list),
        page("/consignments/in-transit", "consignments", SignedIn, consignments::page::in_transit),
        page("/consignments/papers", "consignments", SignedIn, consignments::register::papers),
        page("/consignments/new", "consignments", SEND, consignments::loading::new),
        action("/consignments/new", "consignments", SEND, consignments::actions::create),
        page("/consignments/{id}", "consignments", SignedIn, consignments::page::show),
        page("/consignments/{id}/edit", "consignments", SEND, consignments::loading::edit),
        action("/consignments/{id}/edit", "consignments", SEND, consignments::actions::edit),
        action("/consignments/{id}/codes", "consignments", SEND, consignments::filling::add_codes)
            .form_on("/consignments/{id}"),
        action(
            "/consignments/{id}/material",
            "consignments",
            SEND,
            consignments::filling::add_material,
        )
        .form_on("/consignments/{id}"),
        action("/consignments/{id}/kit", "consignments", SEND, consignments::filling::add_kit)
            .form_on("/consignments/{id}"),
        action("/consignments/{id}/remove", "consignments", SEND, consignments::filling::remove)
            .form_on("/consignments/{id}"),
        action("/consignments/{id}/cancel", "consignments", SEND, consignments::actions::cancel)
            .form_on("/consignments/{id}"),
        page("/consignments/{id}/dispatch", "consignments", SEND, consignments::loading::dispatch),
        action(
            "/consignments/{id}/dispatch",
            "consignments",
            SEND,
            consignments::actions::dispatch,
        ),
        page("/consignments/{id}/waybill", "consignments", SignedIn, consignments::paper::waybill),
        page("/consignments/{id}/trip", "consignments", SignedIn, consignments::paper::trip),
        file(
            "/consignments/{id}/scan/{record}",
            "consignments",
            SignedIn,
            consignments::paper::scan,
        ),
        action("/consignments/{id}/paper", "consignments", HANDLE, consignments::actions::paper)
            .form_on("/consignments/{id}"),
        action(
            "/consignments/{id}/erase-driver",
            "consignments",
            SEND,
            consignments::actions::erase_driver,
        )
        .form_on("/consignments/{id}"),
        page(
            "/consignments/{id}/receive",
            "consignments",
            May(Permission::Deliver),
            consignments::receive::form,
        ),
        action(
            "/consignments/{id}/receive",
            "consignments",
            May(Permission::Deliver),
            consignments::counting::receive,
        ),
        page(
            "/consignments/{id}/differences",
            "consignments",
            May(Permission::Deliver),
            consignments::differences::show,
        ),
        action(
            "/consignments/{id}/differences",
            "consignments",
            May(Permission::Deliver),
            consignments::differences::give_reasons,
        ),
        action(
            "/consignments/{id}/confirm",
            "consignments",
            MayAny(&[Permission::Deliver, Permission::Confirm]),
            consignments::counting::confirm,
        )
        .form_on("/consignments/{id}"),
        page(
            "/consignments/{id}/explain/{batch}",
            "consignments",
            EXPLAIN,
            consignments::explaining::form,
        ),
        action(
            "/consignments/{id}/explain/{batch}",
            "consignments",
            EXPLAIN,
            consignments::actions::explain,
        ),
        page("/c/{code}", "consignments", Public, consignments::receive::by_code),
        page("/C/{code}", "consignments", Public, consignments::receive::by_code),
        // events
        page("/events", "events", SignedIn, events::page::list),
        page("/events/new", "events", EVENTS, events::editor::new),
        action("/events/new", "events", EVENTS, events::actions::create),
        page("/events/{id}", "events", SignedIn, events::page::show),
        page("/events/{id}/edit", "events", EVENTS, events::editor::edit),
        action("/events/{id}/edit", "events", EVENTS, events::actions::edit),
        action("/events/{id}/cancel", "events", EVENTS, events::actions::cancel)
            .form_on("/events/{id}"),
        action(
            "/events/{id}/confirm",
            "events",
            MayAny(&[Permission::RunEvents, Confirm]),
            events::actions::confirm,
        )
        .form_on("/events/{id}"),
        page("/events/{id}/take", "events", EVENTS, events::supply::take_form),
        action("/events/{id}/take", "events", EVENTS, events::supply::take),
        page("/events/{id}/bring-back", "events", EVENTS, events::supply::back_form),
        action("/events/{id}/bring-back", "events", EVENTS, events::supply::bring_back),
        page("/events/{id}/sheet", "events", EVENTS, events::sheet::form),
        action("/events/{id}/sheet", "events", EVENTS, events::filled::post),
        page("/events/{id}/people", "events", EVENTS, events::people::form),
        action("/events/{id}/people", "events", EVENTS, events::people::record),
        page("/events/{id}/sheets/{record}", "events", SignedIn, events::deciding::show),
        action(
            "/events/{id}/sheets/{record}",
            "events",
            MayAny(&[Permission::RunEvents, Permission::Reconcile]),
            events::deciding::decide,
        ),
        page("/events/{id}/form", "events", SignedIn, events::paper::form),
        // drops
        page("/drops", "drops", SignedIn, drops::page::list),
        page("/drops/new", "drops", EVENTS, drops::page::new),
        action("/drops/new", "drops", EVENTS, drops::actions::record),
        page("/drops/{id}", "drops", SignedIn, drops::page::show),
        action(
            "/drops/{id}/confirm",
            "drops",
            MayAny(&[Permission::RunEvents, Confirm]),
            drops::actions::confirm,
        )
        .form_on("/drops/{id}"),
        action(
            "/drops/{id}/decide",
            "drops",
            MayAny(&[Permission::RunEvents, Permission::Reconcile]),
            drops::held::decide,
        )
        .form_on("/drops/{id}"),
        // field
        page("/field", "field", Public, field::page::shell),
        file("/field/app.webmanifest", "field", Public, field::page::manifest),
        page("/letters", "field", SignedIn, field::letter::form),
        action("/letters", "field", SignedIn, field::letter::send),
        // held
        page("/held", "held", DECIDE, held::page::list),
        page("/held/{id}", "held", DECIDE, held::page::show),
        action("/held/{id}/decide", "held", DECIDE, held::actions::decide).form_on("/held/{id}"),
        // links
        page("/events/{id}/links", "links", LINKS, links::page::show),
        action("/events/{id}/links", "links", LINKS, links::actions::make),
        page("/consignments/{id}/links", "links", LINKS, links::page::show),
        action("/consignments/{id}/links", "links", LINKS, links::actions::make),
        action("/links/{id}/end", "links", LINKS, links::actions::end).form_on("/"),
        page("/l/{token}", "links", Public, links::open::ask),
        page("/L/{token}", "links", Public, links::open::ask),
        action("/l/{token}", "links", Public, links::open::open),
        // counts
        page("/counts", "counts", COUNTED, counts::page::list),
        page("/counts/new", "counts", KEEP, counts::sheet::new),
        action("/counts/new", "counts", KEEP, counts::actions::send),
        page("/counts/paper/{id}", "counts", KEEP, counts::sheet::paper),
        page("/counts/{id}", "counts", COUNTED, counts::page::show),
        action("/counts/{id}/approve", "counts", CONFIRM, counts::actions::approve)
            .form_on("/counts/{id}"),
        action("/counts/{id}/decline", "counts", CONFIRM, counts::actions::decline)
            .form_on("/counts/{id}"),
        // unexplained
        page("/unexplained", "unexplained", COUNTED, unexplained::page::list),
        page("/unexplained/{account}/{batch}", "unexplained", SETTLE, unexplained::page::explain),
        action(
            "/unexplained/{account}/{batch}",
            "unexplained",
            SETTLE,
            unexplained::actions::settle,
        ),
        // reconcile
        page("/reconcile", "reconcile", May(SeeReports), reconcile::page::show),
        page(
            "/reconcile/{month}/statement/{store}",
            "reconcile",
            May(SeeReports),
            reconcile::statement::show,
        ),
        page(
            "/reconcile/{month}/{store}/{material}/{column}",
            "reconcile",
            May(SeeReports),
            reconcile::behind::figure,
        ),
        page(
            "/reconcile/{month}/places/{province}/{kind}",
            "reconcile",
            May(SeeReports),
            reconcile::behind::given,
        ),
        page(
            "/reconcile/{month}/ordered/{material}",
            "reconcile",
            May(SeeReports),
            reconcile::behind::ordered,
        ),
        file(
            "/reconcile/statement.csv",
            "reconcile",
            May(SeeReports),
            reconcile::export::statement,
        ),
        file("/reconcile/chain.csv", "reconcile", May(SeeReports), reconcile::export::chain),
        file("/reconcile/places.csv", "reconcile", May(SeeReports), reconcile::export::places),
        // bulletin
        page("/bulletin", "bulletin", May(SeeReports), bulletin::page::show),
        page("/bulletin/{month}/print", "bulletin", May(SeeReports), bulletin::paper::print),
        file("/bulletin/{month}/csv", "bulletin", May(SeeReports), bulletin::export::csv),
        // reported
        page("/reported", "reported", REPORTED, reported::page::list),
        page("/reported/new", "reported", May(Permission::Report), reported::editor::new),
        action("/reported/new", "reported", May(Permission::Report), reported::actions::record),
        // records
        page("/records", "records", SignedIn, records::page::list),
        page("/records/{id}", "records", SignedIn, records::page::show),
        action("/records/{id}/confirm", "records", SignedIn, records::actions::confirm)
            .form_on("/records/{id}"),
        action(
            "/records/{id}/decide",
            "records",
            MayAny(&[Permission::RunEvents, Permission::Reconcile]),
            records::held::decide,
        )
        .form_on("/records/{id}"),
        page("/records/{id}/reverse", "records", SignedIn, records::reverse::form),
        action("/records/{id}/reverse", "records", SignedIn, records::actions::reverse),
        // api_tokens
        page("/account/tokens", "api_tokens", SignedIn, api_tokens::page::list),
        action("/account/tokens", "api_tokens", SignedIn, api_tokens::actions::make),
        action("/account/tokens/{id}/end", "api_tokens", SignedIn, api_tokens::actions::end)
            .form_on("/account/tokens"),
    ]
}
