//! The tables of the books, one file a change, for SQLite and PostgreSQL. Shipped files never
//! change: a correction is a new file.

mod m20261123_000001_reference;
mod m20261123_000002_access;
mod m20261123_000003_ledger;
mod m20261123_000004_runs;
mod m20261123_000005_consignments;
mod m20261123_000006_events;
mod m20261123_000007_reports;
mod m20261125_000008_rules;
mod m20261127_000009_closings;
mod m20261127_000010_held_events;
mod m20261127_000011_consignment_states;
mod m20261127_000012_record_subject;
mod m20261127_000013_unsealed;
mod m20261127_000020_books;
mod m20261127_000021_sealed_packs;
mod m20261128_000022_pack_order;
mod m20261128_000023_device_numbers;
mod m20261128_000024_records_of_store;
mod m20261128_000025_of_one_record;
mod m20261128_000026_newest_record;
mod m20261128_000029_doors;
mod m20261129_000030_extra_steps;
mod m20261129_000031_letters;
mod m20261129_000032_links;
mod m20261129_000033_held_records;
mod m20261130_000034_line_sums;
mod m20261130_000035_link_phones;
mod m20261130_000036_event_pictures;
mod rules;

pub use m20261130_000036_event_pictures::PICTURES_OF_OLDER_BOOKS;
pub use sea_orm_migration::{MigrationTrait, MigratorTrait};

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_reference::Migration),
            Box::new(m20261123_000002_access::Migration),
            Box::new(m20261123_000003_ledger::Migration),
            Box::new(m20261123_000004_runs::Migration),
            Box::new(m20261123_000005_consignments::Migration),
            Box::new(m20261123_000006_events::Migration),
            Box::new(m20261123_000007_reports::Migration),
            Box::new(m20261125_000008_rules::Migration),
            Box::new(m20261127_000009_closings::Migration),
            Box::new(m20261127_000010_held_events::Migration),
            Box::new(m20261127_000011_consignment_states::Migration),
            Box::new(m20261127_000012_record_subject::Migration),
            Box::new(m20261127_000013_unsealed::Migration),
            Box::new(m20261127_000020_books::Migration),
            Box::new(m20261127_000021_sealed_packs::Migration),
            Box::new(m20261128_000022_pack_order::Migration),
            Box::new(m20261128_000023_device_numbers::Migration),
            Box::new(m20261128_000024_records_of_store::Migration),
            Box::new(m20261128_000025_of_one_record::Migration),
            Box::new(m20261128_000026_newest_record::Migration),
            Box::new(m20261128_000029_doors::Migration),
            Box::new(m20261129_000030_extra_steps::Migration),
            Box::new(m20261129_000031_letters::Migration),
            Box::new(m20261129_000032_links::Migration),
            Box::new(m20261129_000033_held_records::Migration),
            Box::new(m20261130_000034_line_sums::Migration),
            Box::new(m20261130_000035_link_phones::Migration),
            Box::new(m20261130_000036_event_pictures::Migration),
        ]
    }
}

/// Runs statements one by one. `{uuid}`, `{blob}`, `{text}` and `{id}` become the backend's types:
/// ids are 16 bytes on both, `{text}` compares and sorts by bytes on both (so that prefix search
/// and order agree), `{id}` is a growing row number that is never used twice, `{row}` one that
/// begins again once the table is empty where that costs less.
pub(crate) async fn run(
    manager: &sea_orm_migration::SchemaManager<'_>,
    statements: &[&str],
) -> Result<(), sea_orm_migration::DbErr> {
    use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};
    let db = manager.get_connection();
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    for statement in statements {
        let text = if postgres {
            statement
                .replace("{uuid}", "uuid")
                .replace("{blob}", "bytea")
                .replace("{text}", "text COLLATE \"C\"")
                .replace("{row}", "bigint GENERATED ALWAYS AS IDENTITY")
                .replace("{id}", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY")
        } else {
            statement
                .replace("{uuid}", "blob")
                .replace("{blob}", "blob")
                .replace("{text}", "text")
                .replace("{row}", "integer")
                .replace("{id}", "integer PRIMARY KEY AUTOINCREMENT")
        };
        db.execute_unprepared(&text).await?;
    }
    Ok(())
}
