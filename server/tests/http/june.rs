//! June 2017, from the print run to the reconciled month: what the bulletin said comes out of the
//! records, what it did not say is shown, and what is open can be explained.

use crate::books::on_both;
use crate::program::name;
use domain::account::{Account, Real};
use domain::attendance::Group;
use domain::bulletin::{Flag, KitContents, MonthFigures, per_mille};
use domain::ids::{OrgId, StoreId};
use domain::material::MaterialKind;
use domain::pieces::Pieces;
use domain::records::consignment::{Became, Explain};
use domain::records::keeping::Settle;
use domain::records::{Envelope, Occurred};
use domain::reference::OrgKind;
use domain::role::Actor;
use domain::statement::Column;
use domain::time::{Day, Month};
use server::demo::{self, Clock, DemoError, Extent, LogIn};
use std::collections::BTreeMap;
use std::sync::Arc;
use stock::access::Visitor;
use stock::consignments::Said;
use stock::reconcile::{Figure, FigureOf, Statement, StatementRow, What};
use stock::reference::orgs::OrgInput;
use stock::tasks::TaskKind;
use stock::{Reader, Stock, Submission, Writer};

on_both!(
    the_bulletin_comes_out_of_the_records,
    a_careful_manager_sees_what_is_not_plausible,
    the_month_adds_up_and_begins_where_the_last_one_ended,
    the_chain_goes_from_the_order_to_the_report,
    what_is_open_is_shown_until_somebody_explains_it,
    nobody_receives_what_he_sent,
    whoever_works_with_stock_finds_something_to_do,
    the_demo_is_told_once,
    years_of_history_leave_june_as_it_was,
);

const JUNE: Month = Month(201_706);

/// The demo, with its clock in November 2017.
pub struct June {
    pub stock: Stock,
    pub log_ins: Vec<LogIn>,
}

impl June {
    pub async fn of(url: String) -> Self {
        Self::told(url, "2017-11-15", Extent::June).await
    }

    async fn told(url: String, present: &str, extent: Extent) -> Self {
        let clock = Arc::new(Clock::new());
        let stock = Stock::open(&url, clock.clone()).await.unwrap();
        let present = day(present).noon();
        let log_ins = demo::load(&stock, clock, present, extent).await.unwrap();
        Self { stock, log_ins }
    }

    pub async fn actor(&self, login: &str) -> Actor {
        self.stock.actor_of(login).await.unwrap().unwrap()
    }

    async fn seen_by(&self, login: &str) -> Reader<'_> {
        self.stock.reader(&self.actor(login).await)
    }

    async fn by(&self, login: &str) -> Writer<'_> {
        self.stock.writer(&self.actor(login).await)
    }

    /// From paper, about a day.
    fn said_of(&self, text: &str) -> Submission {
        let world = self.stock.world();
        let id = world.new_id().into();
        Submission::new(Envelope::typed(id, Occurred::On(day(text)), world.now()))
    }

    async fn store(&self, called: &str) -> StoreId {
        let stores = self.seen_by("manager").await.stores().await.unwrap();
        stores.iter().find(|store| store.name.starts_with(called)).unwrap().id
    }

    async fn partner(&self) -> OrgId {
        self.actor("partner").await.org
    }

    async fn verifies(&self) {
        let report = self.stock.verify(|_| {}).await.unwrap();
        assert!(report.is_clean(), "{report:?}");
    }

    /// The figures of the bulletin.
    async fn figures(&self) -> MonthFigures {
        let reader = self.seen_by("manager").await;
        let events = reader.month_events(JUNE).await.unwrap();
        let people = reader.month_people(JUNE).await.unwrap();
        let mut figures = MonthFigures {
            events: events.held,
            participants: people.participants.unwrap(),
            females: people.females.unwrap(),
            events_without_attendance: people.events_without,
            ..MonthFigures::default()
        };
        for province in events.by_province.keys() {
            let place = reader.place(province).await.unwrap().unwrap();
            figures.provinces.push(place.name.en);
        }
        for row in reader.month_given(JUNE).await.unwrap() {
            *figures.given.entry(row.kind).or_default() += row.pieces;
            if row.channel == domain::account::Channel::Participants {
                *figures.given_to_participants.entry(row.kind).or_default() += row.pieces;
            }
        }
        figures
    }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn of_kinds(leaflets: i64, stickers: i64, magazines: i64) -> BTreeMap<MaterialKind, i64> {
    use MaterialKind::{Leaflet, Magazine, Sticker};
    BTreeMap::from([(Leaflet, leaflets), (Sticker, stickers), (Magazine, magazines)])
}

