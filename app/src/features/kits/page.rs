use crate::error::PageError;
use crate::features::{materials, reference};
use crate::forms::FormState;
use crate::i18n::{Locale, td_string};
use crate::page::{Page, PageResult};
use crate::posting::asks;
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Row};
use domain::ids::KitId;
use domain::reference::Standing;
use domain::role::Permission;
use leptos::prelude::*;
use stock::reference::kits::Kit;
use stock::reference::materials::Material;

fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/reference/kits", td_string!(l, kits.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let reader = visit.reader()?;
    let kits = reader.kits().await?;
    let may_edit = reader.may_everywhere(Permission::EditReference);
    let rows = kits.iter().map(|kit| {
        let pieces: i64 = kit.lines.iter().map(|line| line.pieces).sum();
        let titles: Vec<&str> = kit.lines.iter().map(|line| line.title.as_str()).collect();
        let cells = vec![
            Cell::link(format!("/reference/kits/{}", kit.id), &kit.name).below(titles.join(", ")),
            Cell::number(pieces, lang),
            Cell::number(kit.version, lang),
        ];
        (cells, kit.standing)
    });
    let rows: Vec<_> = rows.collect();
    let columns = vec![
        Column::text(td_string!(l, reference.name)),
        Column::number(td_string!(l, kits.pieces)),
        Column::number(td_string!(l, kits.version)),
    ];
    let title = td_string!(l, kits.title);
    let new = ui::Link::new("/reference/kits/new", td_string!(l, kits.new));
    let with_button = may_edit && !rows.is_empty();
    let content = if rows.is_empty() {
        let text = td_string!(l, kits.empty_text);
        reference::empty(td_string!(l, kits.empty), text, may_edit.then(|| new.clone()))
    } else {
        view! {
            <ui::Sheet>{reference::table(l, title, columns, rows)}</ui::Sheet>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page>
            <ui::PageHead title crumbs=reference::crumbs(l, None)>
                {with_button.then(|| view! {
                    <ui::ButtonLink href=new.href label=new.label main=true/>
                })}
            </ui::PageHead>
            {content}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

async fn of_path(visit: &Visit) -> Result<Kit, PageError> {
    let id: KitId = visit.param("id")?;
    visit.reader()?.kit(id).await?.ok_or(PageError::NotFound)
}

pub async fn show(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let kit = of_path(&visit).await?;
    let may_edit = visit.reader()?.may_everywhere(Permission::EditReference);
    let here = format!("/reference/kits/{}", kit.id);
    let standing_form = visit.form_of(&format!("{here}/standing")).await?;
    let end = may_edit.then(|| {
        reference::standing_form(l, format!("{here}/standing"), kit.standing, &standing_form)
    });
    let rows = kit.lines.iter().map(|line| {
        let href = format!("/reference/materials/{}", line.material);
        Row::new(vec![
            Cell::link(href, &line.title).below(line.short_number.as_str()),
            Cell::number(line.pieces, lang),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let total: i64 = kit.lines.iter().map(|line| line.pieces).sum();
    let foot =
        vec![Row::new(vec![Cell::text(td_string!(l, kits.together)), Cell::number(total, lang)])];
    let columns = vec![
        Column::text(td_string!(l, materials.material)),
        Column::number(td_string!(l, kits.pieces)),
    ];
    let version = lang.number(kit.version);
    let subtitle = if kit.used {
        td_string!(l, kits.version_used, version = version)
    } else {
        td_string!(l, kits.version_unused, version = version)
    };
    let (title, heading, standing) = (kit.name.clone(), kit.name.clone(), kit.standing);
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading subtitle crumbs=reference::crumbs(l, Some(list_link(l)))
                status=move || reference::standing_badge(l, standing)>
                {may_edit.then(|| view! {
                    <ui::ButtonLink href=format!("{here}/edit") main=true
                        label=td_string!(l, reference.edit)/>
                })}
            </ui::PageHead>
            {reference::saved_notice(&visit)}
            <ui::Sheet>
                <ui::DataTable caption=title.clone() hide_caption=true keep=true columns rows
                    foot/>
            </ui::Sheet>
            {end}
        </ui::Page>
    };
    Ok(Page::new(kit.name, body))
}

pub async fn new(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let form = visit.form().await?;
    let record = form.record(&visit);
    let materials = visit.reader()?.materials().await?;
    Ok(editor(visit, form, Some(record), materials, None))
}

pub async fn edit(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let kit = of_path(&visit).await?;
    let form = visit.form().await?;
    let materials = visit.reader()?.materials().await?;
    Ok(editor(visit, form, None, materials, Some(kit)))
}

/// A row a material: a number puts it into the kit, an empty field leaves it out.
fn editor(
    visit: Visit,
    form: FormState,
    record: Option<String>,
    materials: Vec<Material>,
    kit: Option<Kit>,
) -> Page {
    let l = visit.locale;
    let kit = kit.as_ref();
    let held = |material: &Material| {
        kit.and_then(|kit| kit.lines.iter().find(|line| line.material == material.id))
    };
    let offered = materials
        .iter()
        .filter(|material| material.standing == Standing::InUse || held(material).is_some());
    let fields: Vec<AnyView> = offered
        .map(|material| {
            let name = format!("pieces_{}", material.id);
            let pieces = held(material).map(|line| line.pieces.to_string()).unwrap_or_default();
            let value = form.or(&name, pieces);
            let error = form.error(&name);
            let hint = materials::identity(l, material.kind, material.language, &material.edition);
            // Isolated: a Latin title must not turn the punctuation of a Dari page around.
            let label = format!("\u{2068}{}\u{2069}", material.title);
            view! {
                <ui::NumberField name label hint value error unit=td_string!(l, materials.pieces)/>
            }
            .into_any()
        })
        .collect();
    let title = kit.map_or(td_string!(l, kits.new), |kit| &kit.name).to_owned();
    let heading = title.clone();
    let back =
        kit.map_or("/reference/kits".to_owned(), |kit| format!("/reference/kits/{}", kit.id));
    let name = form.or("name", kit.map_or("", |kit| &kit.name));
    let used = kit.is_some_and(|kit| kit.used);
    let cancel = ui::Link::new(back, td_string!(l, common.cancel));
    let content = if fields.is_empty() {
        let new = ui::Link::new("/reference/materials/new", td_string!(l, materials.new));
        let text = td_string!(l, kits.no_materials_text);
        reference::empty(td_string!(l, materials.empty), text, Some(new))
    } else {
        let sure = asks(&form, td_string!(l, recall.sure));
        let note = used.then(|| td_string!(l, kits.new_version));
        view! {
            <ui::Form action=visit.path error_title=form.title() errors=form.errors() record=record>
                <ui::TextField name="name" label=td_string!(l, reference.name) value=name
                    error=form.error("name")/>
                <ui::Stack>
                    <h2 id="f-lines" tabindex="-1">{td_string!(l, kits.holds)}</h2>
                    <p class="hint">{td_string!(l, kits.holds_hint)}</p>
                    {fields}
                </ui::Stack>
                {sure}
                <ui::SubmitBar label=td_string!(l, common.save) cancel=Some(cancel) note=note/>
            </ui::Form>
        }
        .into_any()
    };
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=reference::crumbs(l, Some(list_link(l)))/>
            {content}
        </ui::Page>
    };
    Page::new(title, body)
}
