use crate::i18n::{Locale, td_string};
use crate::routing::leads_somewhere;
use crate::session::Visit;
use stock::documents::{Document, DocumentKind};

pub(super) fn document_name(l: Locale, kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Consignment => td_string!(l, search.consignment),
        DocumentKind::Event => td_string!(l, search.event),
        DocumentKind::Drop => td_string!(l, search.drop),
        DocumentKind::GoodsReceivedNote => td_string!(l, search.grn),
        DocumentKind::PrintRun => td_string!(l, search.run),
    }
}

/// Where a paper stands, for whoever may open such pages.
pub(crate) fn document_path(visit: &Visit, document: &Document) -> Option<String> {
    let (room, page) = match document.kind {
        DocumentKind::Consignment => ("/consignments", "/consignments/{id}"),
        DocumentKind::Event => ("/events", "/events/{id}"),
        DocumentKind::Drop => ("/drops", "/drops/{id}"),
        DocumentKind::GoodsReceivedNote => ("/receipts", "/receipts/{id}"),
        DocumentKind::PrintRun => ("/runs", "/runs/{id}"),
    };
    leads_somewhere(page, visit).then(|| format!("{room}/{}", document.id))
}
