use crate::features::materials::actions::count_words;
use crate::features::recall::stopping::ask_about;
use crate::features::reference;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use domain::ids::{KitId, MaterialId};
use domain::pieces::{Pieces, parse_count};
use domain::records::recall::Purpose;
use std::collections::BTreeMap;
use stock::reference::kits::{KitInput, KitStandingError, SaveKitError};

fn saved(id: KitId) -> Done {
    Done::see(format!("/reference/kits/{id}?saved=1"))
}

pub async fn create(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: KitId = post.id("record")?;
    let Some(input) = read(&mut post) else { return Err(post.failed()) };
    ask_about(&mut post, input.lines.keys().copied(), Purpose::More).await?;
    if !post.is_right() {
        return Err(post.failed());
    }
    post.visit.writer()?.create_kit(id, input).await.map_err(|error| explain(error, l))?;
    Ok(saved(id))
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: KitId = post.visit.param("id")?;
    let Some(input) = read(&mut post) else { return Err(post.failed()) };
    let before = post.visit.reader()?.kit(id).await?.map_or_else(Vec::new, |kit| kit.lines);
    let new = |id: &MaterialId| before.iter().all(|line| line.material != *id);
    let added = input.lines.keys().copied().filter(new);
    ask_about(&mut post, added, Purpose::More).await?;
    if !post.is_right() {
        return Err(post.failed());
    }
    post.visit.writer()?.edit_kit(id, input).await.map_err(|error| explain(error, l))?;
    Ok(saved(id))
}

pub async fn standing(post: Post) -> Result<Done, Failure> {
    let id: KitId = post.visit.param("id")?;
    let standing = reference::asked_standing(&post)?;
    let set = post.visit.writer()?.set_kit_standing(id, standing).await;
    set.map_err(|error| match error {
        KitStandingError::Denied(denied) => Failure::from(denied),
        KitStandingError::Database(error) => error.into(),
    })?;
    Ok(saved(id))
}

fn read(post: &mut Post) -> Option<KitInput> {
    let l = post.visit.locale;
    let name = reference::name(post, "name");
    let fields = post.fields.iter().filter_map(|(name, _)| {
        let material: MaterialId = name.strip_prefix("pieces_")?.parse().ok()?;
        Some((name.to_owned(), material))
    });
    let fields: Vec<(String, MaterialId)> = fields.collect();
    let mut lines = BTreeMap::new();
    for (field, material) in fields {
        let pieces = post.parse(&field, |text| match parse_count(text) {
            Ok(None) => Ok(None),
            Ok(Some(count)) => Pieces::new(count).map(Some).map_err(|e| count_words(l, e)),
            Err(error) => Err(count_words(l, error)),
        });
        if let Some(Some(pieces)) = pieces {
            lines.insert(material, pieces);
        }
    }
    if post.is_right() { Some(KitInput { name: name?, lines }) } else { None }
}

fn explain(error: SaveKitError, l: Locale) -> Failure {
    match error {
        SaveKitError::Denied(denied) => denied.into(),
        SaveKitError::DuplicateName => {
            Failure::field("name", td_string!(l, reference.duplicate_name))
        }
        SaveKitError::Empty => Failure::field("lines", td_string!(l, kits.nothing)),
        SaveKitError::UnknownMaterial => {
            Failure::field("lines", td_string!(l, kits.material_unknown))
        }
        SaveKitError::SavedBefore(_) => Failure::form(td_string!(l, reference.saved_before)),
        SaveKitError::Database(error) => error.into(),
    }
}
