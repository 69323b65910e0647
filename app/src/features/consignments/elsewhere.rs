//! Where the books have a carton that is not where somebody looks for it.

use crate::error::PageError;
use crate::features::codes::words::account_name;
use crate::i18n::td_string;
use crate::session::Visit;
use domain::code::{Code, CodeKind};

/// "The books have it at Balkh store (in transit).", if the actor sees that place.
pub(crate) async fn known_at(visit: &Visit, code: Code) -> Result<Option<String>, PageError> {
    let l = visit.locale;
    let known = visit.stock().find_code(code).await?;
    let Some(known) = known.filter(|known| known.kind == CodeKind::Pack) else { return Ok(None) };
    let Some(pack) = visit.reader()?.pack(known.subject.into()).await? else { return Ok(None) };
    let Some(at) = pack.row.at.filter(|_| !pack.row.holder_name.is_empty()) else {
        return Ok(None);
    };
    let (store, account) = (pack.row.holder_name, account_name(l, at));
    Ok(Some(td_string!(l, consignments.known_at, store = store, account = account)))
}
