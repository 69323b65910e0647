//! Labels as a cheap phone sees them: small grey frames, held askew, blurred, dim, wrinkled.

use std::collections::BTreeMap;
use std::f32::consts::TAU;
use std::path::Path;

use papers::labels::{LabelJob, Sheet, pdf};

use crate::page::Page;
use crate::tools::{Folder, render};
use crate::{PUBLIC_URL, a_full_page};

/// What the phone looks at (`camera`).
const WIDTH: usize = 640;
const HEIGHT: usize = 480;
const TABLE: f32 = 200.0;

/// Of these photos by zxing-wasm 3.1.6: `npm run zxing` in `end2end` counts them.
const READ_BY_ZXING: usize = 281;

/// How a photo is taken.
#[derive(Clone, Copy)]
struct Shot {
    /// What makes it hard.
    name: &'static str,
    /// How much of the frame's width the label fills.
    fills: f32,
    degrees: f32,
    /// How much nearer the right and the lower edge are than the middle.
    nearer: (f32, f32),
    /// Standard deviation of the blur in dots.
    blur: f32,
    /// Dots that the hand moves to the side.
    shaken: usize,
    /// Of black and of white.
    light: (f32, f32),
    /// How far its corners are darker than its middle.
    falls_off: f32,
    noise: f32,
    /// How far wrinkles move a dot, and how much they shade it.
    wrinkled: f32,
}

const PLAIN: Shot = Shot {
    name: "plain",
    fills: 0.8,
    degrees: 4.0,
    nearer: (0.0, 0.0),
    blur: 0.6,
    shaken: 0,
    light: (40.0, 220.0),
    falls_off: 0.1,
    noise: 3.0,
    wrinkled: 0.0,
};

/// Each gets harder.
fn shots() -> Vec<Shot> {
    let mut shots = vec![PLAIN];
    shots.extend([1.0, 1.4, 1.8, 2.2].map(|blur| Shot { name: "blurred", blur, ..PLAIN }));
    shots.extend([3, 5, 7].map(|shaken| Shot { name: "shaken", shaken, ..PLAIN }));
    shots.extend([15.0, 30.0, 45.0, 70.0].map(|degrees| Shot { name: "turned", degrees, ..PLAIN }));
    shots.extend([0.1, 0.2, 0.3, 0.4].map(|nearer| Shot {
        name: "tilted",
        nearer: (nearer, nearer / 2.0),
        degrees: 12.0,
        fills: 0.7,
        ..PLAIN
    }));
    shots.extend([(30.0, 110.0), (20.0, 60.0), (15.0, 35.0)].map(|light| Shot {
        name: "dim",
        light,
        falls_off: 0.5,
        noise: 6.0,
        ..PLAIN
    }));
    shots.extend([1.5, 3.0, 4.5, 6.0].map(|wrinkled| Shot { name: "wrinkled", wrinkled, ..PLAIN }));
    shots.extend([0.6, 0.45, 0.35].map(|fills| Shot { name: "far", fills, ..PLAIN }));
    shots.extend([0.5, 1.0].map(|much| Shot {
        name: "all of it",
        fills: 0.7,
        degrees: 25.0 * much,
        nearer: (0.2 * much, 0.1 * much),
        blur: 0.6 + 0.6 * much,
        light: (30.0, 120.0 - 40.0 * much),
        falls_off: 0.4,
        noise: 5.0,
        wrinkled: 2.5 * much,
        ..PLAIN
    }));
    shots
}

impl Shot {
    /// The label in the middle of the frame.
    fn of(&self, label: &Page, seed: u32) -> Page {
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        let (wide, high) = label.size();
        let dots = wide.max(high * 4.0 / 3.0) / (WIDTH as f32 * self.fills);
        let phase = seed as f32;
        let mut seen = vec![0.0; WIDTH * HEIGHT];
        for (at, grey) in seen.iter_mut().enumerate() {
            let (x, y) = ((at % WIDTH) as f32, (at / WIDTH) as f32);
            let (x, y) = (x - WIDTH as f32 / 2.0, y - HEIGHT as f32 / 2.0);
            let near = 1.0
                + self.nearer.0 * x / (WIDTH as f32 / 2.0)
                + self.nearer.1 * y / (HEIGHT as f32 / 2.0);
            let ripple = |along: f32, length: f32| (along / length * TAU + phase).sin();
            let (x, y) = (x / near, y / near);
            let (across, down) = (x * cos + y * sin, y * cos - x * sin);
            let across = across + self.wrinkled * ripple(down, 90.0);
            let down = down + self.wrinkled * ripple(across + down / 3.0, 130.0);
            // Nine looks, so that dots between two of the label's are both.
            let mut sum = 0.0;
            for look in 0..9 {
                let (dx, dy) = ((look % 3 - 1) as f32 / 3.0, (look / 3 - 1) as f32 / 3.0);
                let spot = ((across + dx) * dots + wide / 2.0, (down + dy) * dots + high / 2.0);
                let on = spot.0 >= 0.0 && spot.0 < wide && spot.1 >= 0.0 && spot.1 < high;
                sum += if on { f32::from(label.between(spot)) } else { TABLE };
            }
            let shade =
                1.0 - self.wrinkled / 30.0 * (1.0 + ripple(across + down / 3.0, 130.0)) / 2.0;
            *grey = sum / 9.0 * shade;
        }
        let seen = shaken(&blurred(&seen, self.blur), self.shaken);
        let mut noise = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
        let mut photo = Page::white(WIDTH, HEIGHT);
        for (at, grey) in seen.iter().enumerate() {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = ((noise >> 16) as f32 / 32_768.0 - 1.0) * self.noise;
            let (x, y) = (at % WIDTH, at / WIDTH);
            let aside = (x as f32 / WIDTH as f32 - 0.5, y as f32 / HEIGHT as f32 - 0.5);
            let far = (aside.0 * aside.0 + aside.1 * aside.1) * 2.0;
            let (black, white) = self.light;
            let light = (black + (white - black) * grey / 255.0) * (1.0 - self.falls_off * far);
            photo.paint(x, y, (light + grain).clamp(0.0, 255.0) as u8);
        }
        photo
    }
}

