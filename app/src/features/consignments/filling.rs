//! What is put on a draft, and taken off it again.

use super::actions::{draft, id, pieces, see};
use super::elsewhere::known_at;
use super::words::blocked_name;
use crate::error::PageError;
use crate::explain;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::ui::FieldError;
use domain::code::{self, Code};
use domain::consignment::Lacking;
use domain::ids::BatchId;
use domain::pieces::Pieces;
use stock::consignments::{CodeProblem, CodeTrouble, LineError, LineWish, MaterialLacking};

/// Labels, one a line, with pieces after the label of a batch: `4K7M-2QXD-9V3 500`.
pub async fn add_codes(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let text = post.text("codes").to_owned();
    let mut codes = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match code_line(l, line) {
            Ok(code) => codes.push(code),
            Err(why) => post.wrong("codes", format!("{line}: {why}")),
        }
    }
    if codes.is_empty() && post.is_right() {
        post.wrong("codes", td_string!(l, consignments.no_codes));
    }
    if !post.is_right() {
        // Whoever typed a list hears of all mistakes at once, not only of what was misread.
        let judged = post.visit.reader()?.judge_codes(id, &codes).await;
        let problems = judged.map_err(|error| line(error, l, "codes"))?;
        return Err(wrong_codes(post, problems).await?);
    }
    match post.visit.writer()?.add_lines(id, LineWish::Codes(codes)).await {
        Ok(()) => Ok(see(id)),
        Err(LineError::Codes(problems)) => Err(wrong_codes(post, problems).await?),
        Err(error) => Err(line(error, l, "codes")),
    }
}

async fn wrong_codes(mut post: Post, problems: Vec<CodeProblem>) -> Result<Failure, PageError> {
    let l = post.visit.locale;
    for CodeProblem { code, why } in problems {
        let mut words = format!("{}: {}", code.grouped(), trouble(why, l));
        if why == CodeTrouble::NotInStore
            && let Some(at) = known_at(&post.visit, code).await?
        {
            words = format!("{words} {at}");
        }
        post.wrong("codes", words);
    }
    Ok(post.failed())
}

/// A code, and pieces when the last word is a number of its own.
fn code_line(l: Locale, line: &str) -> Result<(Code, Option<Pieces>), String> {
    let read = code::read_before_pieces(line).map_err(|error| explain::code(error, l))?;
    let (code, pieces) = read;
    let pieces = pieces.map(Pieces::parse).transpose();
    Ok((code, pieces.map_err(|error| explain::pieces(error, l))?))
}

pub async fn add_material(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let material = post.parse("material", |text| {
        text.parse().map_err(|_| td_string!(l, consignments.choose_material))
    });
    let pieces = pieces(&mut post, "pieces");
    let (Some(material), Some(pieces)) = (material, pieces) else { return Err(post.failed()) };
    let added = post.visit.writer()?.add_lines(id, LineWish::Material(material, pieces)).await;
    added.map_err(|error| line(error, l, "pieces"))?;
    Ok(see(id))
}

pub async fn add_kit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let kit =
        post.parse("kit", |text| text.parse().map_err(|_| td_string!(l, consignments.choose_kit)));
    let times = pieces(&mut post, "times");
    let (Some(kit), Some(times)) = (kit, times) else { return Err(post.failed()) };
    let added = post.visit.writer()?.add_lines(id, LineWish::Kit(kit, times)).await;
    added.map_err(|error| line(error, l, "times"))?;
    Ok(see(id))
}

pub async fn remove(post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id = id(&post)?;
    let batch: BatchId = post.id("batch")?;
    let removed = post.visit.writer()?.remove_batch(id, batch).await;
    removed.map_err(|error| draft(error, l))?;
    Ok(see(id))
}

fn line(error: LineError, l: Locale, field: &str) -> Failure {
    match error {
        LineError::Draft(error) => draft(error, l),
        LineError::Codes(problems) => Failure::Form(
            problems
                .iter()
                .map(|CodeProblem { code, why }| {
                    let words = format!("{}: {}", code.grouped(), trouble(*why, l));
                    FieldError::new(field, words)
                })
                .collect(),
        ),
        LineError::Lacking(lacking) => Failure::Form(
            lacking.iter().map(|one| FieldError::new(field, lacking_words(one, l))).collect(),
        ),
        LineError::UnknownMaterial => {
            Failure::field("material", td_string!(l, consignments.choose_material))
        }
        LineError::UnknownKit => Failure::field("kit", td_string!(l, consignments.choose_kit)),
        LineError::TooMany => Failure::field(field, td_string!(l, errors.too_many)),
        LineError::ChangedMeanwhile { .. } => Failure::form(td_string!(l, consignments.changed)),
    }
}

fn lacking_words(one: &MaterialLacking, l: Locale) -> String {
    let lang = i18n::lang(l);
    let Lacking { requested, available, blocked } = one.lacking;
    let title = one.title.clone();
    let (requested, available) = (lang.number(requested), lang.number(available));
    if blocked > 0 {
        let blocked = lang.number(blocked);
        return td_string!(
            l,
            consignments.lacking_blocked,
            title = title,
            requested = requested,
            available = available,
            blocked = blocked
        );
    }
    td_string!(l, consignments.lacking, title = title, requested = requested, available = available)
}

fn trouble(why: CodeTrouble, l: Locale) -> String {
    let lang = i18n::lang(l);
    match why {
        CodeTrouble::Unknown => td_string!(l, consignments.code_unknown).to_owned(),
        CodeTrouble::NotStock => td_string!(l, consignments.code_not_stock).to_owned(),
        CodeTrouble::Voided => td_string!(l, consignments.code_voided).to_owned(),
        CodeTrouble::NotInStore => td_string!(l, consignments.code_not_here).to_owned(),
        CodeTrouble::InCarton => td_string!(l, consignments.code_in_carton).to_owned(),
        CodeTrouble::NotSealed => td_string!(l, consignments.code_not_sealed).to_owned(),
        CodeTrouble::Blocked(blocked) => blocked_name(l, blocked).to_owned(),
        CodeTrouble::AlreadyListed => td_string!(l, consignments.code_listed).to_owned(),
        CodeTrouble::WholePack => td_string!(l, consignments.code_whole_pack).to_owned(),
        CodeTrouble::PiecesMissing { available } => {
            td_string!(l, consignments.code_pieces, n = lang.number(available))
        }
        CodeTrouble::NotEnough { available } => {
            td_string!(l, consignments.code_not_enough, n = lang.number(available))
        }
    }
}
