//! One line of text in three scripts as glyphs in the order they are drawn.
//!
//! PDF and SVG leave this to us: which parts of a line run right to left (unicode-bidi), which
//! script each part is in (unicode-script), which glyphs join (harfrust). One family, Vazirmatn,
//! has every letter of Dari, Pashto and English, so there is no fallback.

use domain::text::persian_digits;
use harfrust::font::Font;
use harfrust::{Buffer, Direction, Script, ShapeOptions, ShapePlan, ShaperFont, Tag, shape};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};
use unicode_script::{Script as UnicodeScript, UnicodeScript as _};

use crate::labels::LabelLanguage;

/// Of two weights; a label needs no more to say what comes first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Weight {
    Regular,
    Bold,
}

/// One weight of the family, ready for shaping and for the PDF.
pub struct Face {
    pub font: Font,
    pub embedded: krilla::text::Font,
    pub units_per_em: f32,
}

/// A glyph with its measures in em, and the bytes of the line that it stands for.
#[derive(Clone, PartialEq, Debug)]
pub struct Glyph {
    pub id: u32,
    pub advance: f32,
    pub x_offset: f32,
    pub y_offset: f32,
    pub range: Range<usize>,
}

/// A line of text as glyphs from left to right.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    pub text: String,
    pub weight: Weight,
    pub glyphs: Vec<Glyph>,
    pub width_em: f32,
}

static REGULAR: LazyLock<Face> =
    LazyLock::new(|| Face::new(include_bytes!("../fonts/Vazirmatn-Regular.ttf")));
static BOLD: LazyLock<Face> =
    LazyLock::new(|| Face::new(include_bytes!("../fonts/Vazirmatn-Bold.ttf")));

impl Weight {
    pub fn face(self) -> &'static Face {
        match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        }
    }
}

impl Face {
    fn new(bytes: &'static [u8]) -> Self {
        let font = Font::new(bytes, 0).expect("The embedded font is a TrueType font.");
        let embedded = krilla::text::Font::new(bytes.into(), 0)
            .expect("The embedded font is a TrueType font.");
        let units_per_em = f32::from(font.units_per_em());
        Self { font, embedded, units_per_em }
    }
}

/// Digits as people of that language read them. A word with Latin letters in it ("M3") is a name
/// and keeps its digits.
pub fn digits(text: &str, language: LabelLanguage) -> String {
    match language {
        LabelLanguage::English => text.to_owned(),
        LabelLanguage::Dari | LabelLanguage::Pashto => text
            .split_inclusive(char::is_whitespace)
            .map(|word| {
                let is_name = word.contains(|c: char| c.is_ascii_alphabetic());
                if is_name { word.to_owned() } else { persian_digits(word) }
            })
            .collect(),
    }
}

/// The direction of a text on a label: its own where all its letters agree, else the label's.
pub fn base_level(text: &str, language: LabelLanguage) -> Level {
    let has = |classes: &[BidiClass]| text.chars().any(|c| classes.contains(&bidi_class(c)));
    match (has(&[BidiClass::L]), has(&[BidiClass::R, BidiClass::AL])) {
        (true, false) => Level::ltr(),
        (false, true) => Level::rtl(),
        (true, true) | (false, false) => language.level(),
    }
}

/// Shapes lines, and remembers them: the labels of a job share most of their words.
#[derive(Default)]
pub struct Typesetter {
    lines: HashMap<Wanted, Rc<Line>>,
    plans: HashMap<(Weight, UnicodeScript, bool, LabelLanguage), ShapePlan>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Wanted {
    text: String,
    weight: Weight,
    is_rtl: bool,
    language: LabelLanguage,
}

impl Typesetter {
    /// One line; `base` is the direction of the text that the line belongs to.
    pub fn line(
        &mut self,
        text: &str,
        weight: Weight,
        base: Level,
        language: LabelLanguage,
    ) -> Rc<Line> {
        let wanted = Wanted { text: text.to_owned(), weight, is_rtl: base.is_rtl(), language };
        if let Some(line) = self.lines.get(&wanted) {
            return Rc::clone(line);
        }
        let line = Rc::new(self.shape_line(&wanted));
        self.lines.insert(wanted, Rc::clone(&line));
        line
    }