async fn the_bulletin_comes_out_of_the_records(url: String) {
    let june = June::of(url).await;
    let mut figures = june.figures().await;
    figures.provinces.sort();
    assert_eq!(figures.events, 11);
    assert_eq!(figures.provinces, ["Balkh", "Helmand", "Kabul", "Kandahar", "Nuristan"]);
    assert_eq!((figures.participants, figures.females), (359, 90));
    assert_eq!(figures.given, of_kinds(25_000, 25_000, 2_500));
    assert_eq!(figures.events_without_attendance, 0);

    let reader = june.seen_by("manager").await;
    let people = reader.month_people(JUNE).await.unwrap();
    assert!(!people.females_at_least, "the sex of everybody was recorded");
    assert_eq!(people.events_that_differ, 0);
    let present: Vec<Group> = people.groups.keys().copied().collect();
    assert_eq!(present, Group::ALL, "community, officials and religious leaders came");
    let events = reader.month_events(JUNE).await.unwrap();
    assert_eq!(events.sheets_waiting, 1, "a second sheet waits and is not added");
    june.verifies().await;
}

async fn a_careful_manager_sees_what_is_not_plausible(url: String) {
    let june = June::of(url).await;
    let figures = june.figures().await;
    let kits = june.seen_by("manager").await.kits().await.unwrap();
    assert_eq!(kits[0].name, "Event kit");
    let kit = KitContents { name: kits[0].name.clone(), pieces: of_kinds(2_500, 2_500, 250) };
    let by_kind = of_kinds(696, 696, 70).into_iter().collect();
    let each = figures.each().unwrap();
    assert_eq!((each.given, each.handed < each.given), (1462, true));
    assert_eq!(
        figures.flags(&[kit]),
        [
            Flag::PiecesAPerson { each, by_kind },
            Flag::ExactKits { kits: 10, kit: "Event kit".into() },
        ]
    );
    assert_eq!(per_mille(figures.females, figures.participants), Some(251));
}

/// Opening + in + counted + unexplained = given + disposed + lost + out + closing.
fn adds_up(row: &StatementRow) {
    let columns = Column::ALL.map(|column| column.sign() * row.column(column));
    let sum = row.opening + columns.iter().sum::<i64>();
    assert_eq!(sum, row.closing, "{} in {}", row.title, row.store_name);
}

fn by_holder(statement: &Statement) -> BTreeMap<(String, String), &StatementRow> {
    let key = |row: &StatementRow| (row.store_name.clone(), row.short_number.clone());
    statement.rows.iter().map(|row| (key(row), row)).collect()
}

async fn the_month_adds_up_and_begins_where_the_last_one_ended(url: String) {
    let june = June::of(url).await;
    let reader = june.seen_by("manager").await;
    let mut before: Option<Statement> = None;
    for month in [201_704, 201_705, 201_706, 201_707].map(Month) {
        let statement = reader.statement(month).await.unwrap();
        assert!(statement.broken.is_empty(), "{:?}", statement.broken);
        statement.rows.iter().for_each(adds_up);
        adds_up(&statement.total);
        if let Some(before) = &before {
            let (last, this) = (by_holder(before), by_holder(&statement));
            for (holder, row) in &this {
                let closing = last.get(holder).map_or(0, |row| row.closing);
                assert_eq!(row.opening, closing, "{holder:?} in {month}");
            }
            assert_eq!(statement.total.opening, before.total.closing);
        }
        before = Some(statement);
    }

    // Every figure of the month is the sum of the movements behind it.
    let statement = reader.statement(JUNE).await.unwrap();
    let given: i64 = statement.rows.iter().map(|row| row.column(Column::Given)).sum();
    assert_eq!(given, 52_500);
    for row in &statement.rows {
        for (column, pieces) in &row.columns {
            let (what, figure) = (What::Material(row.material.unwrap()), Figure::Column(*column));
            let of = FigureOf { month: JUNE, store: row.store, what, figure };
            let behind = reader.behind(of).await.unwrap();
            assert_eq!(behind.sum, *pieces, "{column:?} of {} in {}", row.title, row.store_name);
        }
    }
}

