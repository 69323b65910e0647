//! Forms with everything that can go wrong in them.

use super::{bar, say};
use app::i18n::Locale;
use app::ui::*;
use app::words;
use leptos::prelude::*;

fn quantity_words(lang: Lang) -> QuantityWords {
    QuantityWords {
        cartons: say(lang, "Cartons", "کارتن").to_owned(),
        bundles: say(lang, "Bundles", "بسته").to_owned(),
        pieces: say(lang, "Pieces", "عدد").to_owned(),
        total: say(lang, "= {n} pieces", "= {n} عدد").to_owned(),
    }
}

pub fn receipt(lang: Lang) -> AnyView {
    let optional = say(lang, "(optional)", "(اختیاری)");
    let stores = vec![
        Choice::new("1", say(lang, "Central warehouse", "گدام مرکزی")).group("Kabul"),
        Choice::new("2", say(lang, "Mazar-e-Sharif", "مزار شریف")).group("Balkh"),
    ];
    let counted =
        vec![
            Choice::new("sealed", say(lang, "Sealed cartons, as marked", "کارتن‌های مهرشده"))
                .hint(say(lang, "Nothing was opened.", "چیزی باز نشد.")),
            Choice::new("sample", say(lang, "A sample was opened", "یک نمونه باز شد")),
            Choice::new("full", say(lang, "Every piece", "هر عدد")),
        ];
    let errors = vec![
        FieldError::new("good", say(lang, "Good pieces: not a whole number", "عدد درست نیست")),
        FieldError::new("counted", say(lang, "Say how it was counted", "بگویید چگونه شمرده شد")),
    ];
    let typed = Typed { cartons: "۱۲".into(), bundles: "1,5".into(), pieces: "".into() };
    let groups = [
        ("a", "Community", "مردم"),
        ("b", "Officials", "مسئولین"),
        ("c", "Religious leaders", "علما"),
    ];
    let checks =
        groups.map(|(name, english, dari)| Check::new(name, say(lang, english, dari), name == "a"));
    view! {
        {bar(lang)}
        <Page narrow=true>
            <PageHead title=say(lang, "Receive a delivery", "دریافت") crumbs=vec![Link::new("#", "Print run 12")]
                subtitle=say(lang, "Leaflet “Know the risks”, Dari", "بروشور «خطرها را بشناسیم»، دری")/>
            <Sheet>
            <Form action="#" errors error_title=say(lang, "There is a problem", "مشکلی هست") record="id">
                <FieldRow>
                    <SelectField name="store" label=say(lang, "Store", "گدام") choices=stores prompt="Choose a store"/>
                    <DateField name="day" label=say(lang, "Day of arrival", "روز رسیدن") value="2017-06-15"
                        hint=lang.hijri_day(domain::time::Day(17_332))/>
                </FieldRow>
                <QuantityField name="good" label=say(lang, "Good", "سالم") words=quantity_words(lang) typed
                    packing=Some((50, 10)) total=say(lang, "= 6,000 pieces", "= ۶٬۰۰۰ عدد")
                    hint=say(lang, "10 bundles of 50 in a carton", "۱۰ بستهٔ ۵۰ عددی در هر کارتن")
                    error=say(lang, "Not a whole number: 1,5", "عدد درست نیست: 1,5")/>
                <NumberField name="claimed" label=say(lang, "Claimed by the printer", "ادعای مطبعه") value="6000"
                    unit=say(lang, "pieces", "عدد") optional/>
                <RadioCards name="counted" label=say(lang, "How was it counted?", "چگونه شمرده شد؟") choices=counted
                    value="sample" error=say(lang, "Say how it was counted", "بگویید چگونه شمرده شد")/>
                <CheckCards name="groups" label=say(lang, "Who was present?", "کی حاضر بود؟") checks=checks.to_vec() row=true/>
                <TextField name="truck" label=say(lang, "Number plate", "نمبر پلیت") ltr=true width=Width::Middle value="KBL 12345" optional/>
                <TextArea name="notes" label=say(lang, "Notes", "یادداشت") optional
                    no_names=say(lang, "Do not write names of participants.", "نام اشتراک‌کنندگان را ننویسید.")/>
                <FileField name="photo" label=say(lang, "Photo of the goods", "عکس اجناس") optional accept="image/*"/>
                <CheckField name="alone" label=say(lang, "Done alone, to be confirmed", "تنها انجام شد") hint="Within 7 days"/>
                <SubmitBar label=say(lang, "Post the receipt", "ثبت دریافت") cancel=Some(Link::new("#", say(lang, "Cancel", "لغو")))
                    note=say(lang, "Makes a goods received note.", "یک رسید می‌سازد.")/>
            </Form>
            </Sheet>
            <Danger summary=say(lang, "Reverse this receipt", "برگشت این دریافت") text="Takes 6,000 pieces out of the store again." action="#"
                label=say(lang, "Reverse", "برگشت") open=true>
                <TextField name="why" label=say(lang, "Reason", "دلیل")/>
            </Danger>
        </Page>
    }
    .into_any()
}

