//! Rules of the ledger that the first tables left to the program: tried by raw SQL, the database
//! itself refuses them now.
//!
//! What no row can see by itself stays with the program and with `tawzi verify`: that every batch
//! sums to zero, that no day ends below zero, that counted stock stays counted, and that sealed
//! packs fit their balance.

use crate::rules::{On, Rule, append_only, keep, never_replaced, refuse};
use crate::run;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_connection().get_database_backend();
        run(manager, INDEXES).await?;
        for (table, key) in APPEND_ONLY {
            append_only(manager, table).await?;
            never_replaced(manager, table, key).await?;
        }
        for (table, key) in NEVER_REPLACED {
            never_replaced(manager, table, key).await?;
        }
        for table in NEVER_REMOVED {
            keep(manager, table).await?;
        }
        for rule in RULES {
            refuse(manager, rule).await?;
        }
        if backend == DbBackend::Sqlite {
            for rule in SQLITE_RULES {
                refuse(manager, rule).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const INDEXES: &[&str] = &[
    // Two people at the same moment: one recall of an edition, one standing figure of a key.
    "CREATE UNIQUE INDEX recall_open ON recall (material_id) WHERE ended_by IS NULL",
    "CREATE UNIQUE INDEX reported_figure_stands ON reported_figure (org_id, month, kind)
     WHERE superseded_by IS NULL",
];

/// What records said, beside the tables that are append only already; with their keys.
const APPEND_ONLY: &[(&str, &[&str])] = &[
    ("batch", &["id", "code"]),
    ("delivery", &["record_id"]),
    ("delivery_reason", &[]),
    ("waybill_paper", &["record_id"]),
    ("batch_assumed", &["record_id"]),
    ("recall_step", &["record_id"]),
    ("audit_log", &["id"]),
];

/// Tables that were append only before: `INSERT OR REPLACE` would still have got past them.
const NEVER_REPLACED: &[(&str, &[&str])] = &[
    ("record", &["id", "device_id, device_sequence"]),
    ("record_outcome", &["record_id"]),
    ("movement", &["id", "reverses_id", "record_id, ordinal"]),
    ("line", &["id"]),
    ("seal", &["sequence", "record_id"]),
    ("count_anchor", &["store_id, batch_id, moment"]),
    ("pack_event", &["pack_id, record_id, ordinal"]),
    ("receipt", &["record_id", "number", "batch_id"]),
    ("run_close", &["record_id"]),
    ("first_count", &["record_id", "number"]),
    ("issued_pack", &["id", "code"]),
    ("confirmation", &["record_id", "confirms_id"]),
];

/// Rows that change, but that records rest on: they retire, they never go (rule 12).
const NEVER_REMOVED: &[&str] = &[
    "account",
    "attachment",
    "attendance",
    "balance",
    "batch_hold",
    "code",
    "consignment",
    "counter",
    "drop_off",
    "event",
    "event_sheet",
    "event_sheet_row",
    "event_type",
    "kit",
    "kit_version",
    "material",
    "month_flow",
    "note",
    "org",
    "pack",
    "pack_state",
    "period",
    "person",
    "place",
    "print_run",
    "recall",
    "reported_figure",
    "store",
    "trip",
];

/// The local day of a moment: Kabul is UTC+04:30 all year (domain::time).
const NOT_ITS_DAY: &str = "NEW.local_day * 86400000 > NEW.occurred_at + 16200000
    OR (NEW.local_day + 1) * 86400000 <= NEW.occurred_at + 16200000";

const RULES: &[Rule] = &[
    // ---- 2: what a finished record did is complete
    Rule {
        name: "movement_after_outcome",
        table: "movement",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM record_outcome o WHERE o.record_id = NEW.record_id)",
        says: "the record is finished",
    },
    Rule {
        name: "line_after_outcome",
        table: "line",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM movement m JOIN record_outcome o ON o.record_id = m.record_id
            WHERE m.id = NEW.movement_id)",
        says: "the record is finished",
    },
    Rule {
        name: "pack_event_after_outcome",
        table: "pack_event",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM record_outcome o WHERE o.record_id = NEW.record_id)",
        says: "the record is finished",
    },
    // ---- 2: a reversal is the mirror of one movement, dated as that
    Rule {
        name: "reversal_of_something",
        table: "movement",
        on: On::Insert,
        when: "NEW.kind = 'reverse' AND NEW.reverses_id IS NULL",
        says: "a reversal names what it reverses",
    },
    Rule {
        name: "reversal_dated_as_original",
        table: "movement",
        on: On::Insert,
        when: "NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM movement o
            WHERE o.id = NEW.reverses_id AND o.occurred_at <> NEW.occurred_at)",
        says: "a reversal has the date of what it reverses",
    },
    Rule {
        name: "reversal_mirrors",
        table: "line",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM movement m WHERE m.id = NEW.movement_id
            AND m.reverses_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM line o WHERE o.movement_id = m.reverses_id
                    AND o.batch_id = NEW.batch_id AND o.from_id = NEW.to_id
                    AND o.to_id = NEW.from_id AND o.pieces = NEW.pieces))",
        says: "a reversal mirrors what it reverses",
    },
    // ---- 4: hashes are SHA-256
    Rule {
        name: "record_hash",
        table: "record",
        on: On::Insert,
        when: "length(NEW.content_hash) <> 32",
        says: "not a SHA-256",
    },
    Rule {
        name: "record_outcome_hash",
        table: "record_outcome",
        on: On::Insert,
        when: "length(NEW.posting_hash) <> 32",
        says: "not a SHA-256",
    },
    // ---- 5: never after it was recorded, on its own day, in an open month
    Rule {
        name: "record_in_time",
        table: "record",
        on: On::Insert,
        when: "NEW.occurred_at > NEW.recorded_at",
        says: "dated after it was recorded",
    },
    Rule {
        name: "record_on_its_day",
        table: "record",
        on: On::Insert,
        when: NOT_ITS_DAY,
        says: "not the day of its moment",
    },
    Rule {
        name: "movement_in_time",
        table: "movement",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM record r
            WHERE r.id = NEW.record_id AND r.recorded_at < NEW.occurred_at)",
        says: "dated after it was recorded",
    },
    Rule {
        name: "movement_on_its_day",
        table: "movement",
        on: On::Insert,
        when: NOT_ITS_DAY,
        says: "not the day of its moment",
    },
    Rule {
        name: "movement_in_open_month",
        table: "movement",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM period p
            WHERE p.month = NEW.booked_month AND p.closed_at IS NOT NULL)",
        says: "the month is closed",
    },
    Rule {
        name: "line_dated_as_movement",
        table: "line",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM movement m WHERE m.id = NEW.movement_id
            AND (m.occurred_at <> NEW.occurred_at OR m.local_day <> NEW.local_day))",
        says: "a line has the date of its movement",
    },
    // ---- 3 and 12: kinds that exist, and only sources and shadows may be below zero
    Rule {
        name: "movement_kind",
        table: "movement",
        on: On::Insert,
        when: "NEW.reason = '' OR NEW.kind NOT IN ('open', 'receive', 'dispatch', 'deliver',
            'take', 'give', 'bring_back', 'damage', 'lose', 'find', 'salvage', 'dispose',
            'hand_back', 'collect', 'count', 'settle', 'shortfall', 'reverse')",
        says: "no such movement",
    },
    Rule {
        name: "account_kind",
        table: "account",
        on: On::Insert,
        when: "NOT CASE
            WHEN NEW.kind IN ('printer', 'opening', 'count_difference') THEN NEW.signed
                AND NOT NEW.shadow AND NEW.channel = ''
            WHEN NEW.kind IN ('store', 'in_transit', 'at_event', 'damaged', 'lost', 'disposed')
                THEN NEW.signed = NEW.shadow AND NEW.channel = ''
            WHEN NEW.kind IN ('given_event', 'given_drop') THEN NEW.signed = NEW.shadow
                AND NEW.channel IN ('participants', 'multipliers', 'public_places')
            ELSE FALSE END",
        says: "no such account",
    },
    Rule {
        name: "account_owner",
        table: "account",
        on: On::Insert,
        when: "NOT CASE
            WHEN NEW.kind = 'printer' THEN EXISTS (SELECT 1 FROM print_run x
                WHERE x.id = NEW.owner_id)
            WHEN NEW.kind = 'in_transit' THEN EXISTS (SELECT 1 FROM consignment x
                WHERE x.id = NEW.owner_id)
            WHEN NEW.kind IN ('at_event', 'given_event') THEN EXISTS (SELECT 1 FROM event x
                WHERE x.id = NEW.owner_id)
            WHEN NEW.kind = 'given_drop' THEN EXISTS (SELECT 1 FROM drop_off x
                WHERE x.id = NEW.owner_id)
            ELSE EXISTS (SELECT 1 FROM store x WHERE x.id = NEW.owner_id) END",
        says: "an account belongs to something",
    },
    Rule {
        name: "account_is_fixed",
        table: "account",
        on: On::Update,
        when: "NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.owner_id <> OLD.owner_id
            OR NEW.channel <> OLD.channel OR NEW.shadow <> OLD.shadow OR NEW.signed <> OLD.signed
            OR NEW.holder_id IS DISTINCT FROM OLD.holder_id",
        says: "an account stays what it is",
    },
    Rule {
        name: "balance_of_account",
        table: "balance",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM account a WHERE a.id = NEW.account_id AND NEW.on_hand <> (
            NOT a.signed AND a.kind IN ('store', 'in_transit', 'at_event', 'damaged')))",
        says: "on hand is what somebody holds",
    },
    Rule {
        name: "balance_is_fixed",
        table: "balance",
        on: On::Update,
        when: "NEW.account_id <> OLD.account_id OR NEW.batch_id <> OLD.batch_id
            OR NEW.signed <> OLD.signed OR NEW.on_hand <> OLD.on_hand",
        says: "a balance stays where it is",
    },
    // ---- 9: a pack keeps what is printed on it
    Rule {
        name: "pack_is_fixed",
        table: "pack",
        on: On::Update,
        when: "NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.batch_id <> OLD.batch_id
            OR NEW.parent_id IS DISTINCT FROM OLD.parent_id OR NEW.kind <> OLD.kind
            OR NEW.number <> OLD.number OR NEW.total <> OLD.total OR NEW.nominal <> OLD.nominal
            OR NEW.reprints < OLD.reprints",
        says: "a pack keeps what is printed on it",
    },
    Rule {
        name: "pack_state_of_pack",
        table: "pack_state",
        on: On::InsertOrUpdate,
        when: "NEW.state NOT IN ('expected', 'sealed', 'opened', 'empty', 'check', 'voided')
            OR NOT EXISTS (SELECT 1 FROM pack p WHERE p.id = NEW.pack_id
                AND p.batch_id = NEW.batch_id AND p.nominal = NEW.nominal)",
        says: "not the state of that pack",
    },
    Rule {
        name: "code_is_fixed",
        table: "code",
        on: On::Update,
        when: "NEW.code <> OLD.code OR NEW.kind <> OLD.kind OR NEW.subject_id <> OLD.subject_id
            OR NEW.issued_at <> OLD.issued_at
            OR NEW.state <> OLD.state AND (OLD.state IN ('voided', 'retired')
                OR NEW.state = 'issued')",
        says: "a code is used once",
    },
    // ---- 2: what was said stays; only what became of it is noted, once
    Rule {
        name: "batch_hold_once",
        table: "batch_hold",
        on: On::Update,
        when: "NEW.record_id <> OLD.record_id OR NEW.batch_id <> OLD.batch_id
            OR NEW.reason <> OLD.reason OR OLD.released_by IS NOT NULL",
        says: "a hold is released once",
    },
    Rule {
        name: "event_sheet_said",
        table: "event_sheet",
        on: On::Update,
        when: "NEW.record_id <> OLD.record_id OR NEW.event_id <> OLD.event_id
            OR NEW.session_id IS DISTINCT FROM OLD.session_id
            OR OLD.decision IS NOT NULL AND (NEW.decision IS DISTINCT FROM OLD.decision
                OR NEW.decided_by IS DISTINCT FROM OLD.decided_by)",
        says: "a sheet stays as it was said",
    },
    Rule {
        name: "event_sheet_row_said",
        table: "event_sheet_row",
        on: On::Update,
        when: "NEW.record_id <> OLD.record_id OR NEW.material_id <> OLD.material_id
            OR NEW.brought <> OLD.brought OR NEW.left_over <> OLD.left_over
            OR NEW.spoiled <> OLD.spoiled OR NEW.participants <> OLD.participants
            OR NEW.multipliers <> OLD.multipliers OR NEW.public_places <> OLD.public_places
            OR NEW.multiplier_people IS DISTINCT FROM OLD.multiplier_people
            OR NEW.multiplier_who IS DISTINCT FROM OLD.multiplier_who
            OR NEW.public_count IS DISTINCT FROM OLD.public_count
            OR NEW.public_kind IS DISTINCT FROM OLD.public_kind",
        says: "a sheet stays as it was said",
    },
    Rule {
        name: "attendance_said",
        table: "attendance",
        on: On::Update,
        when: "NEW.record_id <> OLD.record_id OR NEW.event_id <> OLD.event_id
            OR NEW.session_id IS DISTINCT FROM OLD.session_id
            OR NEW.corrects_id IS DISTINCT FROM OLD.corrects_id
            OR NEW.women IS DISTINCT FROM OLD.women OR NEW.men IS DISTINCT FROM OLD.men
            OR NEW.girls IS DISTINCT FROM OLD.girls OR NEW.boys IS DISTINCT FROM OLD.boys
            OR NEW.age_not_recorded IS DISTINCT FROM OLD.age_not_recorded
            OR NEW.sex_not_recorded IS DISTINCT FROM OLD.sex_not_recorded
            OR NEW.community <> OLD.community OR NEW.officials <> OLD.officials
            OR NEW.religious_leaders <> OLD.religious_leaders",
        says: "who came stays as it was said",
    },
    Rule {
        name: "drop_off_said",
        table: "drop_off",
        on: On::Update,
        when: "NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.store_id <> OLD.store_id
            OR NEW.place_code <> OLD.place_code OR NEW.kind <> OLD.kind
            OR NEW.places IS DISTINCT FROM OLD.places",
        says: "a drop stays as it was said",
    },
    Rule {
        name: "reported_figure_said",
        table: "reported_figure",
        on: On::Update,
        when: "NEW.record_id <> OLD.record_id OR NEW.org_id <> OLD.org_id
            OR NEW.month <> OLD.month OR NEW.kind <> OLD.kind OR NEW.pieces <> OLD.pieces
            OR NEW.source <> OLD.source OR OLD.superseded_by IS NOT NULL",
        says: "a reported figure stays as it was said",
    },
    Rule {
        name: "recall_said",
        table: "recall",
        on: On::Update,
        when: "NEW.record_id <> OLD.record_id OR NEW.material_id <> OLD.material_id
            OR NEW.mode <> OLD.mode OR NEW.called_at <> OLD.called_at
            OR OLD.ended_by IS NOT NULL",
        says: "a recall ends once",
    },
    Rule {
        name: "note_is_only_erased",
        table: "note",
        on: On::Update,
        when: "NEW.record_id <> OLD.record_id OR NEW.text <> '' OR NEW.erased_at IS NULL
            OR OLD.erased_at IS NOT NULL",
        says: "a note can only be erased",
    },
    Rule {
        name: "counter_grows",
        table: "counter",
        on: On::Update,
        when: "NEW.name <> OLD.name OR NEW.last <= OLD.last",
        says: "a number is used once",
    },
    Rule {
        name: "consignment_is_fixed",
        table: "consignment",
        on: On::Update,
        when: "NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.number <> OLD.number
            OR NEW.from_store_id <> OLD.from_store_id OR NEW.made_by <> OLD.made_by
            OR NEW.made_at <> OLD.made_at",
        says: "a consignment keeps its number and its sender",
    },
    Rule {
        name: "event_is_fixed",
        table: "event",
        on: On::Update,
        when: "NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.number <> OLD.number
            OR NEW.made_by <> OLD.made_by OR NEW.made_at <> OLD.made_at",
        says: "an event keeps its number",
    },
    // ---- 10: the chain has no gaps
    Rule {
        name: "seal_without_gap",
        table: "seal",
        on: On::Insert,
        when: "length(NEW.hash) <> 32
            OR NEW.sequence <> 1 + COALESCE((SELECT MAX(s.sequence) FROM seal s), 0)",
        says: "the seals have no gap",
    },
    // ---- 11: two people
    Rule {
        name: "confirmed_by_another",
        table: "confirmation",
        on: On::Insert,
        when: "EXISTS (SELECT 1 FROM record mine JOIN record other ON other.id = NEW.confirms_id
            WHERE mine.id = NEW.record_id AND mine.actor_id = other.actor_id)",
        says: "another person confirms",
    },
];

/// PostgreSQL has whole numbers by type; a column of SQLite takes 1.5 as it comes.
const SQLITE_RULES: &[Rule] = &[
    Rule {
        name: "line_is_whole",
        table: "line",
        on: On::Insert,
        when: "typeof(NEW.pieces) <> 'integer'",
        says: "pieces are whole",
    },
    Rule {
        name: "balance_is_whole",
        table: "balance",
        on: On::InsertOrUpdate,
        when: "typeof(NEW.pieces) <> 'integer'",
        says: "pieces are whole",
    },
    Rule {
        name: "pack_is_whole",
        table: "pack",
        on: On::Insert,
        when: "typeof(NEW.nominal) <> 'integer'",
        says: "pieces are whole",
    },
];
