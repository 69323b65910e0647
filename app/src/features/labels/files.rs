//! The PDF and the SVG, and how labels of the books become labels with words.

use crate::error::PageError;
use crate::features::materials::language_name;
use crate::i18n::{self, Locale, td_string};
use crate::page::{File, FileResult};
use crate::session::Visit;
use crate::ui::plain;
use domain::pack::PackKind;
use domain::text::latin_digits;
use papers::labels::{self, LabelError, LabelJob, LabelLanguage, MOST_OFFSET_MM, Sheet};
use stock::access::audit::Action;
use stock::packs::{Label, LabelPosition, LabelsError, LabelsOf};

/// Which of the labels are printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    All,
    Cartons,
    Bundles,
}

impl Which {
    pub fn parse(word: &str) -> Self {
        match word {
            "cartons" => Self::Cartons,
            "bundles" => Self::Bundles,
            _ => Self::All,
        }
    }

    fn takes(self, label: &Label) -> bool {
        let is_bundle = label.position.is_some_and(|position| position.pack == PackKind::Bundle);
        match self {
            Self::All => true,
            Self::Cartons => !is_bundle,
            Self::Bundles => is_bundle,
        }
    }
}

/// What the form of the labels page says.
pub(super) struct Choices {
    pub which: Which,
    pub sheet: Option<Sheet>,
    pub start: Option<usize>,
    pub offset_x_mm: Option<f32>,
    pub offset_y_mm: Option<f32>,
    pub locale: Locale,
}

impl Choices {
    pub fn read(visit: &Visit) -> Self {
        let asked = |name: &str| latin_digits(visit.query(name).unwrap_or_default());
        // No offset has thousands, so that a comma can only begin decimals.
        let offset =
            |name: &str| match asked(name).replace('−', "-").replace(['٫', ','], ".").as_str() {
                "" => Some(0.0),
                text => text.parse().ok().filter(|mm: &f32| mm.abs() <= MOST_OFFSET_MM),
            };
        Self {
            which: Which::parse(visit.query("which").unwrap_or_default()),
            sheet: match visit.query("sheet") {
                None => Some(Sheet::A4x4),
                Some(name) => Sheet::parse(name).ok(),
            },
            start: match asked("start").as_str() {
                "" => Some(1),
                text => text.parse().ok(),
            },
            offset_x_mm: offset("x"),
            offset_y_mm: offset("y"),
            locale: visit.query("words").and_then(i18n::locale_of_tag).unwrap_or(visit.locale),
        }
    }
}

/// Which labels a path means: `/labels/batch/ID`.
pub(super) fn of_path(visit: &Visit) -> Result<LabelsOf, PageError> {
    let of: String = visit.param("of")?;
    Ok(match of.as_str() {
        "batch" => LabelsOf::Batch(visit.param("id")?),
        "pack" => LabelsOf::Pack(visit.param("id")?),
        "bundles" => LabelsOf::BundlesOf(visit.param("id")?),
        "record" => LabelsOf::Record(visit.param("id")?),
        "run" => LabelsOf::Run(visit.param("id")?),
        _ => return Err(PageError::NotFound),
    })
}

pub(super) async fn load(visit: &Visit) -> Result<Vec<Label>, PageError> {
    let labels = visit.reader()?.labels(of_path(visit)?).await;
    labels.map_err(|error| match error {
        LabelsError::Denied(denied) => denied.into(),
        LabelsError::Database(error) => error.into(),
    })
}

pub(super) fn chosen(labels: &[Label], choices: &Choices) -> Vec<labels::Label> {
    let taken = labels.iter().filter(|label| choices.which.takes(label));
    taken.map(|label| with_words(label, choices.locale)).collect()
}

fn with_words(label: &Label, l: Locale) -> labels::Label {
    let lang = i18n::lang(l);
    let position = label.position.map(|position| {
        let LabelPosition { pack, number, total } = position;
        let (number, total) = (lang.number(number), lang.number(total));
        match pack {
            PackKind::Carton => td_string!(l, labels.carton_of, number = number, total = total),
            PackKind::Bundle => td_string!(l, labels.bundle_of, number = number, total = total),
        }
    });
    let pieces = td_string!(l, labels.pieces, count = lang.number(label.pieces));
    labels::Label {
        code: label.code,
        kind: label.kind,
        language: match l {
            Locale::en => LabelLanguage::English,
            Locale::fa_AF => LabelLanguage::Dari,
            Locale::ps_AF => LabelLanguage::Pashto,
        },
        outside_name: label.outside_name.clone(),
        language_name: plain(language_name(l, label.language)),
        pieces_text: plain(&pieces),
        position_text: position.map(|words| plain(&words)).unwrap_or_default(),
        batch: label.batch.map(|code| (plain(td_string!(l, labels.batch)), code)),
    }
}

