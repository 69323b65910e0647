//! Fields that several pages of events share: quantities, choices of a material, who came.

use super::words::{group_name, isolated};
use crate::explain;
use crate::features::materials::numbered;
use crate::features::recall::stopping::Marks;
use crate::forms::{Fields, FormState, Post};
use crate::i18n::{Locale, td_string};
use crate::ui::{self, Check, Choice, Typed};
use crate::words;
use domain::attendance::{Attendance, Group, Headcount};
use domain::calendar::Lang;
use domain::event_sheet::amount;
use domain::material::Packing;
use domain::pieces::{Pieces, parse_count};
use domain::reference::Standing;
use leptos::prelude::*;
use stock::reference::materials::Material;

const PARTS: [&str; 3] = ["cartons", "bundles", "pieces"];

/// A quantity in cartons, bundles and pieces on the screen.
pub(crate) struct Quantity {
    pub name: String,
    pub label: String,
    pub hint: Option<String>,
    /// Known with the material.
    pub packing: Option<Packing>,
    /// The select that says which material it is, where that is still to be chosen.
    pub material: Option<String>,
    /// Taken from the sum around it instead of added to it.
    pub minus: bool,
}

impl Quantity {
    pub fn of(name: String, label: &str, packing: Option<Packing>) -> Self {
        Self { name, label: label.to_owned(), hint: None, packing, material: None, minus: false }
    }

    pub fn hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }

    /// Its material is chosen in the select called `select`.
    pub fn chosen_in(self, select: Option<String>) -> Self {
        Self { material: select, ..self }
    }

    pub fn minus(self) -> Self {
        Self { minus: true, ..self }
    }

    pub fn view(self, l: Locale, lang: Lang, form: &FormState) -> AnyView {
        let Self { name, label, hint, packing, material, minus } = self;
        let value = |part: &str| form.value(&format!("{name}_{part}"));
        let typed = Typed {
            cartons: value("cartons").into(),
            bundles: value("bundles").into(),
            pieces: value("pieces").into(),
        };
        let total = packing.and_then(|packing| read(form, &name, packing));
        let total = total.map(|n| td_string!(l, widgets.total, n = lang.number(n)));
        let packing = packing.map(|p| (p.per_bundle(), p.bundles_per_carton()));
        let error = form.error(&name);
        view! {
            <ui::QuantityField name label words=words::quantity(l) typed total packing material
                minus hint error/>
        }
        .into_any()
    }
}

/// What a refused form holds, as far as it can be read.
pub(crate) fn read(form: &FormState, name: &str, packing: Packing) -> Option<i64> {
    let part = |part: &str| parse_count(&form.value(&format!("{name}_{part}")));
    let parts = PARTS.map(part);
    let [Ok(cartons), Ok(bundles), Ok(pieces)] = parts else { return None };
    amount(packing, [cartons, bundles, pieces]).ok().flatten()
}

/// Reads a quantity; the inner `None` is "nothing was typed", the outer one a mistake.
pub(crate) fn quantity(post: &mut Post, name: &str, packing: Packing) -> Option<Option<i64>> {
    let l = post.visit.locale;
    let mut parts = [None; 3];
    for (part, word) in parts.iter_mut().zip(PARTS) {
        match parse_count(post.text(&format!("{name}_{word}"))) {
            Ok(count) => *part = count,
            Err(error) => {
                post.wrong(name, explain::pieces(error, l));
                return None;
            }
        }
    }
    match amount(packing, parts) {
        Ok(pieces) => Some(pieces),
        Err(error) => {
            post.wrong(name, explain::pieces(error, l));
            None
        }
    }
}

/// The same for something that is moved: zero pieces are nothing.
pub(crate) fn pieces(post: &mut Post, name: &str, packing: Packing) -> Option<Option<Pieces>> {
    let count = quantity(post, name, packing)?;
    Some(count.and_then(|count| Pieces::new(count).ok()))
}

/// Whether anything was typed into a quantity.
pub(crate) fn is_filled(post: &Post, name: &str) -> bool {
    PARTS.iter().any(|part| !post.text(&format!("{name}_{part}")).is_empty())
}

/// Reads a count; zero differs from nothing.
pub(crate) fn count(post: &mut Post, name: &str) -> Option<Option<i64>> {
    let l = post.visit.locale;
    post.parse(name, |text| parse_count(text).map_err(|error| explain::pieces(error, l)))
}