pub fn event_sheet(lang: Lang) -> AnyView {
    let field = move |name: &'static str, english, dari| {
        let label = say(lang, english, dari);
        let words = quantity_words(lang);
        view! { <QuantityField name label words packing=Some((50, 10))/> }
    };
    view! {
        {bar(lang)}
        <Page narrow=true>
            <PageHead title=say(lang, "Event sheet", "ورق رویداد") subtitle="Mazar-e-Sharif"/>
            <Form action="#">
                <Sheet title=say(lang, "Leaflet “Know the risks”, Dari", "بروشور «خطرها را بشناسیم»، دری")>
                    {field("brought", "Brought", "آورده شد")}
                    {field("left", "Left over", "باقی ماند")}
                    {field("spoiled", "Spoiled", "خراب شد")}
                </Sheet>
                <Sheet title=say(lang, "Who came", "کی آمد")>
                    <FieldRow>
                        <NumberField name="women" label=say(lang, "Women", "زنان")/>
                        <NumberField name="men" label=say(lang, "Men", "مردان")/>
                        <NumberField name="girls" label=say(lang, "Girls", "دختران")/>
                        <NumberField name="boys" label=say(lang, "Boys", "پسران")/>
                    </FieldRow>
                </Sheet>
                <SubmitBar label=say(lang, "Post the sheet", "ثبت ورق")/>
            </Form>
        </Page>
    }
    .into_any()
}

/// What the islands add: scanning, and totals while typing.
pub fn scan(lang: Lang) -> AnyView {
    let locale = match lang {
        Lang::En => Locale::en,
        Lang::Fa => Locale::fa_AF,
        Lang::Ps => Locale::ps_AF,
    };
    let materials = vec![
        Choice::new("1", say(lang, "Leaflet", "بروشور")).packing(50, 10),
        Choice::new("2", say(lang, "Magazine", "مجله")).packing(25, 4),
    ];
    view! {
        <Page narrow=true>
            <PageHead title=say(lang, "Take stock to the event", "بردن به رویداد")/>
            <Form action="#">
                <ScanField name="codes" label=say(lang, "Codes", "کودها") words=words::scan(locale) lang/>
                <SelectField name="material" label=say(lang, "Material", "مواد") choices=materials
                    prompt=say(lang, "Choose", "انتخاب")/>
                <GivenSum words=words::given(locale)>
                    <QuantityField name="brought" label=say(lang, "Brought", "آورده شد")
                        words=words::quantity(locale) material="material"/>
                    <QuantityField name="left" label=say(lang, "Left over", "باقی ماند")
                        words=words::quantity(locale) material="material" minus=true/>
                </GivenSum>
                <Totals lang/>
            </Form>
        </Page>
    }
    .into_any()
}
