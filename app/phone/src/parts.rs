//! The parts of which the screens are made. Each is built in one place: every element that is written
//! out anew makes the program larger that a phone downloads.

use crate::home::cover;
use domain::field::known::KnownMaterial;
use leptos::prelude::*;

pub fn button(class: &'static str, label: String, press: impl Fn() + 'static) -> AnyView {
    boxed_button(class, label, Box::new(press))
}

fn boxed_button(class: &'static str, label: String, press: Box<dyn Fn()>) -> AnyView {
    let press = move |_| press();
    view! { <button type="button" class=class on:click=press>{label}</button> }.into_any()
}

pub fn link(class: &'static str, href: String, label: String) -> AnyView {
    view! { <a class=class href=href>{label}</a> }.into_any()
}

/// A link on which something happens before it leads on.
pub fn link_that(href: String, label: String, press: impl Fn() + 'static) -> AnyView {
    let press: Box<dyn Fn()> = Box::new(press);
    view! { <a class="btn" href=href on:click=move |_| press()>{label}</a> }.into_any()
}

pub fn text(class: &'static str, text: String) -> AnyView {
    view! { <p class=class>{text}</p> }.into_any()
}

/// A material as people know it: its picture, and its number with the title.
pub fn heading(material: &KnownMaterial) -> AnyView {
    let label = material.label();
    view! { <h2 class="phone-material">{cover(material)}<span>{label}</span></h2> }.into_any()
}

pub fn list(items: Vec<AnyView>) -> AnyView {
    view! { <ul class="phone-list">{items}</ul> }.into_any()
}

/// Buttons and links side by side.
pub fn row(parts: Vec<AnyView>) -> AnyView {
    view! { <div class="phone-jobs">{parts}</div> }.into_any()
}
