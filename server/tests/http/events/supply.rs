//! Stock for an event: by the codes on the cartons, or the oldest batch, assumed; and back.

use super::{Fields, Village, count_first, today};
use domain::records::recall::{CallBack, RecallMode};
use domain::records::{Envelope, Occurred};
use stock::Submission;
use stock::world::World;

#[tokio::test]
async fn cartons_are_taken_by_their_codes() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/take");
    let page = village.worker.page(&path).await;
    assert!(page.contains("1,000 planned, 1,500 in the store"));
    let codes = village.cartons().await[..2].join("\r\n").to_lowercase();
    let taken = Fields::of(&page).with("codes", &codes).send(&village.worker, &path).await;
    assert!(taken.contains("the pieces are at the event now"));
    assert!(!taken.contains("batch assumed"));
    assert_eq!(village.detail(event).await.materials[0].there, 1_000);
    assert!(taken.contains("Fill in the sheet") && taken.contains("Bring back"));
    village.adds_up().await;
}

#[tokio::test]
async fn after_the_sheet_what_was_brought_stands_beside_what_was_taken() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/take");
    let form = Fields::of(&village.worker.page(&path).await);
    let codes = village.cartons().await[..2].join("\r\n");
    form.with("codes", &codes).send(&village.worker, &path).await;
    let path = format!("/events/{event}/sheet");
    let blind = village.worker.page(&path).await;
    assert!(!blind.contains("1,000"), "nobody is told before counting: {blind}");
    let filled = [("brought_pieces", "900"), ("left_pieces", "0"), ("participants", "900")];
    let told = village.sheet(event, &filled).await.send(&village.worker, &path).await;
    assert!(told.contains("1,000") && told.contains("900 brought, says the sheet"), "{told}");
}

#[tokio::test]
async fn a_carton_leaves_for_one_event() {
    let village = Village::build().await;
    let (first, second) = (village.planned().await, village.planned().await);
    let carton = village.cartons().await[0].clone();
    let path = format!("/events/{first}/take");
    let form = Fields::of(&village.worker.page(&path).await);
    let taken = form.with("codes", &carton).send(&village.worker, &path).await;
    assert!(taken.contains("the pieces are at the event now"));
    let path = format!("/events/{second}/take");
    let form = Fields::of(&village.worker.page(&path).await).with("codes", &carton);
    let refused = form.send(&village.worker, &path).await;
    assert!(refused.contains(&format!("{carton} is not in this store by the books")), "{refused}");
    assert!(refused.contains("The books have it at"), "{refused}");
    assert!(refused.contains(&carton) && village.detail(second).await.materials.is_empty());
    village.adds_up().await;
}

#[tokio::test]
async fn without_codes_the_oldest_batch_is_assumed_and_marked_so() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/take");
    let leaflets = village.leaflets.to_string();
    let fields = Fields::of(&village.worker.page(&path).await).with("row", &leaflets);
    let fields = fields.with(&format!("take_{leaflets}_cartons"), "۱");
    let taken = fields.send(&village.worker, &path).await;
    assert!(taken.contains("batch assumed"));
    assert_eq!(village.detail(event).await.materials[0].there, 500);

    // The sheet knows what is there, brings back and gives.
    let filled = [("brought_cartons", "1"), ("left_pieces", "0"), ("participants", "500")];
    let sheet = village.sheet(event, &filled).await;
    sheet.send(&village.worker, &format!("/events/{event}/sheet")).await;
    let at = village.detail(event).await.materials[0].clone();
    assert_eq!((at.taken, at.there, at.to_participants), (500, 0, 500));
    village.adds_up().await;
}

