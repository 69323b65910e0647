//! SVGs: the drawn path itself is painted and read by zbar.

use papers::labels::{LabelLanguage, svg};
use papers::qr;

use crate::page::Page;
use crate::tools::{Folder, scan};
use crate::{PUBLIC_URL, carton_in, cartons};

const DOTS_A_MODULE: usize = 6;

/// Paints path data made of `M x y h w v h h -w z`, as our QR codes are, on a page of so many
/// modules with a border.
fn painted(path: &str, side: usize, border: usize) -> Page {
    let dots = (side + 2 * border) * DOTS_A_MODULE;
    let mut page = Page::white(dots, dots);
    for block in path.split('M').skip(1) {
        let parts: Vec<usize> = block
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().unwrap())
            .collect();
        let [x, y, width, height, back] = parts[..] else { panic!("not a rectangle: {block}") };
        assert_eq!(width, back, "a rectangle closes: {block}");
        for down in (y + border) * DOTS_A_MODULE..(y + border + height) * DOTS_A_MODULE {
            for across in (x + border) * DOTS_A_MODULE..(x + border + width) * DOTS_A_MODULE {
                page.paint(across, down, 0);
            }
        }
    }
    page
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).expect("The SVG has this part.") + before.len();
    &text[start..start + text[start..].find(after).expect("The part ends.")]
}

#[test]
fn the_qr_code_of_a_page_decodes() {
    let folder = Folder::new();
    for label in cartons(4) {
        let payload = label.code.payload(label.kind, PUBLIC_URL);
        let svg = qr::svg(&payload).unwrap();
        let side: usize = between(&svg, "viewBox=\"0 0 ", " ").parse().unwrap();
        let path = between(&svg, "<path d=\"", "\"");
        assert_eq!(scan(&folder, &painted(path, side, 0)), [payload]);
    }
}

#[test]
fn the_qr_code_of_a_single_label_decodes_and_its_text_is_drawn() {
    let folder = Folder::new();
    for language in [LabelLanguage::English, LabelLanguage::Dari, LabelLanguage::Pashto] {
        let label = carton_in(language, 7);
        let svg = svg(PUBLIC_URL, &label).unwrap();
        let qr = between(&svg, "class=\"qr\"", "/>");
        let path = between(qr, " d=\"", "\"");
        let payload = label.code.payload(label.kind, PUBLIC_URL);
        assert_eq!(scan(&folder, &painted(path, 29, 4)), [payload]);
        let text = between(&svg, "class=\"text\" d=\"", "\"");
        assert!(text.matches('M').count() > 40, "{text}");
    }
}

#[test]
fn a_name_cannot_break_out_of_the_svg() {
    let mut label = carton_in(LabelLanguage::English, 7);
    label.outside_name = "</title><script>alert(1)</script>&\u{1}".to_owned();
    let svg = svg(PUBLIC_URL, &label).unwrap();
    assert!(!svg.contains("<script>") && !svg.contains('\u{1}'), "{svg}");
    assert!(svg.contains("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp; "), "{svg}");
}
