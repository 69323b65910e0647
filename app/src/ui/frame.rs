//! What surrounds a page: the bar, the head with its one main button, sheets and columns.

use super::text::{Lang, Link, Words, kept_together};
use leptos::prelude::*;

/// One entry of the navigation. `waiting` shows how many things wait there.
#[derive(Clone, Default, Debug)]
pub struct NavItem {
    pub link: Link,
    pub current: bool,
    pub waiting: Option<String>,
}

impl NavItem {
    pub fn new(href: impl Into<String>, label: impl Into<String>, current: bool) -> Self {
        Self { link: Link::new(href, label), current, waiting: None }
    }

    pub fn waiting(mut self, count: impl Into<String>) -> Self {
        self.waiting = Some(count.into());
        self
    }
}

fn nav_list(items: Vec<NavItem>) -> impl IntoView {
    let entry = |item: NavItem| {
        view! {
            <li>
                <a href=item.link.href aria-current=item.current.then_some("page")>
                    {item.link.label}
                    {item.waiting.map(|count| view! { <span class="count">{count}</span> })}
                </a>
            </li>
        }
    };
    view! { <ul>{items.into_iter().map(entry).collect_view()}</ul> }
}

/// The bar on top of every page. Children stand at its end: languages and the user menu.
#[component]
pub fn Bar(
    #[prop(into)] brand: String,
    #[prop(default = "/".to_owned(), into)] home: String,
    /// The name of the navigation for screen readers.
    #[prop(into)]
    nav_label: String,
    /// The word on the button that opens the navigation of a narrow screen.
    #[prop(into)]
    menu_label: String,
    /// "Skip to the content": the first stop of a keyboard.
    #[prop(into)]
    skip_label: String,
    #[prop(optional)] items: Vec<NavItem>,
    children: Children,
) -> impl IntoView {
    let has_items = !items.is_empty();
    let again = items.clone();
    view! {
        <a class="skip" href="#main">{skip_label}</a>
        <header class="bar">
            <a class="bar-home" href=home>{brand}</a>
            {has_items.then(|| view! {
                <nav class="bar-nav" aria-label=nav_label.clone()>{nav_list(items)}</nav>
                <details class="bar-menu">
                    <summary>{menu_label}</summary>
                    <nav aria-label=nav_label>{nav_list(again)}</nav>
                </details>
            })}
            <div class="bar-end">{children()}</div>
        </header>
    }
}

/// The languages, each in its own name. A form, because choosing one changes a cookie: `action`
/// receives `lang` and `back`.
#[component]
pub fn Languages(
    #[prop(into)] label: String,
    #[prop(into)] action: String,
    #[prop(into)] back: String,
    current: Lang,
) -> impl IntoView {
    let button = move |lang: Lang| {
        let name = if lang == Lang::En { "EN" } else { lang.own_name() };
        view! {
            <button name="lang" value=lang.tag() lang=lang.tag() title=lang.own_name()
                aria-label=lang.own_name() aria-current=(lang == current).then_some("true")>
                {name}
            </button>
        }
    };
    view! {
        <form class="languages" method="post" action=action role="group" aria-label=label>
            <input type="hidden" name="back" value=back/>
            {Lang::ALL.map(button).into_iter().collect_view()}
        </form>
    }
}

/// Who is logged in, and what can be done about it. Children are links and forms in a list.
#[component]
pub fn UserMenu(
    #[prop(into)] name: String,
    #[prop(optional, into)] role: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="menu">
            <summary><span dir="auto">{name.clone()}</span></summary>
            <div class="menu-items">
                <p>{name}{role.get().map(|role| view! { <br/>{role} })}</p>
                {children()}
            </div>
        </details>
    }
}

/// The content of a page. `narrow` for forms and single papers.
#[component]
pub fn Page(#[prop(optional)] narrow: bool, children: Children) -> impl IntoView {
    let class = if narrow { "page page-narrow" } else { "page" };
    view! { <main id="main" class=class tabindex="-1">{children()}</main> }
}

/// The head of a page. Actions come as children: plain `.btn` links first, the one
/// `.btn.main` last, at the end of the reading direction.
#[component]
pub fn PageHead(
    #[prop(into)] title: String,
    #[prop(optional, into)] subtitle: Words,
    #[prop(optional)] crumbs: Vec<Link>,
    /// A status badge or the like, after the title.
    #[prop(optional, into)]
    status: ViewFn,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let crumb = |link: Link| view! { <li><a href=link.href>{link.label}</a></li> };
    view! {
        <div class="head">
            <div class="head-words">
                {(!crumbs.is_empty()).then(|| view! {
                    <ol class="crumbs">{crumbs.into_iter().map(crumb).collect_view()}</ol>
                })}
                <h1>{kept_together(&title)}</h1>
                {subtitle.get().map(|words| view! { <p>{words}</p> })}
                {status.run()}
            </div>
            {children.map(|children| view! { <div class="head-do">{children()}</div> })}
        </div>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    /// The one main button of the page.
    #[prop(optional)]
    main: bool,
) -> impl IntoView {
    view! { <a class=if main { "btn main" } else { "btn" } href=href>{label}</a> }
}

/// A white sheet with a hairline and, usually, a title. `more` links to the rest of it.
#[component]
pub fn Sheet(
    #[prop(optional, into)] title: Words,
    #[prop(optional, into)] id: Words,
    #[prop(optional)] more: Option<Link>,
    children: Children,
) -> impl IntoView {
    let head = title.get().map(|title| {
        view! {
            <div class="sheet-head">
                <h2>{title}</h2>
                {more.map(|link| view! { <a href=link.href>{link.label}</a> })}
            </div>
        }
    });
    view! { <section class="sheet" id=id.get()>{head}{children()}</section> }
}

/// Two columns on a desk, one below the other on a phone. Wide and narrow, or `even`.
#[component]
pub fn Cols(#[prop(optional)] even: bool, children: Children) -> impl IntoView {
    view! { <div class=if even { "cols cols-even" } else { "cols" }>{children()}</div> }
}

/// Things below each other with the distance of a sheet.
#[component]
pub fn Stack(#[prop(optional)] wide: bool, children: Children) -> impl IntoView {
    view! { <div class=if wide { "stack stack-wide" } else { "stack" }>{children()}</div> }
}