async fn the_chain_goes_from_the_order_to_the_report(url: String) {
    let june = June::of(url).await;
    let reader = june.seen_by("manager").await;
    let mut chain: BTreeMap<String, [i64; 6]> = BTreeMap::new();
    for month in [201_704, 201_705, 201_706].map(Month) {
        for row in reader.chain(month).await.unwrap() {
            let sums = chain.entry(row.short_number).or_default();
            let steps =
                [row.ordered, row.received, row.dispatched, row.delivered, row.taken, row.given];
            sums.iter_mut().zip(steps).for_each(|(sum, step)| *sum += step);
        }
    }
    // To the provinces and from there to the partner: dispatched and delivered twice.
    assert_eq!(chain["M1"], [30_000, 30_500, 28_500 + 27_460, 55_960, 25_060, 25_000]);
    assert_eq!(chain["M2"], [30_000, 29_500, 27_500 + 27_000, 54_000, 25_050, 25_000]);
    assert_eq!(chain["M3"], [3_000, 3_300, 2_750 + 2_750, 5_500, 2_500, 2_500]);

    let reported = reader.reported(JUNE).await.unwrap();
    let figures: Vec<(&str, i64)> =
        reported.iter().map(|row| (row.kind.as_str(), row.pieces)).collect();
    assert_eq!(figures, [("leaflet", 25_000), ("magazine", 2_750), ("sticker", 25_000)]);
    let over = reader.runs().await.unwrap();
    let over = over.iter().find(|run| run.progress.received == 3_300).unwrap();
    assert!(over.progress.is_over_tolerance());
    let receipts = reader.run(over.id).await.unwrap().unwrap().receipts;
    assert!(receipts.iter().all(|receipt| !receipt.on_hold), "a second person has confirmed it");
}

async fn what_is_open_is_shown_until_somebody_explains_it(url: String) {
    let june = June::of(url).await;
    let logistics = june.seen_by("logistics").await;
    let of_2017 = |rows: Vec<stock::consignments::InTransit>| {
        let old = rows.into_iter().filter(|row| row.days > 60);
        old.map(|row| row.consignment).collect::<Vec<_>>()
    };
    let missing = of_2017(logistics.in_transit().await.unwrap());
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].in_transit, Some(500));
    assert!(missing[0].to.name.starts_with("Kandahar"));
    let manager = june.seen_by("manager").await;
    let unexplained = manager.unexplained().await.unwrap();
    assert_eq!(unexplained.len(), 1, "{unexplained:?}");
    assert!(unexplained[0].holder_name.starts_with("OFRD Helmand"));
    assert_eq!((unexplained[0].pieces, unexplained[0].since), (-300, day("2017-06-21")));
    let before = manager.statement(JUNE).await.unwrap();
    assert_eq!(before.total.column(Column::Unexplained), 300);

    // The carton went to the partner without paper; the partner had fetched leaflets by himself.
    let detail = logistics.consignment(missing[0].id).await.unwrap();
    let stickers = detail.lines.iter().find(|line| line.tally.unwrap().in_transit() > 0).unwrap();
    let lost = Explain {
        consignment: missing[0].id,
        batch: stickers.title.batch,
        pieces: Pieces::new(500).unwrap(),
        became: Became::Lost,
        reason: domain::ledger::Reason::Stolen,
    };
    let said = june.said_of("2017-06-30");
    june.by("logistics").await.explain(said, lost).await.unwrap();
    let settle = Settle {
        of: unexplained[0].of,
        batch: unexplained[0].batch,
        pieces: Pieces::new(300).unwrap(),
        by: Account::Real(Real::Store(june.store("Helmand").await)),
        reason: domain::ledger::Reason::NotRecordedAtTheTime,
    };
    let said = june.said_of("2017-06-21");
    june.by("manager").await.settle(said, settle).await.unwrap();

    assert!(of_2017(logistics.in_transit().await.unwrap()).is_empty());
    assert!(manager.unexplained().await.unwrap().is_empty());
    let after = manager.statement(JUNE).await.unwrap();
    after.rows.iter().for_each(adds_up);
    assert!(after.broken.is_empty(), "{:?}", after.broken);
    assert_eq!(after.total.column(Column::Unexplained), 0);
    assert_eq!(after.total.column(Column::Lost), 500);
    assert_eq!(june.figures().await.given, of_kinds(25_000, 25_000, 2_500));
    june.verifies().await;
}