/// "Know the risks (M1 · Leaflet · Dari · 2017-1)".
pub(crate) fn material_label(l: Locale, material: &Material) -> String {
    format!("{} ({})", isolated(&material.title), numbered(l, material))
}

/// The materials in use, with their packing for the quantities that name the select.
pub(crate) fn material_choices(l: Locale, materials: &[Material], marks: &Marks) -> Vec<Choice> {
    let used = materials.iter().filter(|material| material.standing == Standing::InUse);
    let choice = |material: &Material| {
        let packing = material.packing;
        let label = marks.label(material.id, material_label(l, material));
        Choice::new(material.id.to_string(), label)
            .packing(packing.per_bundle(), packing.bundles_per_carton())
    };
    used.map(choice).collect()
}

/// "A carton holds 500 pieces, a bundle 50."
pub(crate) fn packing_hint(l: Locale, lang: Lang, packing: Packing) -> String {
    let (carton, bundle) = (lang.number(packing.per_carton()), lang.number(packing.per_bundle()));
    td_string!(l, events.packing, carton = carton, bundle = bundle)
}

/// The boxes of a headcount with their labels, in the order of the screen and of the paper.
pub(crate) fn people_boxes(l: Locale) -> [(&'static str, &'static str); 6] {
    [
        ("women", td_string!(l, events.women)),
        ("men", td_string!(l, events.men)),
        ("girls", td_string!(l, events.girls)),
        ("boys", td_string!(l, events.boys)),
        ("age_not_recorded", td_string!(l, events.age_not_recorded)),
        ("sex_not_recorded", td_string!(l, events.sex_not_recorded)),
    ]
}

/// Who came: six boxes, and the groups that were there. A correction begins with what was `said`.
pub(crate) fn attendance(l: Locale, form: &FormState, said: Option<&Attendance>) -> AnyView {
    let mut counts = said.map(|said| said.count.boxes()).unwrap_or_default().into_iter();
    let boxes = people_boxes(l).map(|(name, label)| {
        let count = counts.next().flatten().map(|count| count.to_string());
        let (value, error) = (form.or(name, count.unwrap_or_default()), form.error(name));
        view! { <ui::NumberField name label value error/> }
    });
    let boxes = boxes.into_iter().collect_view();
    let check = |group: &Group| {
        let name = format!("group_{}", group.as_str());
        let before = form.is_fresh() && said.is_some_and(|said| said.groups.contains(group));
        let checked = before || form.checked(&name);
        Check::new(name, group_name(l, *group), checked)
    };
    let checks: Vec<Check> = Group::ALL.iter().map(check).collect();
    view! {
        <p class="hint">{td_string!(l, events.people_hint)}</p>
        <ui::FieldRow boxes=true>{boxes}</ui::FieldRow>
        <ui::CheckCards name="groups" label=td_string!(l, events.groups) checks row=true/>
    }
    .into_any()
}

/// What was said about who came, as somebody would type it.
pub(super) fn typed_attendance(fields: &mut Fields, said: &Attendance) {
    let names = ["women", "men", "girls", "boys", "age_not_recorded", "sex_not_recorded"];
    for (name, count) in names.into_iter().zip(said.count.boxes()) {
        fields.push(name, count.map(|count| count.to_string()).unwrap_or_default());
    }
    for group in &said.groups {
        fields.push(format!("group_{}", group.as_str()), "true");
    }
}

/// Reads who came. The inner `None` is "nobody said anything", the outer one a mistake.
pub(crate) fn read_attendance(post: &mut Post) -> Option<Option<Attendance>> {
    let women = count(post, "women");
    let men = count(post, "men");
    let girls = count(post, "girls");
    let boys = count(post, "boys");
    let age_not_recorded = count(post, "age_not_recorded");
    let sex_not_recorded = count(post, "sex_not_recorded");
    let present = |group: &&Group| post.fields.has(&format!("group_{}", group.as_str()));
    let groups = Group::ALL.iter().filter(present).copied().collect();
    let count = Headcount {
        women: women?,
        men: men?,
        girls: girls?,
        boys: boys?,
        age_not_recorded: age_not_recorded?,
        sex_not_recorded: sex_not_recorded?,
    };
    let said = Attendance { count, groups };
    let says_something = said.count.is_recorded() || !said.groups.is_empty();
    Some(says_something.then_some(said))
}
