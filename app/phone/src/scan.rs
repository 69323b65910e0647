//! Codes, read by the camera or typed. The camera stays open; what was read is shown in words and
//! by its picture, and it goes on.

use crate::form::Form;
use crate::home::cover;
use crate::{Phone, Target, Word, fill, place, sheet};
use camera::{Camera, CameraError, signal};
use domain::code::{Code, CodeError, read};
use domain::field::known::{Known, Read};
use domain::ids::MaterialId;
use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Of which material something is that has this code.
pub fn material(known: &Known, code: Code) -> Option<MaterialId> {
    match known.read(code)? {
        Read::Pack(_, material) | Read::Batch(_, material) => Some(material.id),
        Read::Event(_) | Read::Consignment(_) => None,
    }
}

pub fn show(phone: Phone, target: Option<Target>) -> AnyView {
    let found = RwSignal::new(None::<Code>);
    let (trouble, open) = (RwSignal::new(String::new()), RwSignal::new(false));
    let video = NodeRef::<Video>::new();
    let camera = StoredValue::new_local(None::<Camera>);
    let hear = move |text: &str| match read(text) {
        Ok((_, code)) => {
            trouble.set(take(phone, target, code));
            found.set(Some(code));
            signal();
        }
        Err(CodeError::Check) => {
            let typed = text.rsplit('/').next().unwrap_or(text);
            trouble.set(fill(&phone.word(Word::wrong_code), "code", typed));
        }
        Err(CodeError::Length | CodeError::Character) => {
            trouble.set(phone.word(Word::other_code));
        }
    };
    Effect::new(move || {
        let Some(video) = video.get() else { return };
        spawn_local(async move {
            match Camera::open(video, move |text| hear(&text)).await {
                // Whoever went on meanwhile needs no camera.
                Ok(opened) => {
                    if camera.try_set_value(Some(opened)).is_none() {
                        open.try_set(true);
                    }
                }
                Err(error) => {
                    let why = phone.word(match error {
                        CameraError::Missing => Word::no_camera,
                        CameraError::Refused => Word::camera_refused,
                    });
                    trouble.try_set(why);
                }
            }
        });
    });
    on_cleanup(move || drop(camera.try_set_value(None)));
    let form = Form::new(phone, "scan".to_owned());
    let type_it = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = form.text("code");
        hear(&typed);
        if found.get_untracked().is_some_and(|code| read(&typed).is_ok_and(|(_, it)| it == code)) {
            form.set("code", String::new());
        }
    };
    let card = move || found.get().map(|code| card(phone, target, code));
    let back = target.map(|target| {
        let href = match target {
            Target::Sheet(event) => format!("#sheet/{event}"),
            Target::Drop => "#drop".to_owned(),
        };
        view! { <a class="btn main" href=href>{phone.word(Word::back)}</a> }
    });
    view! {
        {phone.head(phone.word(Word::scan))}
        <div class="scan-view" hidden=move || !open.get()>
            <video node_ref=video playsinline=true muted=true aria-hidden="true"></video>
        </div>
        <p class="phone-trouble" role="status">{move || trouble.get()}</p>
        <form class="phone-typed" on:submit=type_it>
            {form.line("code", phone.word(Word::typed_code))}
            <button class="btn">{phone.word(Word::look_up)}</button>
        </form>
        <div aria-live="polite">{card}</div>
        {back}
    }
    .into_any()
}

/// Puts a label's code where it was wanted; says so where it was there before.
fn take(phone: Phone, target: Option<Target>, code: Code) -> String {
    let Some(target) = target else { return String::new() };
    let kind = phone.known.with_untracked(|known| {
        known
            .as_ref()
            .and_then(|known| known.read(code))
            .is_some_and(|read| matches!(read, Read::Event(_) | Read::Consignment(_)))
    });
    if kind {
        return phone.word(Word::other_code);
    }
    add(phone, target, code)
}