#[tokio::test]
async fn a_wrong_code_stays_in_the_form_with_its_reason() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/take");
    let open = village.worker.page(&path).await;
    let carton = village.cartons().await[0].clone();
    let batch = village.batch.code.grouped();
    let mut mistyped = carton.clone();
    let last = if mistyped.ends_with('7') { "8" } else { "7" };
    mistyped.replace_range(mistyped.len() - 1.., last);
    let unknown = domain::code::Code::from_random(42).unwrap().grouped();
    let wrong = [
        (mistyped, "The last character does not fit"),
        (unknown, "No label has this code"),
        (batch, "is the code of a batch"),
        (String::new(), "Nothing was entered"),
    ];
    for (typed, words) in wrong {
        let fields = Fields::of(&open).with("codes", &format!("{carton}\r\n{typed}"));
        let fields = if typed.is_empty() { fields.with("codes", "") } else { fields };
        let page = fields.send(&village.worker, &path).await;
        assert!(page.contains(words), "{words}");
        assert!(page.contains(&typed), "it is still there to be put right");
    }
    assert!(village.detail(event).await.materials.is_empty(), "nothing of it was taken");
}

#[tokio::test]
async fn pieces_of_an_opened_carton_are_taken_by_the_code_of_the_batch() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/take");
    let code = village.batch.code.grouped();
    let open = village.worker.page(&path).await;
    let none = Fields::of(&open).with("batch_1", &code).with("of_batch_1", "0");
    assert!(none.send(&village.worker, &path).await.contains("Enter at least 1"));
    let some = none.with("of_batch_1", "۱۲۰");
    let taken = some.send(&village.worker, &path).await;
    assert!(!taken.contains("batch assumed"));
    assert_eq!(village.detail(event).await.materials[0].there, 120);
}

#[tokio::test]
async fn more_than_the_store_has_is_asked_once() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/take");
    let leaflets = village.leaflets.to_string();
    let fields = Fields::of(&village.worker.page(&path).await).with("row", &leaflets);
    let fields = fields.with(&format!("take_{leaflets}_pieces"), "1,600");
    let asked = fields.send(&village.worker, &path).await;
    assert!(asked.contains("This takes 1,600 pieces, but by the books only 1,500 were there"));
    let taken = fields.with("confirmed", "true").send(&village.worker, &path).await;
    assert!(taken.contains("the pieces are at the event now"));
    village.adds_up().await;
}

#[tokio::test]
async fn what_could_not_be_booked_is_posted_from_its_record() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/take");
    let stickers = village.stickers.to_string();
    let take = Fields::of(&village.worker.page(&path).await)
        .with("material_1", &stickers)
        .with("take_1_pieces", "100");
    let shown = take.send(&village.worker, &path).await;
    assert!(shown.contains("not in the books yet"), "{shown}");
    let waits = village.worker.page("/").await;
    let words = "Post goods of an event that could not be booked, or drop them: E-";
    assert!(waits.contains(words), "{waits}");
    let record = take.record();
    let there = format!("/records/{record}");
    assert!(waits.contains(&there), "{waits}");
    let of_event = format!("/events/{event}");
    let shown = village.worker.page(&of_event).await;
    let (_, look) = shown.split_once("Needs a look").unwrap();
    assert!(look.contains("could not be booked") && look.contains(&there), "{look}");
    let list = village.manager.page("/events?only=waiting").await;
    assert!(list.contains(&of_event) && list.contains("1 record of goods waits"), "{list}");
    let decide = format!("{there}/decide");
    let page = village.worker.page(&there).await;
    assert!(page.contains("The store never had “Mark it (M2)” in the books"), "{page}");
    assert!(page.contains("What was said to have moved") && page.contains(">100<"), "{page}");
    assert_eq!(village.other.post(&decide, &[("decision", "same")]).await.status_code(), 404);
    let missing = Fields::of(&page).send(&village.worker, &decide).await;
    assert!(missing.contains("Say what it is."), "{missing}");
    let post_now = Fields::of(&page).with("decision", "post_now");
    let still = post_now.send(&village.worker, &decide).await;
    assert!(still.contains("There is a problem") && still.contains("never had"), "{still}");
    count_first(&village.program, &village.actor, village.store, village.stickers).await;
    let done = post_now.send(&village.worker, &decide).await;
    assert!(done.contains("Somebody has decided about it since"), "{done}");
    assert!(!done.contains(&decide) && !village.worker.page("/").await.contains(words));
    let shown = village.worker.page(&format!("/events/{event}")).await;
    assert!(!shown.contains("Not in the books yet") && shown.contains("Mark it"), "{shown}");
    assert!(!shown.contains("could not be booked"), "{shown}");
    assert!(!village.manager.page("/events?only=waiting").await.contains(&of_event));
    let again = Fields::of(&page).with("record", &event.to_string()).with("decision", "same");
    let again = again.send(&village.manager, &decide).await;
    assert!(again.contains("decided about it meanwhile"), "{again}");
    village.adds_up().await;
}

