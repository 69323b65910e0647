use super::{Press, record};
use crate::program::location;

#[tokio::test]
async fn a_first_count_is_recorded_and_confirmed_by_somebody_else() {
    let press = Press::new().await;
    let form = record(&press.clerk.page("/opening/new").await);
    let (store, leaflet) = (press.kabul.to_string(), press.leaflet.to_string());
    let fields = [
        ("record", form.as_str()),
        ("store", &store),
        ("date", "2017-05-30"),
        ("material_1", &leaflet),
        ("cartons_1", "12"),
        ("loose_1", "37"),
        ("material_3", &leaflet),
        ("loose_3", "5"),
    ];
    let there = location(&press.clerk.post("/opening/new", &fields).await);
    let page = press.clerk.page(&there).await;
    for seen in ["FC-KBL-0001", "6,037", "6,000", "To be confirmed", "somebody else confirms"] {
        assert!(page.contains(seen), "{seen} is missing");
    }
    assert_eq!(location(&press.clerk.post("/opening/new", &fields).await), there);
    let sheet = there.replace("?posted=1", "");
    let take_back = format!("href=\"/records{}/reverse\"", sheet.trim_start_matches("/opening"));
    assert!(press.clerk.page(&sheet).await.contains(&take_back), "whoever counted takes it back");
    let waiting = press.second.page(&sheet).await;
    assert!(waiting.contains("If it is wrong, do not confirm") && !waiting.contains(&take_back));
    assert!(waiting.contains("Only the person who recorded this, or a manager"), "{waiting}");
    let confirm = format!("{sheet}/confirm");
    let page = press.second.send(&confirm, &[("record", &record(&waiting))]).await;
    assert!(page.contains("Confirmed") && !page.contains("To be confirmed"));
}

#[tokio::test]
async fn a_wrong_sheet_names_the_row_and_keeps_the_others() {
    let press = Press::new().await;
    let form = record(&press.clerk.page("/opening/new").await);
    let (store, leaflet) = (press.kabul.to_string(), press.leaflet.to_string());
    let unknown = press.printer.to_string();
    for (wrong, sentence) in [
        (vec![("material_2", leaflet.as_str())], "Row 2 has a material but no pieces"),
        (vec![("cartons_2", "3")], "Row 2 has pieces but no material"),
        (vec![("material_2", &leaflet), ("cartons_2", "-1")], "never negative"),
        (vec![("material_2", &leaflet), ("cartons_2", "12000")], "12,002 labels"),
        (vec![("material_2", &unknown), ("loose_2", "3")], "Row 2: choose a material"),
        (vec![("date", "2017-06-02")], "lies in the future"),
    ] {
        let mut fields = vec![
            ("record", form.as_str()),
            ("store", &store),
            ("material_1", &leaflet),
            ("cartons_1", "2"),
            ("note", "kept in the form"),
        ];
        fields.extend(wrong);
        let page = press.clerk.send("/opening/new", &fields).await;
        assert!(page.contains(sentence), "{sentence}");
        assert!(page.contains("kept in the form"), "{sentence} loses what was typed");
    }
    let wrong = [
        ("record", form.as_str()),
        ("store", ""),
        ("material_2", &leaflet),
        ("date", "2017-06-02"),
        ("loose_1", "3"),
    ];
    let page = press.clerk.send("/opening/new", &wrong).await;
    for sentence in
        ["lies in the future", "Row 2 has a material but no pieces", "Row 1 has pieces but no"]
    {
        assert!(page.contains(sentence), "{sentence}: all of it is said at once");
    }
    let nothing = [("record", form.as_str()), ("store", &store)];
    let page = press.clerk.send("/opening/new", &nothing).await;
    assert!(page.contains("Fill in at least one row"));
    assert!(press.clerk.page("/opening").await.contains("No first counts yet"));
}