async fn nobody_receives_what_he_sent(url: String) {
    let june = June::of(url).await;
    let reader = june.seen_by("manager").await;
    let (consignments, more) = reader.consignments(Default::default()).await.unwrap();
    assert!(!more && consignments.len() > 10);
    let mut counted = 0;
    for consignment in consignments {
        let timeline = reader.consignment(consignment.id).await.unwrap().timeline;
        let sent = timeline.iter().find(|entry| entry.what == Said::Dispatched);
        let received = timeline.iter().filter(|entry| matches!(entry.what, Said::Delivered { .. }));
        for entry in received.filter(|entry| !entry.on_behalf) {
            assert_ne!(entry.by, sent.unwrap().by, "{}", consignment.number);
            counted += 1;
        }
    }
    assert!(counted >= 9, "{counted}");
}

async fn whoever_works_with_stock_finds_something_to_do(url: String) {
    let june = June::of(url).await;
    let roles: Vec<&str> = june.log_ins.iter().take(5).map(|one| one.role.word()).collect();
    assert_eq!(roles, ["administrator", "logistics", "partner", "manager", "viewer"]);
    let waiting = [
        ("manager", TaskKind::ConfirmReceipt),
        ("logistics", TaskKind::ExplainDelivery),
        ("logistics", TaskKind::ConfirmOpening),
        ("partner", TaskKind::ReceiveConsignment),
        ("partner", TaskKind::DecideSheet),
        ("partner", TaskKind::ConfirmOnBehalf),
        ("manager", TaskKind::ExplainShortfall),
        ("balkh", TaskKind::ReceiveConsignment),
    ];
    for (login, kind) in waiting {
        let tasks = june.seen_by(login).await.tasks().await.unwrap();
        assert!(tasks.iter().any(|task| task.kind == kind), "{login}: {tasks:?}");
    }
    for one in &june.log_ins {
        let signed = june.stock.sign_in(&one.login, &one.password, &Visitor::default()).await;
        assert!(signed.is_ok(), "{} signs in", one.login);
    }
}

async fn the_demo_is_told_once(url: String) {
    let june = June::of(url).await;
    let clock = Arc::new(Clock::new());
    let again = demo::load(&june.stock, clock, day("2017-11-16").noon(), Extent::June).await;
    assert!(matches!(again, Err(DemoError::NotNew)), "{again:?}");
    let partner = june.partner().await;
    let other = OrgInput {
        kind: OrgKind::Partner,
        name: name("Another partner"),
        short_name: name("Another"),
    };
    june.by("admin").await.create_org(june.stock.world().new_id().into(), other).await.unwrap();
    let orgs = june.seen_by("partner").await.orgs().await.unwrap();
    assert_eq!(orgs.iter().map(|org| org.id).collect::<Vec<_>>(), [partner]);
    june.verifies().await;
}

async fn years_of_history_leave_june_as_it_was(url: String) {
    let june = June::told(url, "2018-11-15", Extent::Movements(700)).await;
    let report = june.stock.verify(|_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert!((630..=770).contains(&report.movements), "{} movements", report.movements);
    let figures = june.figures().await;
    assert_eq!((figures.events, figures.participants, figures.females), (11, 359, 90));
    assert_eq!(figures.given, of_kinds(25_000, 25_000, 2_500));
    let reader = june.seen_by("manager").await;
    assert_eq!(reader.unexplained().await.unwrap().len(), 1, "only the one of June");
    for month in [201_801, 201_805, 201_810].map(Month) {
        let statement = reader.statement(month).await.unwrap();
        assert!(!statement.rows.is_empty() && statement.broken.is_empty());
        statement.rows.iter().for_each(adds_up);
        assert!(reader.month_events(month).await.unwrap().held > 0, "{month}");
    }
}