#[tokio::test]
async fn what_was_not_needed_comes_back() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/bring-back");
    assert!(village.worker.page(&path).await.contains("Nothing is at this event"));
    let take = format!("/events/{event}/take");
    let codes = village.cartons().await[0].clone();
    let open = village.worker.page(&take).await;
    Fields::of(&open).with("codes", &codes).send(&village.worker, &take).await;

    // It cannot be called off while pieces are there.
    let cancel = format!("/events/{event}/cancel");
    let refused = village.worker.send(&cancel, &[]).await;
    assert!(refused.contains("500 pieces are still at the event"));

    let leaflets = village.leaflets.to_string();
    let fields = Fields::of(&village.worker.page(&path).await).with("row", &leaflets);
    let nothing = fields.send(&village.worker, &path).await;
    assert!(nothing.contains("Nothing was entered"));
    let fields = fields.with(&format!("back_{leaflets}_bundles"), "10");
    let back = fields.send(&village.worker, &path).await;
    assert!(back.contains("the pieces are in the store again"));
    assert_eq!(village.detail(event).await.materials[0].there, 0);
    let cancelled = village.worker.send(&cancel, &[]).await;
    assert!(cancelled.contains("Cancelled"));
    village.adds_up().await;
}

#[tokio::test]
async fn the_code_of_an_opened_carton_says_nothing_about_how_many() {
    let village = Village::build().await;
    let event = village.planned().await;
    let take = format!("/events/{event}/take");
    let carton = village.cartons().await[0].clone();
    let open = village.worker.page(&take).await;
    Fields::of(&open).with("codes", &carton).send(&village.worker, &take).await;
    let filled = [("brought_cartons", "1"), ("left_pieces", "100"), ("participants", "400")];
    let sheet = village.sheet(event, &filled).await;
    sheet.send(&village.worker, &format!("/events/{event}/sheet")).await;
    assert_eq!(village.detail(event).await.materials[0].there, 0);

    let next = village.planned().await;
    let take = format!("/events/{next}/take");
    let open = village.worker.page(&take).await;
    let refused = Fields::of(&open).with("codes", &carton).send(&village.worker, &take).await;
    assert!(refused.contains(&format!("{carton} was opened: say below how many pieces of it")));
    let some = Fields::of(&open).with("batch_1", &carton).with("of_batch_1", "100");
    some.send(&village.worker, &take).await;
    assert_eq!(village.detail(next).await.materials[0].there, 100);
    village.adds_up().await;
}

#[tokio::test]
async fn stock_moves_on_the_day_of_the_event() {
    let village = Village::build().await;
    let event = village.planned().await;
    let day = format!("value=\"{}\"", today());
    village.program.world.pass_minutes(24 * 60);
    let page = village.worker.page(&format!("/events/{event}/take")).await;
    assert!(page.contains(&day), "not today, which is a day later");
}

