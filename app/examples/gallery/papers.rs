//! Printed pages.

use super::say;
use app::ui::*;
use leptos::prelude::*;

pub fn papers(lang: Lang) -> AnyView {
    // A stand-in for the QR of a real paper, which the server draws.
    let qr =
        "<svg viewBox='0 0 8 8'><path d='M0 0h3v3h-3zM5 0h3v3h-3zM0 5h3v3h-3zM4 4h2v2h-2z'/></svg>";
    let rows = (1..=6).map(|n| {
        Row::new(vec![
            Cell::text(format!("Printed paper M{n}")),
            Cell::number(n * 2, lang),
            Cell::number(n * 1000, lang),
            Cell::view(view! { <span class="box"></span> }),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let columns = vec![
        Column::text(say(lang, "Material", "مواد")),
        Column::number(say(lang, "Cartons", "کارتن")),
        Column::number(say(lang, "Pieces", "عدد")),
        Column::text(say(lang, "Counted", "شمرده")),
    ];
    let roles = ["Sender", "Driver", "Receiver"].map(str::to_owned).to_vec();
    let definitions = vec![
        Definition::new(say(lang, "From", "از"), "Central warehouse, Kabul"),
        Definition::new(say(lang, "To", "به"), "Partner store, Kandahar"),
        Definition::new(say(lang, "Vehicle", "واسطه"), view! { <Ref text="KBL 12345"/> }),
    ];
    view! {
        <Paper title=say(lang, "Waybill", "بارنامه") number="KBL-0042" subtitle="15 June 2017 · 25 Jawza 1396"
            qr_svg=qr qr_text="0000-0000-1A5" foot="Printed 15 June 2017 by LOG-3" copy="1 of 2">
            <Definitions items=definitions/>
            <DataTable caption="Cartons" columns=columns rows keep=true hide_caption=true/>
            <p>"Gross weight 120 kg · 0.4 m³"</p>
            <Signatures roles name_label="Name" date_label="Date, signature"/>
        </Paper>
        <Paper size=PaperSize::A5 title=say(lang, "Event sheet", "ورق رویداد") number="EV-0007" qr_svg=qr qr_text="0000-0000-1A5">
            <p><span class="tick"></span>" Community "<span class="tick"></span>" Officials"</p>
        </Paper>
    }
    .into_any()
}