fn blurred(dots: &[f32], deviation: f32) -> Vec<f32> {
    let reach = (deviation * 3.0).ceil() as i64;
    let weights: Vec<f32> = (-reach..=reach)
        .map(|step| (-(step as f32).powi(2) / (2.0 * deviation * deviation)).exp())
        .collect();
    weighed(&weighed(dots, &weights, (1, 0)), &weights, (0, 1))
}

fn shaken(dots: &[f32], by: usize) -> Vec<f32> {
    weighed(dots, &vec![1.0; by.max(1)], (1, 0))
}

/// Each dot as the weighed mean of those beside it in one direction.
fn weighed(dots: &[f32], weights: &[f32], (right, down): (i64, i64)) -> Vec<f32> {
    let (whole, half) = (weights.iter().sum::<f32>(), weights.len() as i64 / 2);
    let dot = |x: i64, y: i64| {
        let (x, y) = (x.clamp(0, WIDTH as i64 - 1), y.clamp(0, HEIGHT as i64 - 1));
        dots[y as usize * WIDTH + x as usize]
    };
    let mean = |at: usize| {
        let (x, y) = ((at % WIDTH) as i64, (at / WIDTH) as i64);
        let beside = weights.iter().enumerate().map(|(step, weight)| {
            let step = step as i64 - half;
            dot(x + right * step, y + down * step) * weight
        });
        beside.sum::<f32>() / whole
    };
    (0..dots.len()).map(mean).collect()
}

/// What the phone's own decoder reads where the browser has none; kept as pictures where somebody
/// wants to show them to another one: `PHOTOS=folder`.
#[test]
fn a_phone_without_a_detector_reads_labels_in_hard_photos() {
    let folder = Folder::new();
    let keep = std::env::var("PHOTOS").ok();
    let mut labels = Vec::new();
    for sheet in [Sheet::L7160, Sheet::A4x8, Sheet::A4x4] {
        let on_page = a_full_page(sheet);
        let job = LabelJob::new(sheet, PUBLIC_URL, &on_page);
        let pages = render(&folder, &pdf(&job).unwrap());
        let cut = job.places().zip(&on_page).take(4).map(|((page, x, y), label)| {
            (
                pages[page].cut_out(&sheet.geometry(), (x, y)),
                label.code.payload(label.kind, PUBLIC_URL),
            )
        });
        labels.extend(cut);
    }
    let mut read: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (number, shot) in shots().iter().enumerate() {
        for (which, (label, payload)) in labels.iter().enumerate() {
            let photo = shot.of(label, (number * 100 + which) as u32);
            let (wide, high, grey) = photo.dots();
            let text = camera::decode(wide, high, grey);
            assert!(text.is_none() || text.as_ref() == Some(payload), "{text:?} for {payload}");
            if let Some(folder) = &keep {
                let name = format!("{} {number:02} {which:02}", shot.name.replace(' ', "-"));
                let path = Path::new(folder).join(name);
                std::fs::write(path.with_extension("pgm"), photo.pgm()).unwrap();
                std::fs::write(path.with_extension("txt"), payload).unwrap();
            }
            let (all, right) = read.entry(shot.name).or_default();
            *all += 1;
            *right += usize::from(text.is_some());
        }
    }
    for (name, (all, right)) in &read {
        println!("{name}: {right} of {all}");
    }
    let right: usize = read.values().map(|(_, right)| right).sum();
    assert!(right >= READ_BY_ZXING, "{right} of {}", shots().len() * labels.len());
}
