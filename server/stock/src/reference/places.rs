//! Provinces and districts. The list is from outside; people add districts that it lacks and
//! spellings that others use.

use super::search::{self, SearchKind};
use super::seed::OWN_CODE_SET;
use super::{known, lines, set_standing};
use crate::access::{Denied, Reader, Writer, scope};
use crate::db::is_taken;
use crate::query::Query;
use domain::reference::{Name, PlaceKind, PlaceName, Standing};
use domain::role::{Permission, PlaceCode, Scope};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Place {
    pub code: PlaceCode,
    pub kind: PlaceKind,
    pub province: Option<PlaceCode>,
    /// The list that the code is from.
    pub code_set: String,
    pub name: PlaceName,
    pub aliases: Vec<String>,
    /// Latitude and longitude of a point for labels on maps, in degrees.
    pub point: Option<(f64, f64)>,
    pub standing: Standing,
}

impl Place {
    /// Whether people added it, so that its spelling is theirs to decide.
    pub fn is_own(&self) -> bool {
        self.code_set == OWN_CODE_SET
    }
}

/// What can be said about a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceInput {
    pub name_en: Name,
    pub name_fa: Option<Name>,
    pub name_ps: Option<Name>,
    pub aliases: Vec<Name>,
}

#[derive(Debug, thiserror::Error)]
pub enum SavePlaceError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such province")]
    UnknownProvince,
    #[error("the province already has a district of this name")]
    DuplicateName,
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceStandingError {
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A province or a district of the outside list is a fact, not ours to retire.
    #[error("a place that is in use by stores cannot be retired")]
    InUse,
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct PlaceRow {
    code: String,
    kind: String,
    parent_code: Option<String>,
    code_set: String,
    name_en: String,
    name_fa: Option<String>,
    name_ps: Option<String>,
    aliases: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    retired_at: Option<i64>,
}

const COLUMNS: &str = "SELECT code, kind, parent_code, code_set, name_en, name_fa, name_ps, \
                       aliases, latitude, longitude, retired_at FROM place";

impl PlaceRow {
    fn place(self) -> Result<Place, DbErr> {
        Ok(Place {
            code: PlaceCode::new(self.code),
            kind: known(PlaceKind::parse(&self.kind), &self.kind)?,
            province: self.parent_code.map(PlaceCode::new),
            code_set: self.code_set,
            name: PlaceName { en: self.name_en, fa: self.name_fa, ps: self.name_ps },
            aliases: lines(&self.aliases),
            point: self.latitude.zip(self.longitude),
            standing: Standing::of(self.retired_at),
        })
    }
}

impl Reader<'_> {
    pub async fn provinces(&self) -> Result<Vec<Place>, DbErr> {
        places(self, Query::new(COLUMNS).push(" WHERE kind = 'province' ORDER BY name_en")).await
    }

    /// The districts of a province by name, "other or unlisted" last.
    pub async fn districts(&self, province: &PlaceCode) -> Result<Vec<Place>, DbErr> {
        let query = Query::new(COLUMNS).push(" WHERE parent_code = ").bind(province.as_str());
        let last = " ORDER BY CASE WHEN code LIKE '%-00' THEN 1 ELSE 0 END, name_en";
        places(self, query.push(last)).await
    }

    /// Every place, provinces first: for select fields and for phones.
    pub async fn places(&self) -> Result<Vec<Place>, DbErr> {
        places(self, Query::new(COLUMNS).push(" ORDER BY kind DESC, parent_code, name_en")).await
    }

    /// Whether the actor may change names of places: everybody reads them, so an account that is
    /// limited to one organisation may not.
    pub fn may_word_places(&self) -> bool {
        self.may(Permission::EditReference) && !matches!(self.actor.scope, Scope::Org(_))
    }

    pub async fn place(&self, code: &PlaceCode) -> Result<Option<Place>, DbErr> {
        find(self.stock.db.read(), code.as_str()).await
    }
}

async fn places(reader: &Reader<'_>, query: Query) -> Result<Vec<Place>, DbErr> {
    let rows: Vec<PlaceRow> = query.all(reader.stock.db.read()).await?;
    rows.into_iter().map(PlaceRow::place).collect()
}

async fn find(db: &impl ConnectionTrait, code: &str) -> Result<Option<Place>, DbErr> {
    let row: Option<PlaceRow> =
        Query::new(COLUMNS).push(" WHERE code = ").bind(code).one(db).await?;
    row.map(PlaceRow::place).transpose()
}

