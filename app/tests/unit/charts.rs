//! Pictures of quantities, as they are drawn.

use app::ui::{
    BalanceChart, BalanceChartProps, Flow, FlowNode, FlowProps, Hue, Lang, MapPlace, ProvinceMap,
    ProvinceMapProps, Words, level,
};
use domain::time::Day;
use leptos::prelude::*;

/// The values of an attribute of every element of a kind.
fn values(html: &str, element: &str, attribute: &str) -> Vec<String> {
    let (start, name) = (format!("<{element} "), format!("{attribute}=\""));
    let elements = html.split(&start).skip(1);
    let value = |element: &str| {
        let (tag, _) = element.split_once('>')?;
        let (_, rest) = tag.split_once(&name)?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    elements.filter_map(value).collect()
}

fn numbers(html: &str, element: &str, attribute: &str) -> Vec<i64> {
    values(html, element, attribute).iter().map(|value| value.parse().unwrap()).collect()
}

#[test]
fn levels_are_quarters_of_the_highest() {
    let of = |value| level(value, 100);
    assert_eq!([0, 1, 25, 26, 100].map(of), [0, 1, 1, 2, 4]);
    assert_eq!(level(5, 0), 0);
}

#[test]
fn every_province_has_its_own_shape() {
    let places = (1..=34).map(|place| MapPlace {
        pcode: format!("AF{place:02}"),
        level: 1,
        mark: Words::from(place.to_string()),
        title: format!("province {place}"),
        flagged: false,
    });
    let props = ProvinceMapProps {
        label: "a map".to_owned(),
        places: places.collect(),
        key: Vec::new(),
        marks: "events".to_owned(),
        attribution: "OCHA".to_owned(),
    };
    let html = ProvinceMap(props).into_view().to_html();
    for place in 1..=34 {
        assert!(html.contains(&format!("<title>province {place}</title>")), "{place}");
        assert!(html.contains(&format!(">{place}</text>")), "{place}");
    }
    let mut shapes = values(&html, "path", "d");
    assert!(shapes.iter().all(|shape| shape.starts_with('M') && shape.ends_with('z')));
    shapes.sort();
    shapes.dedup();
    assert_eq!(shapes.len(), 34);
}

#[test]
fn a_balance_holds_until_the_day_on_which_it_changes() {
    let points = vec![(Day(10), 100), (Day(15), 50), (Day(19), 0)];
    let props = BalanceChartProps { label: "a balance".to_owned(), points, lang: Lang::En };
    let html = BalanceChart(props).into_view().to_html();
    let paths = values(&html, "path", "d");
    assert!(paths.contains(&"M0 0H500V100H900V200H1000".to_owned()), "{paths:?}");
}

#[test]
fn labels_of_small_ends_do_not_cover_each_other() {
    const LINE: i64 = 18;
    let nodes = [60_000, 5, 5, 5].map(|pieces| FlowNode::end("x", pieces, Hue::Lost)).to_vec();
    let props = FlowProps { label: "a flow".to_owned(), nodes, links: Vec::new(), lang: Lang::En };
    let html = Flow(props).into_view().to_html();
    // Drawn for a desk and for a phone.
    for drawing in html.split("<svg ").skip(1) {
        let (tops, heights) = (numbers(drawing, "rect", "y"), numbers(drawing, "rect", "height"));
        let texts = numbers(drawing, "text", "y");
        assert_eq!((tops.len(), texts.len()), (4, 4));
        for pair in texts.windows(2) {
            assert!(pair[1] - pair[0] >= LINE, "{texts:?}");
        }
        for (at, pair) in tops.windows(2).enumerate() {
            assert!(pair[1] > pair[0] + heights[at], "{tops:?}");
        }
        assert!(heights.iter().all(|height| *height >= 2));
    }
}
