use super::editor::ROWS;
use crate::explain;
use crate::features::receipts::actions::confirm_record;
use crate::features::runs::actions::{optional_pieces, pieces};
use crate::forms::{Done, Failure, Post};
use crate::i18n::{self, Locale, td_string};
use crate::posting::submission;
use crate::ui;
use domain::ids::{MaterialId, RecordId, StoreId};
use domain::pieces::Pieces;
use domain::records::cartons::{Cartons, CartonsError};
use domain::records::opening::{FirstCount, FirstCountProblem, FirstCountRow};
use std::num::NonZeroU32;
use stock::opening::FirstCountError;
use stock::reference::materials::Material;

pub async fn record(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let materials = post.visit.reader()?.materials().await?;
    let submission = submission(&mut post)?;
    let store = post.parse("store", |id| {
        id.parse::<StoreId>().map_err(|_| td_string!(l, opening.store_prompt))
    });
    let rows: Vec<Option<Row>> =
        (1..=ROWS).map(|number| row(&mut post, &materials, number)).collect();
    let rows: Option<Vec<Row>> = rows.into_iter().collect();
    let (Some(submission), Some(store), Some(rows)) = (submission, store, rows) else {
        return Err(post.failed());
    };
    // A sheet counts its rows as people see them, with the gaps between them.
    let (numbers, rows): (Vec<usize>, Vec<FirstCountRow>) =
        rows.into_iter().filter_map(|row| row.filled.map(|filled| (row.number, filled))).unzip();
    let counted = post.visit.writer()?.first_count(submission, FirstCount { store, rows }).await;
    let counted = counted.map_err(|error| explain(error, l, &numbers, &materials))?;
    Ok(Done::see(format!("/opening/{}?posted=1", counted.record)))
}

/// A row of the form; most are empty.
struct Row {
    number: usize,
    filled: Option<FirstCountRow>,
}

fn row(post: &mut Post, materials: &[Material], number: usize) -> Option<Row> {
    let l = post.visit.locale;
    let name = |field: &str| format!("{field}_{number}");
    let [material_name, cartons_name, each_name, loose_name] =
        ["material", "cartons", "each", "loose"].map(name);
    let material = post.parse(&material_name, |id| match id {
        "" => Ok(None),
        id => {
            id.parse::<MaterialId>().map(Some).map_err(|_| td_string!(l, opening.material_prompt))
        }
    });
    let cartons = optional_pieces(post, &cartons_name);
    let loose = optional_pieces(post, &loose_name);
    let (material, cartons, loose) = (material?, cartons?, loose?);
    let Some(material) = material else {
        if cartons.is_some() || loose.is_some() {
            post.wrong(material_name, td_string!(l, opening.no_material, row = number));
            return None;
        }
        return Some(Row { number, filled: None });
    };
    if cartons.is_none() && loose.is_none() {
        post.wrong(cartons_name, td_string!(l, opening.empty_row, row = number));
        return None;
    }
    let cartons = match cartons {
        None => None,
        Some(count) => Some(full(post, materials, material, count, [&cartons_name, &each_name])?),
    };
    Some(Row { number, filled: Some(FirstCountRow { material, cartons, loose }) })
}

/// So many cartons, with the pieces that were typed or as the material is usually packed.
fn full(
    post: &mut Post,
    materials: &[Material],
    material: MaterialId,
    count: Pieces,
    [cartons_name, each_name]: [&str; 2],
) -> Option<Cartons> {
    let l = post.visit.locale;
    let known = materials.iter().find(|known| known.id == material);
    let usual = known.and_then(|known| Pieces::new(known.packing.per_carton()).ok());
    let each = match (post.text(each_name), usual) {
        ("", Some(usual)) => usual,
        (_, _) => pieces(post, each_name)?,
    };
    let cartons = u32::try_from(count.get()).ok().and_then(NonZeroU32::new);
    let Some(cartons) = cartons else {
        post.wrong(cartons_name, td_string!(l, errors.too_many));
        return None;
    };
    Some(Cartons { cartons, each })
}

pub async fn confirm(mut post: Post) -> Result<Done, Failure> {
    let sheet: RecordId = post.visit.param("id")?;
    confirm_record(&mut post, sheet).await?;
    Ok(Done::see(format!("/opening/{sheet}")))
}

fn explain(
    error: FirstCountError,
    l: Locale,
    numbers: &[usize],
    materials: &[Material],
) -> Failure {
    let number = |row: usize| numbers.get(row.wrapping_sub(1)).copied().unwrap_or(row);
    match error {
        FirstCountError::Record(error) => explain::record(error, l),
        FirstCountError::Problem(problem) => refused(problem, l, number),
        FirstCountError::UnknownMaterial { row } => {
            let row = number(row);
            let words = td_string!(l, opening.unknown_material, row = row);
            Failure::field(format!("material_{row}"), words)
        }
        FirstCountError::CountedBefore(before) => {
            let titles = materials.iter().filter(|known| before.contains(&known.id));
            let titles: Vec<&str> = titles.map(|known| known.title.as_str()).collect();
            let titles = titles.join(" · ");
            let words = td_string!(l, opening.counted_before, materials = titles);
            Failure::field(ui::CONFIRMED, words)
        }
    }
}

fn refused(problem: FirstCountProblem, l: Locale, number: impl Fn(usize) -> usize) -> Failure {
    match problem {
        FirstCountProblem::Nothing => Failure::field("material_1", td_string!(l, opening.nothing)),
        FirstCountProblem::EmptyRow { row } => {
            let row = number(row);
            let words = td_string!(l, opening.empty_row, row = row);
            Failure::field(format!("cartons_{row}"), words)
        }
        FirstCountProblem::Cartons { row, error } => {
            let row = number(row);
            let words = match error {
                CartonsError::TooManyPacks { asked } => {
                    let asked = i18n::lang(l).number(asked);
                    td_string!(l, opening.too_many_labels, row = row, asked = asked)
                }
                CartonsError::TooManyPieces => {
                    td_string!(l, opening.too_many_pieces, row = row)
                }
            };
            Failure::field(format!("cartons_{row}"), words)
        }
    }
}
