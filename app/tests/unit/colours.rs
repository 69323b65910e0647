//! The hues of charts are told apart.

const TOKENS: &str = include_str!("../../../style/tokens.css");
const HUES: [&str; 8] =
    ["given", "event", "stock", "transit", "damaged", "loss", "disposed", "unexplained"];

/// The relative luminance of a colour of a theme, as WCAG 2 has it.
fn luminance(theme: &str, name: &str) -> f64 {
    let (_, value) = theme.split_once(&format!("--{name}: #")).unwrap();
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&value[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn in_the_light_every_hue_stands_apart_from_a_sheet() {
    let (_, light) = TOKENS.split_once("color-scheme: light;").unwrap();
    for name in HUES {
        let contrast = contrast(luminance(light, name), luminance(light, "sheet"));
        assert!(contrast >= 3.0, "{name}: {contrast:.2}");
    }
}

#[test]
fn in_the_dark_every_hue_stands_apart_from_the_ground_and_from_the_others() {
    let themes: Vec<&str> = TOKENS.split("color-scheme: dark;").skip(1).collect();
    assert_eq!(themes.len(), 2);
    for theme in themes {
        let hues = HUES.map(|name| (name, luminance(theme, name)));
        for (at, (name, hue)) in hues.iter().enumerate() {
            for ground in ["paper", "sheet", "none"] {
                let contrast = contrast(*hue, luminance(theme, ground));
                assert!(contrast >= 3.0, "{name} on {ground}: {contrast:.2}");
            }
            for (other, its) in &hues[at + 1..] {
                let contrast = contrast(*hue, *its);
                assert!(contrast >= 1.15, "{name} beside {other}: {contrast:.2}");
            }
        }
    }
}