fn add(phone: Phone, target: Target, code: Code) -> String {
    let form = Form::new(phone, target.key());
    let name = match target {
        Target::Sheet(_) => sheet::CODES,
        Target::Drop => place::CODES,
    };
    let codes = form.text(name);
    if codes.split(' ').any(|known| known == code.as_str()) {
        return fill(&phone.word(Word::read_again), "code", &code.grouped());
    }
    form.set(name, format!("{codes} {}", code.as_str()).trim().to_owned());
    String::new()
}

/// What the code is stuck on, and what can be done with it.
fn card(phone: Phone, target: Option<Target>, code: Code) -> AnyView {
    let known = phone.known.get_untracked();
    let read = known.as_ref().and_then(|known| known.read(code));
    let small = view! { <p class="quiet small" dir="ltr">{code.grouped()}</p> };
    let content = match read {
        Some(Read::Event(event)) => {
            let title = format!("{} · {}", event.number, event.place(phone.lang));
            let href = format!("#sheet/{}", event.id);
            let label = phone.word(Word::open_sheet);
            view! { <h2>{title}</h2><a class="btn main" href=href>{label}</a> }.into_any()
        }
        Some(Read::Consignment(coming)) => {
            let (title, href) = (coming.number.clone(), format!("#receive/{}", coming.id));
            let label = phone.word(Word::count_it);
            view! { <h2>{title}</h2><a class="btn main" href=href>{label}</a> }.into_any()
        }
        Some(Read::Pack(pack, material)) => {
            let pieces = phone.counted(Word::carton_of, pack.pieces);
            let stopped = known.as_ref().and_then(|known| known.batch(pack.batch));
            view! {
                <h2 class="phone-material">{cover(material)}<span>{material.label()}</span></h2>
                <p>{pieces}</p>
                {stopped.filter(|batch| batch.stopped).map(|_| stop(phone))}
                {target.is_none().then(|| uses(phone, code))}
            }
            .into_any()
        }
        Some(Read::Batch(batch, material)) => view! {
            <h2 class="phone-material">{cover(material)}<span>{material.label()}</span></h2>
            <p>{phone.word(Word::batch_of)}</p>
            {batch.stopped.then(|| stop(phone))}
            {target.is_none().then(|| uses(phone, code))}
        }
        .into_any(),
        None => {
            let text = fill(&phone.word(Word::unknown_code), "code", &code.grouped());
            view! { <p>{text}</p>{target.is_none().then(|| uses(phone, code))} }.into_any()
        }
    };
    view! { <section class="phone-part phone-card">{small}{content}</section> }.into_any()
}

fn stop(phone: Phone) -> AnyView {
    view! { <p class="phone-notice warn">{phone.word(Word::stopped)}</p> }.into_any()
}

/// Where a label that was read can go: into a drop, or into the sheet of an event that is due.
fn uses(phone: Phone, code: Code) -> AnyView {
    let today = crate::clock::now().day();
    let events = phone.known.with_untracked(|known| {
        let events = known.as_ref().map(|known| known.events.items().to_vec());
        events.unwrap_or_default()
    });
    let events = events.into_iter().filter(|event| event.is_due(today)).take(3);
    let sheets = events.map(|event| {
        let target = Target::Sheet(event.id);
        let label = phone.word(Word::in_sheet);
        let label = format!("{label} {} · {}", event.place(phone.lang), event.number);
        let href = format!("#sheet/{}", event.id);
        let use_it = move |_| drop(add(phone, target, code));
        view! { <a class="btn" href=href on:click=use_it>{label}</a> }
    });
    let to_drop = move |_| drop(add(phone, Target::Drop, code));
    view! {
        <div class="phone-jobs">
            {sheets.collect_view()}
            <a class="btn" href="#drop" on:click=to_drop>{phone.word(Word::job_drop)}</a>
        </div>
    }
    .into_any()
}
