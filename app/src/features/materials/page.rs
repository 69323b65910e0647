use super::{identity, kind_name, language_name};
use crate::error::PageError;
use crate::features::reference;
use crate::i18n::{Locale, td_string};
use crate::page::{File, FileResult, Page, PageResult};
use crate::session::Visit;
use crate::ui::{self, Cell, Column, Definition};
use domain::calendar::Lang;
use domain::decimal::thousandths;
use domain::ids::MaterialId;
use domain::reference::Standing;
use domain::role::Permission;
use leptos::prelude::*;
use stock::reference::attachments::AttachmentId;
use stock::reference::materials::Material;

pub(super) fn list_link(l: Locale) -> ui::Link {
    ui::Link::new("/reference/materials", td_string!(l, materials.title))
}

pub async fn list(visit: Visit) -> PageResult {
    let (l, lang) = (visit.locale, visit.lang());
    let reader = visit.reader()?;
    let materials = reader.materials().await?;
    let may_edit = reader.may_everywhere(Permission::EditReference);
    let rows: Vec<_> = materials.iter().map(|material| row(l, lang, material)).collect();
    let columns = vec![
        Column::text(td_string!(l, materials.material)),
        Column::text(td_string!(l, materials.short_number)),
        Column::text(td_string!(l, materials.outside_name)),
        Column::number(td_string!(l, materials.pieces_per_carton)),
    ];
    let title = td_string!(l, materials.title);
    let new = ui::Link::new("/reference/materials/new", td_string!(l, materials.new));
    let with_button = may_edit && !rows.is_empty();
    let content = if rows.is_empty() {
        let text = td_string!(l, materials.empty_text);
        reference::empty(td_string!(l, materials.empty), text, may_edit.then(|| new.clone()))
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

fn row(l: Locale, lang: Lang, material: &Material) -> (Vec<Cell>, Standing) {
    let href = format!("/reference/materials/{}", material.id);
    let identity = identity(l, material.kind, material.language, &material.edition);
    let number = material.short_number.as_str().to_owned();
    let cells = vec![
        Cell::link(href, &material.title).below(identity),
        Cell::view(view! { <ui::Ref text=number/> }),
        Cell::text(&material.outside_name),
        Cell::number(material.packing.per_carton(), lang),
    ];
    (cells, material.standing)
}

pub(super) async fn of_path(visit: &Visit) -> Result<Material, PageError> {
    let id: MaterialId = visit.param("id")?;
    visit.reader()?.material(id).await?.ok_or(PageError::NotFound)
}

pub async fn show(visit: Visit) -> PageResult {
    let l = visit.locale;
    let material = of_path(&visit).await?;
    let reader = visit.reader()?;
    let may_edit = reader.may_everywhere(Permission::EditReference);
    let successor = match material.superseded_by {
        Some(id) => reader.material(id).await?,
        None => None,
    };
    let here = format!("/reference/materials/{}", material.id);
    let standing_form = visit.form_of(&format!("{here}/standing")).await?;
    let end = may_edit.then(|| {
        let action = format!("{here}/standing");
        reference::standing_form(l, action, material.standing, &standing_form)
    });
    let picture = material.cover.map(|cover| picture(l, &material, cover));
    let change_cover = may_edit.then(|| {
        let label = td_string!(l, materials.cover_new);
        view! { <ui::ButtonLink href=format!("{here}/cover") label/> }
    });
    let subtitle = identity(l, material.kind, material.language, &material.edition);
    let (title, heading) = (material.title.clone(), material.title.clone());
    let standing = material.standing;
    let items = facts(l, visit.lang(), material, successor);
    let body = view! {
        <ui::Page>
            <ui::PageHead title=heading subtitle crumbs=reference::crumbs(l, Some(list_link(l)))
                status=move || reference::standing_badge(l, standing)>
                {may_edit.then(|| view! {
                    <ui::ButtonLink href=format!("{here}/edit") main=true
                        label=td_string!(l, reference.edit)/>
                })}
            </ui::PageHead>
            {reference::saved_notice(&visit)}
            <ui::Cols>
                <ui::Sheet><ui::Definitions items/></ui::Sheet>
                <ui::Sheet title=td_string!(l, materials.cover)>
                    {match picture {
                        Some(picture) => picture,
                        None => view! {
                            <p class="quiet">{td_string!(l, materials.cover_none)}</p>
                        }.into_any(),
                    }}
                    {change_cover}
                </ui::Sheet>
            </ui::Cols>
            {end}
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

fn picture(l: Locale, material: &Material, cover: AttachmentId) -> AnyView {
    let alt = td_string!(l, materials.cover_of, title = material.title.clone());
    view! { <img class="cover" src=format!("/attachments/{cover}") alt=alt/> }.into_any()
}

fn facts(
    l: Locale,
    lang: Lang,
    material: Material,
    successor: Option<Material>,
) -> Vec<Definition> {
    let packing = td_string!(
        l,
        materials.packing_is,
        pieces = lang.number(material.packing.per_bundle()),
        bundles = lang.number(material.packing.bundles_per_carton()),
        carton = lang.number(material.packing.per_carton())
    );
    let number = material.short_number.as_str().to_owned();
    let mut items = vec![
        Definition::new(td_string!(l, materials.short_number), view! { <ui::Ref text=number/> }),
        Definition::new(td_string!(l, materials.outside_name), material.outside_name),
        Definition::new(td_string!(l, reference.kind), kind_name(l, material.kind)),
        Definition::new(td_string!(l, materials.language), language_name(l, material.language)),
        Definition::new(td_string!(l, materials.edition), material.edition),
        Definition::new(td_string!(l, materials.packing), packing),
    ];
    if let Some(weight) = material.carton_weight_g {
        let words = td_string!(l, materials.kilograms, weight = lang.digits(&thousandths(weight)));
        items.push(Definition::new(td_string!(l, materials.carton_weight), words));
    }
    if let Some(volume) = material.carton_volume_cm3 {
        let words = td_string!(l, materials.litres, volume = lang.digits(&thousandths(volume)));
        items.push(Definition::new(td_string!(l, materials.carton_volume), words));
    }
    if !material.contact_numbers.is_empty() {
        let numbers = material.contact_numbers.into_iter();
        let numbers = numbers.map(|number| view! { <div><bdi>{number}</bdi></div> });
        let numbers = numbers.collect_view();
        items.push(Definition::new(td_string!(l, materials.contact_numbers), numbers));
    }
    if let Some(successor) = successor {
        let href = format!("/reference/materials/{}", successor.id);
        let words = format!("{} · {}", successor.title, successor.edition);
        let link = view! { <a href=href>{words}</a> };
        items.push(Definition::new(td_string!(l, materials.superseded_by), link));
    }
    items
}

/// One picture at a time: the form has its own page, because a file cannot wait in a draft.
pub async fn cover(visit: Visit) -> PageResult {
    reference::require_everywhere(&visit)?;
    let l = visit.locale;
    let material = of_path(&visit).await?;
    let form = visit.form().await?;
    let here = format!("/reference/materials/{}", material.id);
    let cancel = ui::Link::new(here, td_string!(l, common.cancel));
    let title = td_string!(l, materials.cover_of, title = material.title);
    let heading = title.clone();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=reference::crumbs(l, Some(list_link(l)))/>
            <ui::Form action=visit.path files=true error_title=form.title() errors=form.errors()>
                <ui::FileField name="cover" label=td_string!(l, materials.cover_new)
                    hint=td_string!(l, materials.cover_hint) error=form.error("cover")
                    accept="image/jpeg,image/png,image/webp"/>
                <ui::SubmitBar label=td_string!(l, materials.cover_save) cancel=Some(cancel)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body))
}

pub async fn attachment(visit: Visit) -> FileResult {
    let id: AttachmentId = visit.param("sha256")?;
    let kept = visit.reader()?.attachment(id).await?;
    let (media_type, bytes) = kept.ok_or(PageError::NotFound)?;
    Ok(File { media_type: media_type.as_str(), bytes, save_as: None })
}
