//! Papers: A4 and A5 pages in black ink, drawn the same on the screen as they print.

use super::text::Words;
use leptos::prelude::*;

/// The size of a paper.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub enum PaperSize {
    #[default]
    A4,
    A5,
}

/// One printed page (or more, when its tables are long): head, content, foot.
#[component]
pub fn Paper(
    #[prop(optional)] size: PaperSize,
    /// "Waybill", "Goods received note".
    #[prop(into)]
    title: String,
    /// The paper's number: `KBL-0042`.
    #[prop(optional, into)]
    number: Words,
    /// Who issues it, and what else stands below the title.
    #[prop(optional, into)]
    subtitle: Words,
    /// The QR as an SVG made by the server from a code, never from what people typed.
    #[prop(optional, into)]
    qr_svg: Words,
    /// What the QR says, to be typed: the code in groups.
    #[prop(optional, into)]
    qr_text: Words,
    /// At the start of the foot: printed when and by which role.
    #[prop(optional, into)]
    foot: Words,
    /// At the end of the foot: "1 of 2", "receiver's copy".
    #[prop(optional, into)]
    copy: Words,
    children: Children,
) -> impl IntoView {
    let class = match size {
        PaperSize::A4 => "paper paper-a4",
        PaperSize::A5 => "paper paper-a5",
    };
    let qr_text = qr_text.get();
    let qr = qr_svg.get().map(|svg| {
        let label = qr_text.clone();
        view! {
            <div>
                <div class="qr" role="img" aria-label=label inner_html=svg></div>
                {qr_text.map(|text| view! { <p class="code small">{text}</p> })}
            </div>
        }
    });
    let has_foot = !foot.is_missing() || !copy.is_missing();
    view! {
        <article class=class>
            <header class="paper-head">
                <div>
                    <h1>{title}</h1>
                    {number.get().map(|text| view! { <p class="number code">{text}</p> })}
                    {subtitle.get().map(|words| view! { <p>{words}</p> })}
                </div>
                {qr}
            </header>
            {children()}
            {has_foot.then(|| view! {
                <footer class="paper-foot">
                    <span>{foot.get()}</span>
                    <span>{copy.get()}</span>
                </footer>
            })}
        </article>
    }
}

/// Boxes to sign in: whose signature each is, and the words for name, date and signature.
#[component]
pub fn Signatures(
    roles: Vec<String>,
    #[prop(into)] name_label: String,
    #[prop(into)] date_label: String,
) -> impl IntoView {
    let show = |role: String| {
        view! {
            <div class="signature">
                <strong>{role}</strong>
                <div class="line">
                    <span>{name_label.clone()}</span>
                    <span>{date_label.clone()}</span>
                    <span></span>
                </div>
            </div>
        }
    };
    view! { <div class="signatures">{roles.into_iter().map(show).collect_view()}</div> }
}

/// Shown only when a page is printed: where it comes from and when it was drawn.
#[component]
pub fn PrintOnly(children: Children) -> impl IntoView {
    view! { <div class="print-only">{children()}</div> }
}
