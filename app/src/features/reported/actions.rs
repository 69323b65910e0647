use super::editor::figure_field;
use crate::explain;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use crate::posting::made_at;
use domain::ids::{OrgId, RecordId};
use domain::material::MaterialKind;
use domain::pieces::parse_count;
use domain::records::reported::{ReportSource, ReportedFigure};
use domain::records::{Envelope, Occurred};
use domain::time::Month;
use stock::Submission;
use stock::reconcile::ReportedError;

/// Records the figures of one report, a record a kind. All fields are read before the first record
/// is posted; sent again, those that were posted answer as they did.
pub async fn record(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let org = post
        .parse("org", |id| id.parse::<OrgId>().map_err(|_| td_string!(l, reported.partner_prompt)));
    let month = month(&mut post);
    let source = post.parse("source", |word| {
        ReportSource::parse(word).ok_or_else(|| td_string!(l, reported.source_missing))
    });
    let mut figures = Vec::new();
    for kind in MaterialKind::ALL {
        if let Some(pieces) = count(&mut post, kind) {
            figures.push((kind, pieces, post.id::<RecordId>(&record_field(kind))?));
        }
    }
    if figures.is_empty() && post.is_right() {
        post.wrong(figure_field(MaterialKind::Leaflet), td_string!(l, reported.nothing));
    }
    let (Some(org), Some(month), Some(source), true) = (org, month, source, post.is_right()) else {
        return Err(post.failed());
    };
    let now = post.visit.stock().world().now();
    let writer = post.visit.writer()?;
    for (kind, pieces, record) in figures {
        let made = made_at(record, now);
        let envelope = Envelope::typed(record, Occurred::On(made.day()), made);
        let figure = ReportedFigure { org, month, kind, pieces, source };
        let reported = writer.report_figure(Submission::new(envelope), figure).await;
        reported.map_err(|error| explain(error, l, kind))?;
    }
    Ok(Done::see(format!("/reported?month={month}&saved=1")))
}

/// The hidden field with the id of the record of this kind's figure.
pub(super) fn record_field(kind: MaterialKind) -> String {
    format!("record_{}", kind.as_str())
}

/// A month that has begun.
fn month(post: &mut Post) -> Option<Month> {
    let l = post.visit.locale;
    let this = post.visit.stock().world().now().day().month();
    post.parse("month", |text| match Month::parse(text) {
        Some(month) if month <= this => Ok(month),
        Some(_) => Err(td_string!(l, reported.future_month)),
        None => Err(td_string!(l, reported.month_wrong)),
    })
}

/// What was reported of a kind; `None` when nothing was, or when it was refused.
fn count(post: &mut Post, kind: MaterialKind) -> Option<i64> {
    let l = post.visit.locale;
    post.parse(&figure_field(kind), |text| {
        parse_count(text).map_err(|error| explain::pieces(error, l))
    })
    .flatten()
}

fn explain(error: ReportedError, l: Locale, kind: MaterialKind) -> Failure {
    match error {
        ReportedError::Record(error) => explain::record(error, l),
        ReportedError::OutOfRange => {
            Failure::field(figure_field(kind), td_string!(l, errors.too_many))
        }
        ReportedError::FutureMonth => Failure::field("month", td_string!(l, reported.future_month)),
    }
}
