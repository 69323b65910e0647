//! What stands in the place of the parameters of each route, and whether somebody else's is there.

/// About what a route with parameters is.
pub enum About {
    /// Something that belongs to somebody. The query gives examples, each column named like the
    /// parameter it stands for; `FAR` are the stores that the asker does not see, `NEAR` those of the asker
    /// `HELD` the batches of which something was there, and `ASKER` the asker's log-in.
    Owned(&'static str),
    /// Something of the programme: hidden from other organisations, not from its own keepers.
    OfProgramme(&'static str),
    /// Something that everybody who has signed in may read: materials, kits, places, recalls.
    Shared(&'static str),
    /// What is printed on a label: who holds the thing in his hands may ask.
    Label(&'static str),
    /// A secret that was sent to one person, which no list shows.
    Secret,
}

use About::{Label, OfProgramme, Owned, Secret, Shared};

const CONSIGNMENTS: &str = "SELECT id FROM consignment \
    WHERE from_store_id IN FAR AND to_store_id IN FAR ORDER BY made_at";
const EVENTS: &str = "SELECT id FROM event WHERE store_id IN FAR ORDER BY made_at";
const RECORDS: &str = "SELECT r.id FROM record r WHERE r.store_id IN FAR \
    AND NOT EXISTS (SELECT 1 FROM movement m JOIN line l ON l.movement_id = m.id \
        JOIN account a ON a.id = l.from_id OR a.id = l.to_id \
        WHERE m.record_id = r.id AND a.holder_id IN NEAR) ORDER BY r.kind, r.recorded_at";
const BATCH_CODES: &str = "SELECT code FROM batch WHERE first_store_id IN FAR AND id NOT IN HELD \
    ORDER BY arrived_on";
const PACK_CODES: &str = "SELECT p.code FROM pack p JOIN batch b ON b.id = p.batch_id \
    WHERE b.first_store_id IN FAR AND b.id NOT IN HELD ORDER BY p.code";
const EVENT_CODES: &str = "SELECT code FROM event WHERE store_id IN FAR ORDER BY made_at";
const CONSIGNMENT_CODES: &str = "SELECT code FROM consignment \
    WHERE from_store_id IN FAR AND to_store_id IN FAR ORDER BY made_at";
const RUNS: &str = "SELECT id FROM print_run ORDER BY number";
const RECEIPTS: &str = "SELECT record_id AS id FROM receipt WHERE store_id IN FAR ORDER BY number";
const ORGS: &str = "SELECT id FROM org WHERE id NOT IN \
    (SELECT org_id FROM store WHERE id IN NEAR) ORDER BY name";
const STORES: &str = "SELECT id FROM store WHERE id IN FAR ORDER BY name";
const DROPS: &str = "SELECT id FROM drop_off WHERE store_id IN FAR";
const COUNTS: &str = "SELECT id FROM record WHERE kind = 'count' AND store_id IN FAR";
const FIRST_COUNTS: &str = "SELECT record_id AS id FROM first_count WHERE store_id IN FAR";
const PEOPLE: &str = "SELECT id FROM person ORDER BY login";

/// Each beginning of a path with parameters; a route is about the longest that it begins with.
pub const ENTRIES: &[(&str, About)] = &[
    ("/setup/{token}", Secret),
    ("/invitation/{token}", Secret),
    ("/l/{token}", Secret),
    ("/L/{token}", Secret),
    (
        "/links/{id}",
        Owned(
            "SELECT k.id FROM job_link k JOIN consignment c ON c.id = k.consignment_id \
        WHERE c.from_store_id IN FAR AND c.to_store_id IN FAR",
        ),
    ),
    (
        "/account/sessions/{id}",
        Owned(
            "SELECT e.id FROM session e \
        JOIN person y ON y.id = e.person_id WHERE y.login <> ASKER ORDER BY e.created_at",
        ),
    ),
    (
        "/account/drafts/{id}",
        Owned(
            "SELECT d.id FROM draft d \
        JOIN person y ON y.id = d.person_id WHERE y.login = 'partner' ORDER BY d.created_at",
        ),
    ),
    (
        "/account/phones/{id}",
        Owned(
            "SELECT f.device_id AS id FROM phone f \
        JOIN person y ON y.id = f.person_id WHERE y.login <> ASKER",
        ),
    ),
    ("/account/tokens/{id}", Owned("SELECT id FROM api_token")),
    ("/tasks/{id}", Owned("SELECT id FROM task WHERE for_store IN FAR ORDER BY opened_at")),
    ("/people/invitations/{id}", Owned("SELECT id FROM invitation")),
    ("/people/{id}", Owned(PEOPLE)),
    ("/people/{id}/phones/{phone}", Owned("SELECT person_id AS id, device_id AS phone FROM phone")),
    ("/reference/places/{code}", Shared("SELECT code FROM place WHERE code = 'AF3001'")),
    ("/reference/organisations/{id}", OfProgramme(ORGS)),
    ("/reference/event-types/{id}", Shared("SELECT id FROM event_type")),
    ("/reference/stores/{id}", Owned(STORES)),
    ("/reference/materials/{id}", Shared("SELECT id FROM material ORDER BY short_number")),
    ("/reference/kits/{id}", Shared("SELECT id FROM kit")),
    (
        "/attachments/{sha256}",
        Owned(
            "SELECT scan_sha256 AS sha256 FROM waybill_paper \
        WHERE scan_sha256 IS NOT NULL",
        ),
    ),
    ("/b/{code}", Label(BATCH_CODES)),
    ("/B/{code}", Label(BATCH_CODES)),
    ("/p/{code}", Label(PACK_CODES)),
    ("/P/{code}", Label(PACK_CODES)),
    ("/p/{code}/open", Owned(PACK_CODES)),
    ("/p/{code}/split", Owned(PACK_CODES)),
    ("/p/{code}/found", Owned(PACK_CODES)),
    ("/p/{code}/empty", Owned(PACK_CODES)),
    ("/p/{code}/reprint", Owned(PACK_CODES)),
    ("/e/{code}", Label(EVENT_CODES)),
    ("/E/{code}", Label(EVENT_CODES)),
    ("/c/{code}", Label(CONSIGNMENT_CODES)),
    ("/C/{code}", Label(CONSIGNMENT_CODES)),
    ("/opening/{id}", Owned(FIRST_COUNTS)),
    ("/runs/{id}", OfProgramme(RUNS)),
    ("/receipts/{id}", Owned(RECEIPTS)),
    (
        "/labels/{of}/{id}",
        Owned(
            "SELECT 'batch' AS \"of\", id FROM batch \
        WHERE first_store_id IN FAR AND id NOT IN HELD \
        UNION SELECT 'pack' AS \"of\", p.id FROM pack p JOIN batch b ON b.id = p.batch_id \
            WHERE b.first_store_id IN FAR AND b.id NOT IN HELD AND p.number = 1 \
        UNION SELECT 'bundles' AS \"of\", p.id FROM pack p JOIN batch b ON b.id = p.batch_id \
            WHERE b.first_store_id IN FAR AND b.id NOT IN HELD AND p.number = 2 \
        UNION SELECT 'record' AS \"of\", record_id AS id FROM first_count \
            WHERE store_id IN FAR ORDER BY 1, 2",
        ),
    ),
    ("/stock/stores/{id}", Owned(STORES)),
    (
        "/stock/stores/{id}/materials/{material}",
        Owned(
            "SELECT s.id, m.id AS material \
        FROM store s JOIN material m ON 1 = 1 WHERE s.id IN FAR ORDER BY s.name",
        ),
    ),
    (
        "/stock/stores/{id}/batches/{batch}",
        Owned(
            "SELECT s.id, b.id AS batch \
        FROM store s JOIN batch b ON b.first_store_id = s.id WHERE s.id IN FAR \
        UNION SELECT s.id, b.id AS batch FROM store s JOIN batch b ON 1 = 1 \
            WHERE s.id IN NEAR AND b.first_store_id IN FAR AND b.id NOT IN HELD ORDER BY 1, 2",
        ),
    ),
    ("/recalls/{id}", Shared("SELECT record_id AS id FROM recall")),
    ("/consignments/{id}", Owned(CONSIGNMENTS)),
    (
        "/consignments/{id}/scan/{record}",
        Owned(
            "SELECT c.id, w.record_id AS record \
        FROM consignment c JOIN waybill_paper w ON w.consignment_id = c.id \
        WHERE c.from_store_id IN FAR AND c.to_store_id IN FAR AND w.scan_sha256 IS NOT NULL",
        ),
    ),
    (
        "/consignments/{id}/explain/{batch}",
        Owned(
            "SELECT DISTINCT c.id, l.batch_id AS batch \
        FROM consignment c JOIN consignment_line l ON l.consignment_id = c.id \
        WHERE c.from_store_id IN FAR AND c.to_store_id IN FAR",
        ),
    ),
    ("/events/{id}", Owned(EVENTS)),
    (
        "/events/{id}/sheets/{record}",
        Owned(
            "SELECT s.event_id AS id, s.record_id AS record \
        FROM event_sheet s JOIN event e ON e.id = s.event_id WHERE e.store_id IN FAR",
        ),
    ),
    ("/drops/{id}", Owned(DROPS)),
    ("/held/{id}", Owned("SELECT id FROM held_record WHERE store_id IN FAR")),
    ("/counts/paper/{id}", Owned(STORES)),
    ("/counts/{id}", Owned(COUNTS)),
    (
        "/unexplained/{account}/{batch}",
        Owned(
            "SELECT l.account_id AS account, \
        l.batch_id AS batch FROM balance l JOIN account a ON a.id = l.account_id \
        WHERE a.shadow AND l.pieces <> 0 AND a.holder_id IN FAR",
        ),
    ),
    (
        "/reconcile/{month}/statement/{store}",
        Owned(
            "SELECT '2017-06' AS month, s.id AS store FROM store s WHERE s.id IN FAR ORDER BY s.name",
        ),
    ),
    (
        "/reconcile/{month}/{store}/{material}/{column}",
        Owned(
            "SELECT '2017-06' AS month, \
        s.id AS store, m.id AS material, 'closing' AS \"column\" \
        FROM store s JOIN material m ON 1 = 1 WHERE s.id IN FAR ORDER BY s.name",
        ),
    ),
    (
        "/reconcile/{month}/places/{province}/{kind}",
        Shared(
            "SELECT '2017-06' AS month, \
        'AF30' AS province, 'leaflet' AS kind",
        ),
    ),
    (
        "/reconcile/{month}/ordered/{material}",
        Shared(
            "SELECT '2017-06' AS month, \
        id AS material FROM material ORDER BY short_number",
        ),
    ),
    ("/bulletin/{month}", Shared("SELECT '2017-06' AS month")),
    ("/records/{id}", Owned(RECORDS)),
];

/// What this route is about.
pub fn about(path: &str) -> Option<&'static About> {
    let leads = |beginning: &str| {
        path.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let known = ENTRIES.iter().filter(|(beginning, _)| leads(beginning));
    known.max_by_key(|(beginning, _)| beginning.len()).map(|(_, about)| about)
}
