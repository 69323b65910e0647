//! Ordering a print run, and changing the order until something has come.

use super::sees_runs;
use crate::access::{Denied, Writer};
use crate::db;
use crate::query::Query;
use domain::ids::{MaterialId, OrgId, RunId};
use domain::role::Permission;
use domain::run::{Order, OrderDays};
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// What a form about a run says.
pub type RunInput = Order;

#[derive(Debug, thiserror::Error)]
pub enum SaveRunError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such printer in use")]
    UnknownPrinter,
    #[error("there is no such material in use")]
    UnknownMaterial,
    #[error("there is no such donor in use")]
    UnknownDonor,
    #[error(transparent)]
    Days(#[from] OrderDays),
    /// Pieces of it have arrived: the order is history now.
    #[error("something was received")]
    Received,
    /// Somebody else saved it after this form was opened.
    #[error("changed in the meantime")]
    ChangedMeanwhile,
    /// The same form came before with other content.
    #[error("this form was already saved with other content")]
    SavedBefore(RunId),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct Saved {
    number: String,
    version: i64,
    same: bool,
}

#[derive(FromQueryResult)]
struct Last {
    last: i64,
}

impl Writer<'_> {
    /// Orders a run and gives its number, `PR-0001`. The same order again gives the same number.
    pub async fn create_run(&self, id: RunId, order: RunInput) -> Result<String, SaveRunError> {
        self.may_order()?;
        order.check_days(self.stock.world.now().day())?;
        let (actor, now) = (self.actor.user, self.stock.world.now());
        self.stock
            .db
            .write(move |tx| {
                let order = order.clone();
                Box::pin(async move {
                    if let Some(saved) = saved(tx, id, &order).await? {
                        let same = saved.same && saved.version == 1;
                        let again = || SaveRunError::SavedBefore(id);
                        return same.then_some(saved.number).ok_or_else(again);
                    }
                    check_names(tx, &order).await?;
                    let counted: Option<Last> = db::one(
                        tx,
                        "INSERT INTO counter (name, last) VALUES ('PR', 1)
                         ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last",
                        [],
                    )
                    .await?;
                    let number = format!("PR-{:04}", counted.map_or(1, |counted| counted.last));
                    let mut values: Vec<Value> = vec![
                        id.uuid().into(),
                        number.as_str().into(),
                        actor.uuid().into(),
                        now.0.into(),
                    ];
                    values.extend(columns(&order));
                    db::run(
                        tx,
                        "INSERT INTO print_run (id, number, created_by, created_at, version,
                            printer_id, material_id, ordered, tolerance_permille,
                            cost_minor_units, cost_currency, purchase_order, donor_id,
                            ordered_on, due_on)
                         VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                        values,
                    )
                    .await?;
                    Ok(number)
                })
            })
            .await
    }

    /// Changes an order of which nothing has come. `seen` is the version that the form showed.
    pub async fn edit_run(
        &self,
        id: RunId,
        seen: i64,
        order: RunInput,
    ) -> Result<(), SaveRunError> {
        self.may_order()?;
        order.check_days(self.stock.world.now().day())?;
        self.stock
            .db
            .write(move |tx| {
                let order = order.clone();
                Box::pin(async move { edit(tx, id, seen, &order).await })
            })
            .await
    }

    fn may_order(&self) -> Result<(), Denied> {
        self.require(Permission::Receive)?;
        if sees_runs(&self.actor) { Ok(()) } else { Err(Denied::NotFound) }
    }
}

async fn edit(
    tx: &DatabaseTransaction,
    id: RunId,
    seen: i64,
    order: &Order,
) -> Result<(), SaveRunError> {
    // A delivery of this run that is being received is waited for.
    db::run(tx, "UPDATE print_run SET version = version WHERE id = $1", [id.uuid().into()]).await?;
    let Some(saved) = saved(tx, id, order).await? else { return Err(Denied::NotFound.into()) };
    // The same form sent twice: the first one made the version that is there now.
    if saved.same && saved.version == seen + 1 {
        return Ok(());
    }
    if saved.version != seen {
        return Err(SaveRunError::ChangedMeanwhile);
    }
    let received = Query::new("SELECT record_id FROM receipt WHERE run_id = ").bind(id.uuid());
    if received.finds(tx).await? {
        return Err(SaveRunError::Received);
    }
    check_names(tx, order).await?;
    let mut values: Vec<Value> = vec![id.uuid().into(), seen.into()];
    values.extend(columns(order));
    let changed = db::run(
        tx,
        "UPDATE print_run SET version = version + 1, printer_id = $3, material_id = $4,
            ordered = $5, tolerance_permille = $6, cost_minor_units = $7, cost_currency = $8,
            purchase_order = $9, donor_id = $10, ordered_on = $11, due_on = $12
         WHERE id = $1 AND version = $2",
        values,
    )
    .await?;
    if changed == 1 { Ok(()) } else { Err(SaveRunError::ChangedMeanwhile) }
}

fn columns(order: &Order) -> [Value; 10] {
    [
        order.printer.uuid().into(),
        order.material.uuid().into(),
        order.ordered.get().into(),
        order.tolerance.get().into(),
        order.cost.map(|cost| cost.minor_units).into(),
        order.cost.map(|cost| cost.currency.as_str().to_owned()).into(),
        order.purchase_order.trim().into(),
        order.donor.map(OrgId::uuid).into(),
        i64::from(order.ordered_on.0).into(),
        i64::from(order.due_on.0).into(),
    ]
}

/// The run as it stands, and whether it says the same as `order`.
async fn saved(tx: &DatabaseTransaction, id: RunId, order: &Order) -> Result<Option<Saved>, DbErr> {
    let mut values: Vec<Value> = vec![id.uuid().into()];
    values.extend(columns(order));
    db::one(
        tx,
        "SELECT number, version, (printer_id = $2 AND material_id = $3 AND ordered = $4
            AND tolerance_permille = $5
            AND COALESCE(cost_minor_units, -1) = COALESCE($6, -1)
            AND COALESCE(cost_currency, '') = COALESCE($7, '')
            AND purchase_order = $8
            AND (donor_id = $9 OR donor_id IS NULL AND $9 IS NULL)
            AND ordered_on = $10 AND due_on = $11) AS same
         FROM print_run WHERE id = $1",
        values,
    )
    .await
}

async fn check_names(tx: &DatabaseTransaction, order: &Order) -> Result<(), SaveRunError> {
    let printer = org_in_use(tx, order.printer.uuid(), "printer").await?;
    let Order { material, donor, .. } = order;
    if !printer {
        return Err(SaveRunError::UnknownPrinter);
    }
    if !material_in_use(tx, *material).await? {
        return Err(SaveRunError::UnknownMaterial);
    }
    match donor {
        Some(donor) if !org_in_use(tx, donor.uuid(), "donor").await? => {
            Err(SaveRunError::UnknownDonor)
        }
        Some(_) | None => Ok(()),
    }
}

async fn org_in_use(tx: &DatabaseTransaction, org: Uuid, kind: &str) -> Result<bool, DbErr> {
    Query::new("SELECT id FROM org WHERE retired_at IS NULL AND id = ")
        .bind(org)
        .push(" AND kind = ")
        .bind(kind)
        .finds(tx)
        .await
}

async fn material_in_use(tx: &DatabaseTransaction, material: MaterialId) -> Result<bool, DbErr> {
    Query::new("SELECT id FROM material WHERE retired_at IS NULL AND id = ")
        .bind(material.uuid())
        .finds(tx)
        .await
}
