//! Pages to read: a month, and a list with everything that can stand in it.

use super::{bar, say};
use app::ui::*;
use domain::code::Code;
use domain::time::{Day, Month};
use leptos::prelude::*;

pub fn month(lang: Lang) -> AnyView {
    let june = Month(201_706);
    let open = say(lang, "open · 2 of 5 steps to close", "باز · ۲ از ۵ گام تا بستن");
    view! {
        {bar(lang)}
        <Page>
            <PageHead title=lang.month(june) crumbs=vec![Link::new("#", say(lang, "Months", "ماه‌ها"))]
                subtitle=format!("{} · {open}", lang.hijri_span(june))>
                <ButtonLink href="#" label=say(lang, "Bulletin", "بولتن")/>
                <ButtonLink href="#" label=say(lang, "Export", "صدور")/>
                <ButtonLink href="#" label=say(lang, "Continue closing", "ادامهٔ بستن") main=true/>
            </PageHead>
            <Facts facts=facts(lang)/>
            <Cols>
                <Sheet title=say(lang, "Where every piece went", "هر عدد کجا رفت")>
                    {flow(lang)}
                    {provinces(lang)}
                    <Key entries=key(lang)/>
                </Sheet>
                <Stack wide=true>
                    <Sheet title=say(lang, "Needs an explanation", "نیازمند توضیح")>
                        <Flags flags=flags(lang)/>
                    </Sheet>
                    <Sheet title=say(lang, "Provinces reached", "ولایت‌های رسیده")>{map(lang)}</Sheet>
                </Stack>
            </Cols>
            <Cols even=true>
                <Sheet title=say(lang, "In the stores", "در گدام‌ها")>{stacks(lang)}</Sheet>
                <Sheet title=say(lang, "Balance of the store", "بیلانس گدام")>{charts(lang)}</Sheet>
            </Cols>
        </Page>
    }
    .into_any()
}

fn facts(lang: Lang) -> Vec<Fact> {
    let n = |count| lang.number(count);
    vec![
        Fact::new(say(lang, "Events", "رویدادها"), n(11)).sentence(say(
            lang,
            "5 provinces",
            "۵ ولایت",
        )),
        Fact::new(say(lang, "People", "افراد"), n(359)).sentence(say(
            lang,
            "90 women and girls · 25.1 %",
            "۹۰ زن و دختر · ۲۵٫۱٪",
        )),
        Fact::new(say(lang, "Given out", "توزیع‌شده"), n(52_500))
            .unit(say(lang, "pieces", "عدد"))
            .href("#")
            .sentence(say(lang, "146.2 pieces a participant", "۱۴۶٫۲ عدد برای هر نفر")),
        Fact::new(say(lang, "Still to explain", "هنوز توضیح می‌خواهد"), n(1_850))
            .tone(Tone::Warn)
            .sentence(say(lang, "3 differences, oldest 12 days", "۳ تفاوت، قدیمی‌ترین ۱۲ روز")),
        Fact::new(say(lang, "Events' worth of stock", "ذخیره برای چند رویداد"), lang.tenths(42))
            .sentence(say(lang, "Nuristan lowest: 0.4", "کمترین نورستان: ۰٫۴")),
    ]
}

fn key(lang: Lang) -> Vec<(Hue, String)> {
    [
        (Hue::Given, "given out", "توزیع‌شده"),
        (Hue::Event, "at events", "در رویداد"),
        (Hue::Store, "in store", "در گدام"),
        (Hue::Transit, "in transit", "در راه"),
        (Hue::Damaged, "damaged", "آسیب‌دیده"),
        (Hue::Lost, "lost", "گم‌شده"),
        (Hue::Unexplained, "to explain", "نیازمند توضیح"),
    ]
    .map(|(hue, english, dari)| (hue, say(lang, english, dari).to_owned()))
    .to_vec()
}

fn flow(lang: Lang) -> AnyView {
    let nodes = vec![
        FlowNode::source(say(lang, "Print runs", "چاپ"), 60_000),
        FlowNode::between(say(lang, "Provinces", "ولایات"), 59_650),
        FlowNode::end(say(lang, "Given out", "توزیع‌شده"), 52_500, Hue::Given),
        FlowNode::end(say(lang, "In store", "در گدام"), 5_150, Hue::Store),
        FlowNode::end(say(lang, "In transit", "در راه"), 500, Hue::Transit),
        FlowNode::end(say(lang, "Damaged", "آسیب‌دیده"), 350, Hue::Damaged),
        FlowNode::end(say(lang, "To explain", "توضیح"), 1_500, Hue::Unexplained),
    ];
    let links = vec![
        (0, 1, 59_650),
        (0, 5, 350),
        (1, 2, 52_500),
        (1, 3, 5_150),
        (1, 4, 500),
        (1, 6, 1_500),
    ];
    let label = "Of 60,000 pieces received 52,500 were given out";
    view! { <Flow label nodes links lang/> }.into_any()
}