impl Writer<'_> {
    /// Adds a district that the outside list lacks, under a code of our own.
    pub async fn add_district(
        &self,
        province: PlaceCode,
        input: PlaceInput,
    ) -> Result<PlaceCode, SavePlaceError> {
        self.words_places()?;
        let actor = self.actor.clone();
        self.change("place", province.as_str().to_owned(), move |tx| {
            let (actor, province, input) = (actor.clone(), province.clone(), input.clone());
            Box::pin(async move {
                scope::require_place::<SavePlaceError>(tx, &actor, province.as_str()).await?;
                insert_district(tx, &province, &input).await
            })
        })
        .await
    }

    pub async fn edit_place(
        &self,
        code: PlaceCode,
        input: PlaceInput,
    ) -> Result<(), SavePlaceError> {
        self.words_places()?;
        let actor = self.actor.clone();
        self.change("place", code.as_str().to_owned(), move |tx| {
            let (actor, code, input) = (actor.clone(), code.clone(), input.clone());
            Box::pin(async move {
                scope::require_place::<SavePlaceError>(tx, &actor, code.as_str()).await?;
                update(tx, &code, &input).await
            })
        })
        .await
    }

    fn words_places(&self) -> Result<(), Denied> {
        if self.reader().may_word_places() {
            Ok(())
        } else {
            Err(Denied::NotAllowed(Permission::EditReference))
        }
    }

    /// Retires a place that no store in use stands in, or brings it back.
    pub async fn set_place_standing(
        &self,
        code: PlaceCode,
        standing: Standing,
    ) -> Result<(), PlaceStandingError> {
        self.require_everywhere(Permission::EditReference)?;
        let now = self.stock.world.now();
        self.change("place", code.as_str().to_owned(), move |tx| {
            let code = code.clone();
            Box::pin(async move {
                let used = Query::new(
                    "SELECT s.id FROM store s JOIN place p ON p.code = s.place_code \
                         WHERE s.retired_at IS NULL AND (p.code = ",
                )
                .bind(code.as_str())
                .push(" OR p.parent_code = ")
                .bind(code.as_str())
                .push(")");
                if standing == Standing::Retired && used.finds(tx).await? {
                    return Err(PlaceStandingError::InUse);
                }
                let subject = search::place_subject(code.as_str());
                if set_standing(tx, "place", "subject", subject, standing, now).await? {
                    Ok(())
                } else {
                    Err(Denied::NotFound.into())
                }
            })
        })
        .await
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

async fn insert_district(
    tx: &impl ConnectionTrait,
    province: &PlaceCode,
    input: &PlaceInput,
) -> Result<PlaceCode, SavePlaceError> {
    let known = find(tx, province.as_str()).await?;
    if known.is_none_or(|place| place.kind != PlaceKind::Province) {
        return Err(SavePlaceError::UnknownProvince);
    }
    // `AF21-00` is "other or unlisted"; what people add counts on from there.
    let own: Option<CountRow> =
        Query::new("SELECT COUNT(*) AS count FROM place WHERE parent_code = ")
            .bind(province.as_str())
            .push(" AND code_set = ")
            .bind(OWN_CODE_SET)
            .one(tx)
            .await?;
    let number = own.map_or(0, |row| row.count);
    let code = format!("{}-{number:02}", province.as_str());
    Query::new(
        "INSERT INTO place (code, subject, kind, parent_code, code_set, name_en, name_fa, \
         name_ps, aliases) VALUES ",
    )
    .list::<Value>([
        code.as_str().into(),
        search::place_subject(&code).into(),
        PlaceKind::District.as_str().into(),
        province.as_str().into(),
        OWN_CODE_SET.into(),
        input.name_en.as_str().into(),
        text(&input.name_fa),
        text(&input.name_ps),
        aliases(input),
    ])
    .run(tx)
    .await
    .map_err(taken)?;
    let code = PlaceCode::new(code);
    index(tx, &code, input).await?;
    Ok(code)
}

async fn update(
    tx: &impl ConnectionTrait,
    code: &PlaceCode,
    input: &PlaceInput,
) -> Result<(), SavePlaceError> {
    let changed = Query::new("UPDATE place SET name_en = ")
        .bind(input.name_en.as_str())
        .push(", name_fa = ")
        .bind(text(&input.name_fa))
        .push(", name_ps = ")
        .bind(text(&input.name_ps))
        .push(", aliases = ")
        .bind(aliases(input))
        .push(" WHERE code = ")
        .bind(code.as_str())
        .run(tx)
        .await
        .map_err(taken)?;
    if changed == 0 {
        return Err(Denied::NotFound.into());
    }
    Ok(index(tx, code, input).await?)
}

async fn index(
    tx: &impl ConnectionTrait,
    code: &PlaceCode,
    input: &PlaceInput,
) -> Result<(), DbErr> {
    let names = [Some(&input.name_en), input.name_fa.as_ref(), input.name_ps.as_ref()];
    let names = names.into_iter().flatten().chain(&input.aliases).map(Name::as_str);
    let texts: Vec<&str> = std::iter::once(code.as_str()).chain(names).collect();
    search::index(tx, SearchKind::Place, search::place_subject(code.as_str()), &texts).await
}

fn text(name: &Option<Name>) -> Value {
    name.as_ref().map(|name| name.as_str().to_owned()).into()
}

fn aliases(input: &PlaceInput) -> Value {
    input.aliases.iter().map(Name::as_str).collect::<Vec<_>>().join("\n").into()
}

fn taken(error: DbErr) -> SavePlaceError {
    if is_taken(&error, "place", "name_en") {
        SavePlaceError::DuplicateName
    } else {
        SavePlaceError::Database(error)
    }
}
