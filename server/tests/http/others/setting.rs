//! The month of the demo, a second partner, and who asks.

use super::asking::{Books, Values};
use crate::june::June;
use crate::program::{Browser, PASSWORD, browser_at, name};
use domain::consignment::{PaperState, State};
use domain::ids::{OrgId, StoreId};
use domain::picture::Picture;
use domain::pieces::Pieces;
use domain::records::opening::{FirstCount, FirstCountRow};
use domain::records::{Envelope, Occurred};
use domain::reference::{OrgKind, StoreKind};
use domain::role::{Actor, PlaceCode, Role, Scope};
use stock::access::{Draft, DraftOwner, LinkJob, NewPerson, NewToken};
use stock::consignments::Filter;
use stock::reference::orgs::OrgInput;
use stock::reference::stores::StoreInput;
use stock::{Stock, Submission};
use uuid::Uuid;

/// Somebody who is limited to a part of the world.
pub struct Asker {
    pub login: &'static str,
    pub actor: Actor,
    pub browser: Browser,
    /// A condition on stores `s` of organisations `o`: those that this person sees.
    pub near: &'static str,
    pub is_of_another_organisation: bool,
}

/// Conditions on stores `s` of organisations `o`.
const SLOW: &str = "o.short_name = 'Slow Aid'";
const KANDAHAR: &str = "s.place_code LIKE 'AF27%'";

pub struct Setting {
    pub stock: Stock,
    pub books: Books,
    pub askers: Vec<Asker>,
    /// What people type into fields: names and values.
    pub known: Values,
    /// People who see everything, and the other partner.
    pub insiders: Vec<Browser>,
}

impl Setting {
    pub async fn of(url: String) -> Self {
        let june = June::of(url.clone()).await;
        second_partner(&june.stock).await;
        leaves_traces(&june.stock).await;
        let demo = async |login: &str| {
            let known = june.log_ins.iter().find(|known| known.login == login).unwrap();
            browser_at(&june.stock, login, &known.password).await
        };
        let asker = async |login: &'static str, browser, near, is_of_another_organisation| {
            let actor = june.stock.actor_of(login).await.unwrap().unwrap();
            Asker { login, actor, browser, near, is_of_another_organisation }
        };
        let joined = async |login| browser_at(&june.stock, login, PASSWORD).await;
        let askers = vec![
            asker("slow", joined("slow").await, SLOW, true).await,
            asker("watcher", joined("watcher").await, SLOW, true).await,
            asker("kandahar", demo("kandahar").await, KANDAHAR, false).await,
            asker("overseer", joined("overseer").await, KANDAHAR, false).await,
        ];
        let insiders = vec![
            demo("logistics2").await,
            demo("manager").await,
            demo("partner").await,
            demo("admin").await,
        ];
        let books = Books::open(&url).await;
        let known = known(&books).await;
        Self { stock: june.stock, books, askers, known, insiders }
    }
}

/// What a person who knows the programme would type.
async fn known(books: &Books) -> Values {
    let one = async |query: &str| books.examples_of(query).await[0][0].1.clone();
    let material = one("SELECT id FROM material ORDER BY short_number").await;
    let kit = one("SELECT id FROM kit").await;
    let store = one("SELECT id FROM store ORDER BY name").await;
    let code = one("SELECT code FROM batch ORDER BY arrived_on").await;
    let record = Uuid::now_v7().to_string();
    let typed = [
        ("record", record.as_str()),
        ("date", "2017-11-15"),
        ("reason", "other"),
        ("note", "Something"),
        ("to", &store),
        ("store", &store),
        ("driver", "Somebody"),
        ("vehicle", "KBL 1"),
        ("codes", &code),
        ("material", &material),
        ("kit", &kit),
        ("pieces", "1"),
        ("times", "1"),
        ("became", "lost"),
        ("paper", "lost"),
    ];
    typed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// A store in Balkh, beside the other partner's, with 300 old leaflets; one who works there, one
/// who only reads its reports; and a manager who answers for Kandahar.
async fn second_partner(stock: &Stock) {
    let (org, store): (OrgId, StoreId) =
        (stock.world().new_id().into(), stock.world().new_id().into());
    let admin = stock.actor_of("admin").await.unwrap().unwrap();
    let input = OrgInput {
        kind: OrgKind::Partner,
        name: name("Slow Aid of the North"),
        short_name: name("Slow Aid"),
    };
    stock.writer(&admin).create_org(org, input).await.unwrap();
    let input = StoreInput {
        kind: StoreKind::Partner,
        name: name("Slow depot"),
        short_name: name("SLO"),
        org,
        parent: None,
        place: PlaceCode::new("AF2101"),
        service_areas: Vec::new(),
    };
    stock.writer(&admin).create_store(store, input).await.unwrap();
    let kandahar = Scope::Place(PlaceCode::new("AF27"));
    for (login, org, role, scope) in [
        ("slow", org, Role::Partner, Scope::Org(org)),
        ("watcher", org, Role::Viewer, Scope::Org(org)),
        ("overseer", admin.org, Role::Manager, kandahar),
    ] {
        let person = NewPerson { login: login.to_owned(), name: name(login), org, role, scope };
        stock.add_person(person, PASSWORD).await.unwrap();
    }
    let slow = stock.actor_of("slow").await.unwrap().unwrap();
    let materials = stock.reader(&slow).materials().await.unwrap();
    let old = materials.iter().find(|known| known.short_number.as_str() == "M4").unwrap();
    let loose = Some(Pieces::new(300).unwrap());
    let row = FirstCountRow { material: old.id, cartons: None, loose };
    let count = FirstCount { store, rows: vec![row] };
    stock.writer(&slow).first_count(said(stock), count).await.unwrap();
}

/// What the demo lacks: a signed waybill with its picture, a link to it, and somebody's token.
async fn leaves_traces(stock: &Stock) {
    let logistics = stock.actor_of("logistics").await.unwrap().unwrap();
    let reader = stock.reader(&logistics);
    let filter = Filter { state: Some(State::Closed), ..Filter::default() };
    let (consignments, _) = reader.consignments(filter).await.unwrap();
    let balkh = consignments.iter().find(|row| row.to.name.starts_with("Balkh")).unwrap();
    let scan = Picture::parse(&photograph()).unwrap();
    let (id, state) = (balkh.id, PaperState::BackSigned);
    stock.writer(&logistics).set_paper(said(stock), id, state, Some(scan)).await.unwrap();
    stock.writer(&logistics).make_link(LinkJob::Consignment(id), 30).await.unwrap();
    let worker = stock.actor_of("partner").await.unwrap().unwrap();
    let token = NewToken { name: "a script".to_owned(), may_write: false, days: 30 };
    stock.writer(&worker).make_token(token).await.unwrap();
    let (page, nothing) = ("/drops/new".to_owned(), "[]".to_owned());
    let unfinished = Draft { page, fields: nothing.clone(), errors: nothing };
    stock.keep_draft(&DraftOwner::Person(worker.user), unfinished).await.unwrap();
}

/// The smallest picture that there is.
fn photograph() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (chunk, body) in [(b"IHDR", &b"0123456789abc"[..]), (b"IEND", b"")] {
        png.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        png.extend(chunk);
        png.extend(body);
        png.extend([0; 4]);
    }
    png
}

/// A record of this moment.
pub fn said(stock: &Stock) -> Submission {
    let world = stock.world();
    let envelope = Envelope::typed(world.new_id().into(), Occurred::AtDeviceTime, world.now());
    Submission::confirmed(envelope)
}