fn provinces(lang: Lang) -> AnyView {
    let rows = [
        ("Balkh", "بلخ", 15_750, 15_750, 15_750, 15_750, ""),
        ("Kabul", "کابل", 12_400, 12_400, 10_500, 10_500, ""),
        ("Kandahar", "کندهار", 11_000, 10_500, 10_500, 10_500, "500 in transit"),
        ("Helmand", "هلمند", 10_500, 10_150, 9_000, 10_500, "1,500 reported, not recorded"),
        ("Nuristan", "نورستان", 5_250, 5_250, 5_250, 5_250, ""),
    ];
    let row = |(english, dari, sent, received, given, reported, gap): (
        &'static str,
        &'static str,
        i64,
        i64,
        i64,
        i64,
        &'static str,
    )| {
        let gap = if gap.is_empty() {
            Cell::number(0, lang).tone(Tone::Quiet)
        } else {
            Cell::text(gap).tone(Tone::Warn)
        };
        Row::new(vec![
            Cell::link("#", say(lang, english, dari)),
            Cell::number(sent, lang),
            Cell::number(received, lang),
            Cell::number_link(given, lang, "#"),
            Cell::number(reported, lang),
            gap,
        ])
    };
    let columns = vec![
        Column::text(say(lang, "Province", "ولایت")),
        Column::number(say(lang, "Sent", "فرستاده")),
        Column::number(say(lang, "Received", "رسیده")),
        Column::number(say(lang, "Given", "توزیع")),
        Column::number(say(lang, "Reported", "گزارش")),
        Column::number(say(lang, "Difference", "تفاوت")),
    ];
    let foot = vec![Row::new(vec![
        Cell::text(say(lang, "Sum", "مجموع")),
        Cell::number(54_900, lang),
        Cell::number(54_050, lang),
        Cell::number(51_000, lang),
        Cell::number(52_500, lang),
        Cell::number(2_000, lang).tone(Tone::Warn),
    ])];
    let rows = rows.into_iter().map(row).collect();
    let caption = say(lang, "By province", "به اساس ولایت");
    view! { <DataTable caption hide_caption=true columns rows foot/> }.into_any()
}

fn flags(lang: Lang) -> Vec<Flag> {
    let explain = say(lang, "Explain", "توضیح");
    vec![
        Flag::new(say(lang, "146.2 pieces a participant", "۱۴۶٫۲ عدد برای هر نفر"))
            .text("Leaflets 69.6, stickers 69.6, magazines 7.0 a person. The limit is 5, 5 and 1.")
            .action("#", explain),
        Flag::new(say(lang, "Exactly 10 kits", "دقیقاً ۱۰ بسته"))
            .text("25,000 / 25,000 / 2,500 is ten times 2,500 / 2,500 / 250.")
            .action("#", explain),
        Flag::new(say(lang, "500 stickers never arrived", "۵۰۰ برچسپ هرگز نرسید"))
            .text(say(lang, "Sent 9 June, 12 days ago.", "۱۲ روز پیش فرستاده شد."))
            .tone(Tone::Bad)
            .action("#", say(lang, "Open", "باز کردن")),
    ]
}

fn map(lang: Lang) -> AnyView {
    let values =
        [("AF20", 15_750), ("AF01", 10_500), ("AF27", 10_500), ("AF31", 9_000), ("AF16", 5_250)];
    let place = |(pcode, value): (&str, i64)| MapPlace {
        pcode: pcode.to_owned(),
        level: level(value, 15_750),
        mark: lang.number(value).into(),
        title: lang.number(value),
        flagged: pcode == "AF31",
    };
    let places = values.map(place).to_vec();
    let key =
        vec![(1, "1 – 3,900".to_owned()), (2, "– 7,900".to_owned()), (4, "– 15,750".to_owned())];
    let source = "geoBoundaries, 2007";
    view! { <ProvinceMap label="Five provinces" places key marks="Pieces" attribution=source/> }
        .into_any()
}

fn stacks(lang: Lang) -> AnyView {
    let parts = |scale: i64| -> Vec<Part> {
        let pieces = [52_500, 300, 5_150, 500, 350, 40, 1_500];
        let part =
            |((hue, label), pieces): ((Hue, String), i64)| Part::new(hue, label, pieces / scale);
        key(lang).into_iter().zip(pieces).map(part).collect()
    };
    let row = |(english, dari, scale): (&'static str, &'static str, i64)| StackRow {
        label: say(lang, english, dari).to_owned(),
        href: "#".into(),
        parts: parts(scale),
    };
    let rows = [("Balkh", "بلخ", 2), ("Kabul", "کابل", 3), ("Nuristan", "نورستان", 9)];
    let rows = rows.map(row).to_vec();
    view! {
        <Stacked label="All" parts=parts(1) lang/>
        <StackedRows label="By province" rows key=key(lang) lang/>
    }
    .into_any()
}

