//! A printed page as grey dots, and what happens to labels between printer and phone.

use papers::labels::{Geometry, LabelJob, Sheet};

const DOTS_PER_MM: f32 = 300.0 / 25.4;
const WHITE: u8 = 255;

#[derive(Clone)]
pub struct Page {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Page {
    pub fn white(width: usize, height: usize) -> Self {
        Self { width, height, grey: vec![WHITE; width * height] }
    }

    /// Reads a binary PGM, as pdftoppm writes it: "P5", width, height, 255, dots.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut fields = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
        let mut field = || fields.next().expect("A PGM begins with three fields.");
        assert_eq!(field(), b"P5");
        let (width, height) = (number(field()), number(field()));
        let grey = bytes[bytes.len() - width * height..].to_vec();
        Self { width, height, grey }
    }

    /// In dots.
    pub fn size(&self) -> (f32, f32) {
        (self.width as f32, self.height as f32)
    }

    pub fn dots(&self) -> (usize, usize, &[u8]) {
        (self.width, self.height, &self.grey)
    }

    pub fn pgm(&self) -> Vec<u8> {
        let mut bytes = format!("P5 {} {} 255\n", self.width, self.height).into_bytes();
        bytes.extend_from_slice(&self.grey);
        bytes
    }

    pub fn paint(&mut self, x: usize, y: usize, grey: u8) {
        if x < self.width && y < self.height {
            self.grey[y * self.width + x] = grey;
        }
    }

    fn at(&self, x: i64, y: i64) -> u8 {
        match (usize::try_from(x), usize::try_from(y)) {
            (Ok(x), Ok(y)) if x < self.width && y < self.height => self.grey[y * self.width + x],
            _ => WHITE,
        }
    }

    /// The first dark dot from the left and from the top, in millimetres.
    pub fn first_ink_mm(&self) -> (f32, f32) {
        let is_dark = |x: usize, y: usize| self.grey[y * self.width + x] < 100;
        let left = (0..self.width).find(|x| (0..self.height).any(|y| is_dark(*x, y)));
        let top = (0..self.height).find(|y| (0..self.width).any(|x| is_dark(x, *y)));
        (left.unwrap() as f32 / DOTS_PER_MM, top.unwrap() as f32 / DOTS_PER_MM)
    }

    /// Months in the sun: black is a middling grey, white a dirty one, and every dot a little off.
    pub fn faded(&self) -> Self {
        let mut noise = 1_u32;
        let mut fade = |grey: u8| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            140 + (u32::from(grey) * 70 / 255) as u8 + (noise >> 30) as u8
        };
        Self { grey: self.grey.iter().map(|grey| fade(*grey)).collect(), ..*self }
    }

    /// Held askew: turned around its middle, on a table of white.
    pub fn tilted(&self, degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (w, h) = (self.width as f32, self.height as f32);
        let reach = |along: f32, across: f32| (along * cos + across * sin.abs()) as usize;
        let mut turned = Self::white(reach(w, h), reach(h, w));
        let (middle_x, middle_y) = (turned.width as f32 / 2.0, turned.height as f32 / 2.0);
        for y in 0..turned.height {
            for x in 0..turned.width {
                let (dx, dy) = (x as f32 - middle_x, y as f32 - middle_y);
                let source = (dx * cos + dy * sin + w / 2.0, dy * cos - dx * sin + h / 2.0);
                turned.grey[y * turned.width + x] = self.between(source);
            }
        }
        turned
    }

    /// The grey between four dots.
    pub fn between(&self, (x, y): (f32, f32)) -> u8 {
        let (left, top) = (x.floor(), y.floor());
        let (right_part, lower_part) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let grey = |dx, dy| f32::from(self.at(left + dx, top + dy));
        let upper = grey(0, 0) + (grey(1, 0) - grey(0, 0)) * right_part;
        let lower = grey(0, 1) + (grey(1, 1) - grey(0, 1)) * right_part;
        (upper + (lower - upper) * lower_part) as u8
    }

    /// One label by itself, its top left corner at so many millimetres.
    pub fn cut_out(&self, geometry: &Geometry, (x, y): (f32, f32)) -> Self {
        let dots = |mm: f32| (mm * DOTS_PER_MM) as usize;
        let mut label = Self::white(dots(geometry.label_width), dots(geometry.label_height));
        for down in 0..label.height {
            for across in 0..label.width {
                let grey = self.at((dots(x) + across) as i64, (dots(y) + down) as i64);
                label.paint(across, down, grey);
            }
        }
        label
    }

    /// Half as many dots, each the mean of four.
    pub fn twice_as_far(&self) -> Self {
        let mut far = Self::white(self.width / 2, self.height / 2);
        for y in 0..far.height {
            for x in 0..far.width {
                far.paint(x, y, self.between((x as f32 * 2.0 + 0.5, y as f32 * 2.0 + 0.5)));
            }
        }
        far
    }

    /// Folded: across each label that lies on this page goes a white crease, where the ink broke,
    /// with a grey edge, where dirt gathered.
    pub fn creased(&self, job: &LabelJob<'_>, page: usize) -> Self {
        let mut creased = self.clone();
        let geometry = job.sheet.geometry();
        for (_, x, y) in job.places().filter(|(of, ..)| *of == page) {
            creased.crease(job.sheet, &geometry, (x, y));
        }
        creased
    }

    /// From one side of the label to the other through the middle of its QR code, slanting.
    fn crease(&mut self, sheet: Sheet, geometry: &Geometry, (x, y): (f32, f32)) {
        let (from, to) = match sheet {
            Sheet::A4x4 | Sheet::Roll100x150 => (0.25, 0.40),
            Sheet::A4x2 | Sheet::A4x8 | Sheet::L7160 | Sheet::L7163 | Sheet::L7165 => (0.40, 0.60),
        };
        let dots = |mm: f32| (mm * DOTS_PER_MM) as usize;
        let (white, grey) = (dots(0.6), dots(0.3));
        for across in 0..dots(geometry.label_width) {
            let part = across as f32 / dots(geometry.label_width) as f32;
            let down = dots(y + geometry.label_height * (from + (to - from) * part));
            for thickness in 0..white + grey {
                let shade = if thickness < white { WHITE } else { 150 };
                self.paint(dots(x) + across, down + thickness, shade);
            }
        }
    }
}

fn number(digits: &[u8]) -> usize {
    std::str::from_utf8(digits).unwrap().parse().unwrap()
}
