use crate::features::reference;
use crate::forms::{Done, Failure, Post};
use crate::i18n::{Locale, td_string};
use domain::decimal::{DecimalError, parse_thousandths};
use domain::ids::MaterialId;
use domain::material::{MaterialKind, Packing, PrintLanguage};
use domain::picture::{Picture, PictureError};
use domain::pieces::{Pieces, PiecesError};
use domain::reference::ShortNumber;
use stock::reference::materials::{
    MaterialInput, MaterialStandingError, SaveMaterialError, SetCoverError,
};

fn saved(id: MaterialId) -> Done {
    Done::see(format!("/reference/materials/{id}?saved=1"))
}

pub async fn create(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: MaterialId = post.id("record")?;
    let Some(input) = read(&mut post) else { return Err(post.failed()) };
    let created = post.visit.writer()?.create_material(id, input).await;
    created.map_err(|error| explain(error, l))?;
    Ok(saved(id))
}

pub async fn edit(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: MaterialId = post.visit.param("id")?;
    let Some(input) = read(&mut post) else { return Err(post.failed()) };
    let edited = post.visit.writer()?.edit_material(id, input).await;
    edited.map_err(|error| explain(error, l))?;
    Ok(saved(id))
}

pub async fn cover(mut post: Post) -> Result<Done, Failure> {
    let l = post.visit.locale;
    let id: MaterialId = post.visit.param("id")?;
    let Some(file) = post.files.iter().find(|file| file.name == "cover") else {
        post.wrong("cover", td_string!(l, materials.cover_missing));
        return Err(post.failed());
    };
    let picture = Picture::parse(&file.bytes).map_err(|error| {
        let words = match error {
            PictureError::TooLarge => td_string!(l, materials.cover_large),
            PictureError::UnknownFormat => td_string!(l, materials.cover_unknown),
            PictureError::Damaged => td_string!(l, materials.cover_damaged),
        };
        Failure::field("cover", words)
    })?;
    let kept = post.visit.writer()?.set_cover(id, picture).await;
    kept.map_err(|error| match error {
        SetCoverError::Denied(denied) => Failure::from(denied),
        SetCoverError::Database(error) => error.into(),
    })?;
    Ok(saved(id))
}

pub async fn standing(post: Post) -> Result<Done, Failure> {
    let id: MaterialId = post.visit.param("id")?;
    let standing = reference::asked_standing(&post)?;
    let set = post.visit.writer()?.set_material_standing(id, standing).await;
    set.map_err(|error| match error {
        MaterialStandingError::Denied(denied) => Failure::from(denied),
        MaterialStandingError::Database(error) => error.into(),
    })?;
    Ok(saved(id))
}

fn read(post: &mut Post) -> Option<MaterialInput> {
    let l = post.visit.locale;
    let title = reference::name(post, "title");
    let kind = post.parse("kind", |text| {
        MaterialKind::parse(text).ok_or_else(|| td_string!(l, materials.kind_missing))
    });
    let language = post.parse("language", |text| {
        PrintLanguage::parse(text).ok_or_else(|| td_string!(l, materials.language_prompt))
    });
    let edition = reference::name(post, "edition");
    let outside_name = reference::name(post, "outside_name");
    let short_number = post.parse("short_number", |text| {
        ShortNumber::parse(text).map_err(|_| td_string!(l, materials.short_number_wrong))
    });
    let packing = packing(post);
    let carton_weight_g = measure(post, "weight");
    let carton_volume_cm3 = measure(post, "volume");
    let contact_numbers = reference::names(post, "contacts");
    let superseded_by = post.parse("superseded_by", |text| match text {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| td_string!(l, materials.successor_unknown)),
    });
    Some(MaterialInput {
        title: title?,
        kind: kind?,
        language: language?,
        edition: edition?,
        outside_name: outside_name?,
        short_number: short_number?,
        packing: packing?,
        carton_weight_g: carton_weight_g?,
        carton_volume_cm3: carton_volume_cm3?,
        contact_numbers: contact_numbers?,
        superseded_by: superseded_by?,
    })
}

fn packing(post: &mut Post) -> Option<Packing> {
    let l = post.visit.locale;
    let per_bundle =
        post.parse("per_bundle", |text| Pieces::parse(text).map_err(|e| count_words(l, e)));
    let bundles = post.parse("bundles", |text| Pieces::parse(text).map_err(|e| count_words(l, e)));
    match Packing::new(per_bundle?, bundles?) {
        Ok(packing) => Some(packing),
        Err(error) => {
            post.wrong("bundles", count_words(l, error));
            None
        }
    }
}

/// A weight or volume with up to three decimals, kept in thousandths.
fn measure(post: &mut Post, field: &str) -> Option<Option<Pieces>> {
    let l = post.visit.locale;
    post.parse(field, |text| {
        let value = parse_thousandths(text).map_err(|error| match error {
            DecimalError::NotANumber => td_string!(l, materials.decimal_wrong),
            DecimalError::TooLarge => td_string!(l, materials.count_many),
        })?;
        value.map(Pieces::new).transpose().map_err(|error| count_words(l, error))
    })
}

/// What is wrong with a count.
pub(crate) fn count_words(l: Locale, error: PiecesError) -> &'static str {
    match error {
        PiecesError::Empty => td_string!(l, materials.count_missing),
        PiecesError::NotWhole => td_string!(l, materials.count_not_whole),
        PiecesError::Negative => td_string!(l, materials.count_negative),
        PiecesError::Zero => td_string!(l, materials.count_zero),
        PiecesError::TooMany => td_string!(l, materials.count_many),
    }
}

fn explain(error: SaveMaterialError, l: Locale) -> Failure {
    match error {
        SaveMaterialError::Denied(denied) => denied.into(),
        SaveMaterialError::DuplicateEdition => {
            Failure::field("edition", td_string!(l, materials.duplicate_edition))
        }
        SaveMaterialError::DuplicateShortNumber => {
            Failure::field("short_number", td_string!(l, materials.duplicate_number))
        }
        SaveMaterialError::UnknownSuccessor => {
            Failure::field("superseded_by", td_string!(l, materials.successor_unknown))
        }
        SaveMaterialError::Circle => {
            Failure::field("superseded_by", td_string!(l, materials.successor_circle))
        }
        SaveMaterialError::SavedBefore(_) => Failure::form(td_string!(l, reference.saved_before)),
        SaveMaterialError::Database(error) => error.into(),
    }
}