fn charts(lang: Lang) -> AnyView {
    let points: Vec<(Day, i64)> =
        [(0, 12_000), (4, 9_500), (9, 14_000), (15, 6_000), (21, -800), (26, 2_200)]
            .map(|(day, balance)| (Day(17_318 + day), balance))
            .to_vec();
    let items = vec![
        BarItem::new(say(lang, "Leaflet", "بروشور"), 25_000, Hue::Given).href("#"),
        BarItem::new(say(lang, "Sticker", "برچسپ"), 25_000, Hue::Given),
        BarItem::new(say(lang, "Magazine", "مجله"), 2_500, Hue::Given),
    ];
    view! {
        <BalanceChart label="Balance over June" points lang/>
        <Bars label="Given out by kind" items lang/>
    }
    .into_any()
}

pub fn list(lang: Lang) -> AnyView {
    let code = Code::from_random(42).expect("42 is the sample of the design");
    let steps = vec![
        Step::new(say(lang, "Draft", "پیش‌نویس"), Stage::Done).detail(say(lang, "8 June", "۸ جون")),
        Step::new(say(lang, "Dispatched", "فرستاده"), Stage::Done).detail(say(
            lang,
            "9 June",
            "۹ جون",
        )),
        Step::new(say(lang, "Delivered", "رسیده"), Stage::Now).detail(say(
            lang,
            "11 of 12 cartons",
            "۱۱ از ۱۲ کارتن",
        )),
        Step::new(say(lang, "Closed", "بسته"), Stage::Ahead),
    ];
    let definitions = vec![
        Definition::new(
            say(lang, "From", "از"),
            say(lang, "Central warehouse, Kabul", "گدام مرکزی، کابل"),
        ),
        Definition::new(say(lang, "Sent", "فرستاده"), view! { <DayText day=Day(17_326) lang/> }),
        Definition::new(say(lang, "Code", "کود"), view! { <CodeChip code/> }),
    ];
    let row = |(place, badge, tone, pieces): (&'static str, &'static str, Tone, i64)| {
        Row::new(vec![
            Cell::link("#", "KBL-0042").below(place),
            Cell::day(Day(17_326), lang),
            Cell::badge(badge, tone),
            Cell::code(code, "#"),
            Cell::number(pieces, lang),
            Cell::text(if tone == Tone::Bad { "12 wet" } else { "" }).tone(Tone::Bad),
        ])
    };
    let rows = [
        (say(lang, "Kandahar", "کندهار"), say(lang, "In transit", "در راه"), Tone::Warn, 11_000),
        (say(lang, "Balkh", "بلخ"), say(lang, "Delivered", "رسیده"), Tone::Good, 15_750),
        (say(lang, "Helmand", "هلمند"), say(lang, "Lost", "گم‌شده"), Tone::Bad, 10_500),
        (say(lang, "Nuristan", "نورستان"), say(lang, "Draft", "پیش‌نویس"), Tone::Plain, 5_250),
    ]
    .map(row)
    .into();
    let columns = ["Waybill", "Sent", "State", "Code"].map(Column::text).into_iter();
    let columns = columns.chain([Column::number("Pieces"), Column::text("Remark")]).collect();
    let filter = vec![Choice::new("1", say(lang, "In transit", "در راه"))];
    view! {
        {bar(lang)}
        <Page>
            <PageHead title=say(lang, "Consignments", "محموله‌ها") crumbs=vec![Link::new("#", "Stock"), Link::new("#", "Kabul")]
                status=ViewFn::from(move || view! { <Badge label="On hold" tone=Tone::Warn/> })>
                <ButtonLink href="#" label=say(lang, "New consignment", "محمولهٔ نو") main=true/>
            </PageHead>
            <Notice tone=Tone::Good title=say(lang, "Waybill posted", "بارنامه ثبت شد")>
                <p>"12 cartons, 6,000 pieces are on their way to Kandahar."</p>
            </Notice>
            <Notice tone=Tone::Warn title="Two people received the same line">"Compare."</Notice>
            <Notice tone=Tone::Bad title="The books cannot carry this"/>
            <Sheet><Steps label="State" steps/><Definitions items=definitions/></Sheet>
            <Sheet title=say(lang, "All consignments", "همه محموله‌ها") more=Link::new("#", "CSV")>
                <Filters action="#" label="Filter" submit=say(lang, "Show", "نشان بده")>
                    <TextField name="q" label=say(lang, "Search", "جستجو") kind="search"/>
                    <SelectField name="state" label=say(lang, "State", "حالت") prompt="All" choices=filter/>
                </Filters>
                <DataTable caption="Consignments" columns rows hide_caption=true/>
                <Pager label="Pages" position=say(lang, "1 to 4 of 123", "۱ تا ۴ از ۱۲۳") previous=Some(Link::new("#", "Previous"))
                    next=Some(Link::new("#", "Next"))/>
            </Sheet>
            <Sheet title="Empty">
                <Empty title=say(lang, "No consignments yet", "هنوز محموله‌ای نیست")
                    text="A consignment takes pieces from one store to another."
                    action=Link::new("#", say(lang, "Send the first", "اولین را بفرست"))/>
            </Sheet>
        </Page>
    }
    .into_any()
}
