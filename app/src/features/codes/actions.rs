use crate::error::PageError;
use crate::explain;
use crate::features::runs::actions::{optional_pieces, pieces};
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::{ask, submission};
use domain::code::{Code, CodeKind};
use domain::ids::PackId;
use domain::pack::PackState;
use domain::pieces::{Pieces, parse_count};
use domain::records::cartons::MOST_PACKS;
use domain::records::packs::{FoundSealed, OpenPack, SplitPack, SplitProblem};
use stock::packs::{PackChanged, PackError};

/// The pack of the path.
async fn pack(post: &Post) -> Result<(Code, PackId), PageError> {
    let code: String = post.visit.param("code")?;
    let code = Code::parse(&code).map_err(|_| PageError::NotFound)?;
    let known = post.visit.stock().find_code(code).await?;
    let known = known.filter(|known| known.kind == CodeKind::Pack).ok_or(PageError::NotFound)?;
    Ok((code, known.subject.into()))
}

fn changed(code: Code, what: &str, changed: &PackChanged) -> Done {
    Done::see(format!("/p/{code}?done={what}&short={}", changed.short))
}

pub async fn open(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let (code, pack) = pack(&post).await?;
    let submission = submission(&mut post)?;
    let found =
        post.parse("found", |text| parse_count(text).map_err(|error| explain::pieces(error, l)));
    let (Some(mut submission), Some(found)) = (submission, found) else {
        return Err(post.failed());
    };
    if let Some(found) = found {
        as_marked(&mut post, pack, found).await?;
    }
    submission.asks_more = !post.is_right();
    match post.visit.writer()?.open_pack(submission, OpenPack { pack, found }).await {
        Ok(opened) => Ok(changed(code, "open", &opened)),
        Err(error) => Err(post.failed_too(explain(error, l, "found"))),
    }
}

pub async fn split(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let (code, pack) = pack(&post).await?;
    let submission = submission(&mut post)?;
    let bundles = bundles(&mut post);
    let loose = optional_pieces(&mut post, "loose");
    let (Some(mut submission), Some(bundles), Some(loose)) = (submission, bundles, loose) else {
        return Err(post.failed());
    };
    let body = SplitPack { pack, bundles, loose: loose.map_or(0, Pieces::get) };
    if let Ok(found) = body.found() {
        as_marked(&mut post, pack, found).await?;
    }
    submission.asks_more = !post.is_right();
    match post.visit.writer()?.split_pack(submission, body).await {
        Ok(split) => Ok(changed(code, "split", &split)),
        Err(error) => Err(post.failed_too(explain(error, l, "bundles"))),
    }
}

/// Asks once when a sealed pack is said to hold another number than the one that is marked on it: a
/// slip would be booked to the printer.
async fn as_marked(post: &mut Post, pack: PackId, found: i64) -> Result<(), PageError> {
    let (l, lang) = (post.visit.locale, post.visit.lang());
    let marked = post.visit.reader()?.pack(pack).await?.map(|pack| pack.row);
    let marked = marked.filter(|row| row.state == PackState::Sealed && row.nominal != found);
    if let Some(row) = marked {
        let (found_words, nominal) = (lang.number(found), lang.number(row.nominal));
        let words = match found < row.nominal {
            true => td_string!(l, codes.fewer_than_marked, n = found_words, nominal = nominal),
            false => td_string!(l, codes.more_than_marked, n = found_words, nominal = nominal),
        };
        ask(post, &format!("marked_{found}"), words);
    }
    Ok(())
}

/// So many full bundles and perhaps a partial one.
fn bundles(post: &mut Post) -> Option<Vec<Pieces>> {
    let l = post.visit.locale;
    let number = optional_pieces(post, "bundles");
    let last = optional_pieces(post, "last");
    let number = number?.map_or(0, Pieces::get);
    if number > MOST_PACKS {
        post.wrong("bundles", td_string!(l, codes.too_many_bundles));
        return None;
    }
    let mut bundles = Vec::new();
    if number > 0 {
        bundles = vec![pieces(post, "size")?; number as usize];
    }
    bundles.extend(last?);
    Some(bundles)
}

pub async fn empty(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let (code, pack) = pack(&post).await?;
    let Some(submission) = submission(&mut post)? else { return Err(post.failed()) };
    let emptied = post.visit.writer()?.empty_pack(submission, pack).await;
    Ok(changed(code, "empty", &emptied.map_err(|error| explain(error, l, ""))?))
}

pub async fn found(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let (code, pack) = pack(&post).await?;
    let Some(submission) = submission(&mut post)? else { return Err(post.failed()) };
    let found = post.visit.writer()?.found_sealed(submission, FoundSealed { pack }).await;
    Ok(changed(code, "found", &found.map_err(|error| explain(error, l, ""))?))
}

pub async fn reprint(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let (_, pack) = pack(&post).await?;
    let Some(submission) = submission(&mut post)? else { return Err(post.failed()) };
    let reprinted = post.visit.writer()?.reprint_labels(submission, vec![pack]).await;
    reprinted.map_err(|error| explain(error, l, ""))?;
    Ok(Done::see(format!("/labels/pack/{pack}")))
}

/// `field` is where a wrong number of pieces was typed.
fn explain(error: PackError, l: Locale, field: &str) -> Failure {
    match error {
        PackError::Record(error) => explain::record(error, l),
        PackError::Split(problem) => Failure::field("bundles", split_words(problem, l)),
        PackError::Quantity => Failure::field(field, td_string!(l, errors.too_many)),
        PackError::Gone(_) => Failure::form(td_string!(l, codes.gone)),
        PackError::NotInStore => Failure::form(td_string!(l, codes.not_in_store)),
        PackError::BeforeArrival { arrived_on } => {
            let day = i18n::lang(l).day(arrived_on);
            Failure::field("date", td_string!(l, codes.before_arrival, day = day))
        }
        PackError::NotACarton => Failure::form(td_string!(l, codes.not_a_carton)),
        PackError::HasBundles => Failure::form(td_string!(l, codes.has_bundles)),
        PackError::NothingToCheck(_) => Failure::form(td_string!(l, codes.nothing_to_check)),
        PackError::NoRoom { unpacked } => {
            let n = i18n::lang(l).number(unpacked.max(0));
            Failure::form(td_string!(l, codes.no_room, n = n))
        }
        PackError::NoLabels => Failure::form(td_string!(l, labels.problem_none)),
    }
}

fn split_words(problem: SplitProblem, l: Locale) -> String {
    match problem {
        SplitProblem::NoBundles => td_string!(l, codes.no_bundles).to_owned(),
        SplitProblem::Negative => td_string!(l, errors.pieces_negative).to_owned(),
        SplitProblem::TooMany => td_string!(l, codes.too_many_bundles).to_owned(),
    }
}