/// Why the PDF cannot be made: the field, and a sentence.
pub(super) fn problem(l: Locale, choices: &Choices, error: &LabelError) -> (&'static str, String) {
    let lang = i18n::lang(l);
    match error {
        LabelError::Empty => ("which", td_string!(l, labels.problem_none).to_owned()),
        LabelError::TooMany { asked } => {
            let asked = lang.number(*asked as i64);
            ("which", td_string!(l, labels.problem_many, asked = asked))
        }
        LabelError::Start { per_page, .. } => {
            let per_page = lang.number(*per_page as i64);
            ("start", td_string!(l, labels.problem_start, per_page = per_page))
        }
        LabelError::Offset => {
            let field = if choices.offset_x_mm.is_none() { "x" } else { "y" };
            (field, td_string!(l, labels.problem_offset).to_owned())
        }
        LabelError::PublicUrl => ("", td_string!(l, labels.problem_address).to_owned()),
        LabelError::ModuleTooSmall { .. } => {
            ("sheet", td_string!(l, labels.problem_small).to_owned())
        }
        LabelError::Pdf(_) => ("", td_string!(l, errors.internal_text).to_owned()),
    }
}

/// The PDF of these choices; the first problem where there is one.
pub(super) fn make(
    public_url: &str,
    choices: &Choices,
    labels: &[labels::Label],
) -> Result<Vec<u8>, LabelError> {
    let sheet = choices.sheet.unwrap_or(Sheet::A4x4);
    let (Some(offset_x_mm), Some(offset_y_mm)) = (choices.offset_x_mm, choices.offset_y_mm) else {
        return Err(LabelError::Offset);
    };
    let start = choices.start.unwrap_or(0);
    labels::pdf(&LabelJob { sheet, public_url, labels, start, offset_x_mm, offset_y_mm })
}

/// The name says nothing: files lie on memory sticks that pass checkpoints.
pub async fn pdf(visit: Visit) -> FileResult {
    let labels = load(&visit).await?;
    let choices = Choices::read(&visit);
    let page = visit.here().replacen("/pdf", "", 1);
    // The page says what is missing.
    let public_url = visit.state.settings.public_url.clone();
    let public_url = public_url.ok_or_else(|| PageError::Elsewhere(page.clone()))?;
    if choices.sheet.is_none() {
        return Err(PageError::Elsewhere(page));
    }
    visit.reader()?.note(Action::Exported, &format!("labels as PDF of {page}")).await?;
    let labels = chosen(&labels, &choices);
    // Thousands of labels take a while: not on a thread that answers others.
    let made = blocking(move || make(&public_url, &choices, &labels)).await?;
    match made {
        Ok(bytes) => Ok(File {
            media_type: "application/pdf",
            bytes,
            save_as: Some("labels.pdf".to_owned()),
        }),
        // The page shows what is wrong with the same choices.
        Err(LabelError::Pdf(text)) => Err(PageError::Internal(text)),
        Err(_) => Err(PageError::Elsewhere(page)),
    }
}

/// The first of the labels as an SVG.
pub async fn svg(visit: Visit) -> FileResult {
    let labels = load(&visit).await?;
    let choices = Choices::read(&visit);
    let public_url = visit.state.settings.public_url.clone().ok_or(PageError::NotFound)?;
    let label = chosen(&labels, &choices).into_iter().next().ok_or(PageError::NotFound)?;
    visit.reader()?.note(Action::Exported, &format!("label as SVG of {}", visit.path)).await?;
    let svg = labels::svg(&public_url, &label);
    let svg = svg.map_err(|error| PageError::Internal(error.to_string()))?;
    Ok(File { media_type: "image/svg+xml", bytes: svg.into_bytes(), save_as: None })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PageError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| PageError::Internal(error.to_string()))
}