    fn shape_line(&mut self, wanted: &Wanted) -> Line {
        let text = &wanted.text;
        let base = if wanted.is_rtl { Level::rtl() } else { Level::ltr() };
        let mut glyphs = Vec::new();
        let info = BidiInfo::new(text, Some(base));
        for paragraph in &info.paragraphs {
            let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let level = levels.get(run.start).copied().unwrap_or(base);
                let mut parts = script_parts(text, run);
                if level.is_rtl() {
                    parts.reverse();
                }
                for (script, part) in parts {
                    self.shape_part(wanted, part, (script, level.is_rtl()), &mut glyphs);
                }
            }
        }
        let width_em = glyphs.iter().map(|glyph| glyph.advance).sum();
        Line { text: text.clone(), weight: wanted.weight, glyphs, width_em }
    }

    fn shape_part(
        &mut self,
        wanted: &Wanted,
        part: Range<usize>,
        (script, is_rtl): (UnicodeScript, bool),
        glyphs: &mut Vec<Glyph>,
    ) {
        let face = wanted.weight.face();
        let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let language = harfrust::Language::new(wanted.language.tag());
        let key = (wanted.weight, script, is_rtl, wanted.language);
        let plan = self.plans.entry(key).or_insert_with(|| {
            ShapePlan::new(&face.font, direction, script_tag(script), language.as_ref(), &[])
        });
        let mut buffer = Buffer::new();
        buffer.push_str(&wanted.text[part.clone()]);
        buffer.set_pre_context(&wanted.text[..part.start]);
        buffer.set_post_context(&wanted.text[part.end..]);
        buffer.set_direction(direction);
        buffer.set_script(script_tag(script));
        buffer.set_language(language);
        let options = ShapeOptions::new().plan(Some(plan));
        // It fails only for a plan of another direction or script than the buffer's.
        if shape(&ShaperFont::new(&face.font), &mut buffer, options).is_ok() {
            read_glyphs(&buffer, part, face.units_per_em, glyphs);
        }
    }
}

fn read_glyphs(buffer: &Buffer, part: Range<usize>, units_per_em: f32, glyphs: &mut Vec<Glyph>) {
    let infos = buffer.glyph_infos();
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    for (info, position) in infos.iter().zip(buffer.glyph_positions()) {
        let cluster = info.cluster as usize;
        let next = starts.partition_point(|start| *start <= cluster);
        let end = starts.get(next).map_or(part.end, |start| part.start + start);
        glyphs.push(Glyph {
            id: info.glyph_id,
            advance: position.x_advance as f32 / units_per_em,
            x_offset: position.x_offset as f32 / units_per_em,
            y_offset: position.y_offset as f32 / units_per_em,
            range: part.start + cluster..end,
        });
    }
}

/// Stretches of one script; spaces, digits and signs belong to the stretch they stand in.
fn script_parts(text: &str, run: Range<usize>) -> Vec<(UnicodeScript, Range<usize>)> {
    let mut parts: Vec<(UnicodeScript, Range<usize>)> = Vec::new();
    for (at, c) in text[run.clone()].char_indices() {
        let (start, end) = (run.start + at, run.start + at + c.len_utf8());
        let script = c.script();
        let is_shared = matches!(script, UnicodeScript::Common | UnicodeScript::Inherited);
        match parts.last_mut() {
            Some((_, part)) if is_shared => part.end = end,
            Some((UnicodeScript::Common, part)) => {
                let start = part.start;
                parts.pop();
                parts.push((script, start..end));
            }
            Some((last, part)) if *last == script => part.end = end,
            _ if is_shared => parts.push((UnicodeScript::Common, start..end)),
            _ => parts.push((script, start..end)),
        }
    }
    parts
}

fn script_tag(script: UnicodeScript) -> Option<Script> {
    let bytes: [u8; 4] = script.short_name().as_bytes().try_into().ok()?;
    Script::from_iso15924_tag(Tag::new(&bytes))
}
