//! What somebody might do at a moment: what was said is judged by the rights of when it happened.

use super::row::ActorRow;
use crate::db::{one, run};
use domain::ids::UserId;
use domain::role::Actor;
use domain::time::Millis;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

/// Keeps the rights that end now, before they are changed.
pub(super) async fn keep_former<C: ConnectionTrait>(
    tx: &C,
    id: Uuid,
    person: UserId,
    now: Millis,
) -> Result<(), DbErr> {
    let text = "INSERT INTO former_rights \
        (id, person_id, org_id, role, scope_kind, scope_place, scope_org, ended_at) \
        SELECT $1, p.id, p.org_id, p.role, p.scope_kind, p.scope_place, p.scope_org, $3 \
        FROM person p WHERE p.id = $2";
    run(tx, text, [id.into(), person.uuid().into(), now.0.into()]).await.map(drop)
}

/// Who somebody was at a moment, also when the account is closed by now; `None` of a link. Of the
/// time before rights were kept, the oldest that are known stand.
pub(crate) async fn rights_at<C: ConnectionTrait>(
    db: &C,
    person: UserId,
    moment: Millis,
) -> Result<Option<Actor>, DbErr> {
    let values = || [person.uuid().into(), moment.0.into()];
    let former = "SELECT p.id AS person_id, p.login, p.name, f.org_id, f.role, f.scope_kind, \
        f.scope_place, f.scope_org FROM former_rights f JOIN person p ON p.id = f.person_id \
        WHERE f.person_id = $1 AND f.ended_at > $2 ORDER BY f.ended_at, f.id LIMIT 1";
    let found: Option<ActorRow> = one(db, former, values()).await?;
    let found = match found {
        Some(former) => Some(former),
        None => {
            let today = "SELECT p.id AS person_id, p.login, p.name, p.org_id, p.role, \
                p.scope_kind, p.scope_place, p.scope_org FROM person p WHERE p.id = $1";
            one(db, today, [person.uuid().into()]).await?
        }
    };
    found.map(|row| row.actor()).transpose()
}
