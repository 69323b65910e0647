//! What leaves, and what is delicate to look at, stands in the audit log.

use crate::consignments::Road;
use crate::others::asking::Books;

#[tokio::test]
async fn exports_and_papers_with_a_driver_are_noted() {
    let road = Road::build().await;
    let path = road.sent().await;
    road.sender.page(&format!("{path}/waybill")).await;
    road.sender.page(&format!("{path}/trip")).await;
    let script = road.program.script_of(&road.program.actor("admin").await).await;
    script.get("/months/2017-06/bulletin").await;
    let noted = "SELECT action || ': ' || subject AS text FROM audit_log
        WHERE action IN ('viewed', 'exported') ORDER BY id";
    let noted = Books::open(&road.program.database_url()).await.texts(noted).await;
    assert_eq!(
        noted,
        [
            "viewed: waybill KBL-0001",
            "viewed: papers of the trip of KBL-0001",
            "exported: bulletin 2017-06 by the API",
        ]
    );
}
