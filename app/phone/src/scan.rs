//! Codes, read by the camera or typed. The camera stays open; what was read is shown in words and
//! by its picture, and it goes on.

use crate::change::What;
use crate::form::Form;
use crate::parts::{self, button, heading, link, link_that, row};
use crate::{Phone, Target, Word, fill, labels};
use camera::{Camera, CameraError, signal};
use domain::code::{Code, CodeError, CodeKind, host, read};
use domain::field::known::{KnownBatch, KnownMaterial, Read};
use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What was read last.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Found {
    code: Code,
    /// Only a square says what it is stuck on; where a code is typed nobody knows.
    kind: Option<CodeKind>,
    /// It was in the form before.
    again: bool,
}

pub fn show(phone: Phone, target: Option<Target>) -> AnyView {
    let found = RwSignal::new(None::<Found>);
    // The camera has its place from the beginning: what is below must not move under a thumb.
    let (trouble, closed) = (RwSignal::new(String::new()), RwSignal::new(false));
    // Whether the lamp shines, where there is one.
    let torch = RwSignal::new(None::<bool>);
    let video = NodeRef::<Video>::new();
    let camera = StoredValue::new_local(None::<Camera>);
    let hear = move |text: &str| match read(text) {
        Ok((_, code)) if is_of_others(phone, text, code) => {
            let host = host(text).unwrap_or_default();
            trouble.set(fill(&phone.word(Word::other_programme), "host", host));
        }
        Ok((kind, code)) => {
            let taken = take(phone, target, (kind, code));
            trouble.set(taken.err().map(|unfit| phone.word(unfit)).unwrap_or_default());
            found.set(Some(Found { code, kind, again: taken == Ok(true) }));
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
                    torch.try_set(opened.torch().map(|_| false));
                    drop(camera.try_set_value(Some(opened)));
                }
                Err(error) => {
                    let why = phone.word(match error {
                        CameraError::Missing => Word::no_camera,
                        CameraError::Refused => Word::camera_refused,
                    });
                    trouble.try_set(why);
                    closed.try_set(true);
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
        if found
            .get_untracked()
            .is_some_and(|it| read(&typed).is_ok_and(|(_, code)| it.code == code))
        {
            form.set("code", String::new());
        }
    };
    let card = move || found.get().map(|it| card(phone, target, it, move || found.set(None)));
    let lamp = move || {
        torch.get().map(|on| {
            let switch = move |_| {
                let lamp = camera.with_value(|camera| camera.as_ref().and_then(Camera::torch));
                lamp.into_iter().for_each(|lamp| lamp.shine(!on));
                torch.set(Some(!on));
            };
            view! {
                <button type="button" class="phone-toggle" aria-pressed=on.to_string()
                    on:click=switch>
                    {phone.word(Word::torch)}
                </button>
            }
        })
    };
    let back = target.map(|target| {
        let href = format!("#{}", target.key());
        link("btn main", href, phone.word(Word::back))
    });
    view! {
        {phone.head(phone.word(Word::scan))}
        <div class="scan-view" hidden=move || closed.get()>
            <video node_ref=video playsinline=true muted=true aria-hidden="true"></video>
        </div>
        {lamp}
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

/// Another programme sticks such labels too. What the phone knows is ours under any address that
/// the server ever had.
fn is_of_others(phone: Phone, text: &str, code: Code) -> bool {
    let here = window().location().host().unwrap_or_default();
    let elsewhere = host(text).is_some_and(|host| !host.eq_ignore_ascii_case(&here));
    elsewhere
        && phone
            .known
            .with_untracked(|known| known.as_ref().and_then(|known| known.read(code)).is_none())
}

/// Puts a label's code where it was wanted; whether it was there before.
fn take(
    phone: Phone,
    target: Option<Target>,
    (kind, code): (Option<CodeKind>, Code),
) -> Result<bool, Word> {
    let Some(target) = target else { return Ok(false) };
    let is_paper = phone.known.with_untracked(|known| {
        let read = known.as_ref().and_then(|known| known.read(code));
        matches!(read, Some(Read::Event(_) | Read::Consignment(_)))
    });
    if is_paper || matches!(kind, Some(CodeKind::Event | CodeKind::Consignment)) {
        return Err(Word::no_label);
    }
    Ok(labels::add(Form::new(phone, target.key()), code))
}

/// What the code is stuck on, and what can be done with it.
fn card(
    phone: Phone,
    target: Option<Target>,
    Found { code, kind, again }: Found,
    close: impl Fn() + Copy + 'static,
) -> AnyView {
    let known = phone.known.get_untracked();
    let read = known.as_ref().and_then(|known| known.read(code));
    let small = view! { <p class="quiet small" dir="ltr">{code.grouped()}</p> };
    let link = |href: String, label: Word| link("btn main", href, phone.word(label));
    let content = match read {
        Some(Read::Event(event)) => {
            paper(event.about(phone.lang), link(format!("#sheet/{code}"), Word::open_sheet))
        }
        Some(Read::Consignment(coming)) => {
            paper(coming.number.clone(), link(format!("#receive/{code}"), Word::count_it))
        }
        Some(Read::Pack(pack, material)) => {
            let pieces = phone.counted(Word::carton_of, pack.pieces);
            let stopped = known.as_ref().and_then(|known| known.batch(pack.batch));
            label(phone, target, code, (material, pieces), stopped)
        }
        Some(Read::Batch(batch, material)) => {
            label(phone, target, code, (material, phone.word(Word::batch_of)), Some(batch))
        }
        None => {
            let text = fill(&phone.word(Word::unknown_code), "code", &code.grouped());
            let is = |wanted| target.is_none() && kind.is_none_or(|kind| kind == wanted);
            let form = is(CodeKind::Event).then(|| link(format!("#sheet/{code}"), Word::from_form));
            let waybill = is(CodeKind::Consignment)
                .then(|| link(format!("#receive/{code}"), Word::from_waybill));
            let label = (is(CodeKind::Pack) || is(CodeKind::Batch)).then(|| uses(phone, code));
            let which = target.map(|target| labels::which(Form::new(phone, target.key()), code));
            view! { {parts::text("", text)}{form}{waybill}{label}{which} }.into_any()
        }
    };
    let ask = again.then(|| ask_again(phone, target, code, close));
    view! { <section class="phone-part phone-card">{small}{content}{ask}</section> }.into_any()
}

/// An event's form, or a waybill.
fn paper(title: String, link: AnyView) -> AnyView {
    view! { <h2>{title}</h2>{link} }.into_any()
}

/// A second carton with the same label, or the same carton once more? Where nothing is counted by
/// labels it makes no difference.
fn ask_again(
    phone: Phone,
    target: Option<Target>,
    code: Code,
    close: impl Fn() + Copy + 'static,
) -> AnyView {
    let text = fill(&phone.word(Word::read_again), "code", &code.grouped());
    let counted = |target: &Target| matches!(target, Target::Drop | Target::Change(_));
    let counts = target.filter(counted).map(|target| {
        let again = move || {
            labels::one_more(Form::new(phone, target.key()), code);
            close();
        };
        row(vec![
            button("btn", phone.word(Word::again), again),
            button("btn", phone.word(Word::by_mistake), close),
        ])
    });
    view! { {parts::text("phone-notice warn", text)}{counts} }.into_any()
}

/// The label of a carton or batch.
fn label(
    phone: Phone,
    target: Option<Target>,
    code: Code,
    (material, what): (&KnownMaterial, String),
    batch: Option<&KnownBatch>,
) -> AnyView {
    let stopped = batch.is_some_and(|batch| batch.stopped);
    view! {
        {heading(material)}
        {parts::text("", what)}
        {stopped.then(|| parts::text("phone-notice warn", phone.word(Word::stopped)))}
        {target.is_none().then(|| uses(phone, code))}
    }
    .into_any()
}

/// Where a label that was read can go: into the sheet of an event that is due, or to what else
/// happened to it.
fn uses(phone: Phone, code: Code) -> AnyView {
    let today = crate::clock::now().day();
    let events = phone.known.with_untracked(|known| {
        let events = known.as_ref().map(|known| known.events.items().to_vec());
        events.unwrap_or_default()
    });
    let events = events.into_iter().filter(|event| event.is_due(today)).take(3);
    let sheets = events.map(|event| {
        let label = phone.word(Word::in_sheet);
        let label = format!("{label} {} · {}", event.place(phone.lang), event.number);
        (Target::Sheet(event.code), label)
    });
    let drop = (Target::Drop, phone.word(Word::job_drop));
    let changes = What::ALL.map(|what| (Target::Change(what), phone.job(what.job())));
    let links = sheets.chain([drop]).chain(changes).map(|(target, label)| {
        let use_it = move || {
            labels::add(Form::new(phone, target.key()), code);
        };
        link_that(format!("#{}", target.key()), label, use_it)
    });
    row(links.collect())
}