#[tokio::test]
async fn a_recalled_edition_is_not_to_be_given_out() {
    let village = Village::build().await;
    let event = village.planned().await;
    let pages =
        [format!("/events/{event}/take"), format!("/events/{event}/sheet"), "/drops/new".into()];
    for page in &pages {
        assert!(!village.worker.page(page).await.contains("Recalled: do not give it out"));
    }
    let now = village.program.world.now();
    let envelope = Envelope::typed(uuid::Uuid::now_v7().into(), Occurred::AtDeviceTime, now);
    let back = CallBack { material: village.leaflets, mode: RecallMode::StopNow };
    let manager = village.program.actor("manager").await;
    village.program.stock.writer(&manager).recall(Submission::new(envelope), back).await.unwrap();
    for page in &pages {
        let shown = village.worker.page(page).await;
        assert!(shown.contains("Recalled: do not give it out"), "{page}");
        assert!(shown.contains("(M1) is to be stopped now"), "{page}");
    }
    // What happened is never refused, and is asked about once.
    let leaflets = village.leaflets.to_string();
    let sure = format!("sure_recalled_{leaflets}");
    let much = Fields::of(&village.worker.page(&pages[0]).await)
        .with("row", &leaflets)
        .with(&format!("take_{leaflets}_pieces"), "1,600");
    let asked = much.send(&village.worker, &pages[0]).await;
    assert!(asked.contains("only 1,500 were there"), "all is asked at once: {asked}");
    assert!(asked.contains(&sure) && asked.contains("name=\"confirmed\""), "{asked}");
    assert!(village.detail(event).await.materials.is_empty());
    let drop = Fields::of(&village.worker.page("/drops/new").await)
        .with("store", &village.store.to_string())
        .with("place", "AF2101")
        .with("kind", "clinic")
        .with("material_1", &leaflets)
        .with("take_1_pieces", "20");
    let take = Fields::of(&village.worker.page(&pages[0]).await)
        .with("row", &leaflets)
        .with(&format!("take_{leaflets}_pieces"), "300");
    let filled = [("brought_pieces", "300"), ("left_pieces", "0"), ("participants", "300")];
    let sheet = village.sheet(event, &filled).await;
    for (path, fields) in [("/drops/new", drop), (&pages[0], take), (&pages[1], sheet)] {
        let asked = fields.send(&village.worker, path).await;
        assert!(asked.contains("(M1) is recalled and is to stop now"), "{path}: {asked}");
        assert!(asked.contains(&sure), "{path}");
        let done = fields.with(&sure, "true").send(&village.worker, path).await;
        assert!(!done.contains("id=\"errors\""), "{path}: {done}");
    }
    let month = village.manager.page("/reconcile?month=2017-06").await;
    let (_, explain) = month.split_once("Needs an explanation").unwrap();
    assert!(explain.contains("A batch on hold or recalled was moved: D-REL-0001"), "{explain}");
    village.adds_up().await;
}

#[tokio::test]
async fn a_carton_is_opened_before_loose_pieces_of_it_are_taken() {
    let village = Village::build().await;
    let event = village.planned().await;
    let path = format!("/events/{event}/take");
    let leaflets = format!("take_{}_pieces", village.leaflets);
    let states = async || {
        let packs = village.program.stock.reader(&village.actor);
        let packs = packs.packs_of(village.batch.batch).await.unwrap();
        packs.iter().map(|pack| pack.state.as_str()).collect::<Vec<_>>()
    };
    let page = village.worker.page(&path).await;
    assert!(page.contains("0 of them can be taken before a sealed carton is opened"));
    assert!(page.contains("Say first which one was opened") && page.contains("href=\"/codes\""));
    assert!(village.worker.page("/drops/new").await.contains("Say first which one was opened"));

    let carton = village.cartons().await[0].replace('-', "");
    let carton = format!("/p/{carton}");
    let fields = Fields::of(&village.worker.page(&carton).await).with("found", "500");
    fields.send(&village.worker, &format!("{carton}/open")).await;
    let page = village.worker.page(&path).await;
    assert!(page.contains("500 of them can be taken before a sealed carton is opened"));
    let row = ("row", village.leaflets.to_string());
    let take = async |pieces: &str| {
        let page = village.worker.page(&path).await;
        let fields = Fields::of(&page).with(row.0, &row.1).with(&leaflets, pieces);
        fields.send(&village.worker, &path).await;
    };
    take("500").await;
    assert_eq!(states().await, ["opened", "sealed", "sealed"], "loose pieces were enough");
    take("40").await;
    assert_eq!(states().await, ["opened", "check", "check"], "nobody said which was opened");
    village.adds_up().await;
}
