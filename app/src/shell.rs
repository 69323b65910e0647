//! The document around every page: head, bar, navigation by role, and the pages of problems.

use crate::forms::Fields;
use crate::i18n::{self, Locale, td_string};
use crate::page::{Frame, Page};
use crate::routes;
use crate::session::Visit;
use crate::ui;
use domain::records::seal::PrintedSeal;
use domain::role::Role;
use http::StatusCode;
use leptos::prelude::*;

/// Most pages have no island: they do not load the client at all.
const WAKE_ISLANDS: &str = "if (document.querySelector('leptos-island')) \
    document.head.append(document.getElementById('client').content)";

/// The phone's screens are a program of their own.
const WAKE_PHONE: &str = "import start from '/pkg/phone.js'; \
    start({ module_or_path: '/pkg/phone_bg.wasm' })";

/// The button to print is there only where it works.
const PRINT: &str = "const button = document.getElementById('print'); button.hidden = false; \
    button.addEventListener('click', () => print())";

/// What went wrong, as far as its reader can do something about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    NotFound,
    SignIn,
    Internal,
    TooLarge,
    OtherSite,
    /// It did not answer in time, or its database does not.
    NoAnswer,
    /// Try again after so many seconds.
    TooMany {
        seconds: i64,
    },
    StorageFull,
}

impl Problem {
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::OtherSite => StatusCode::FORBIDDEN,
            Self::NoAnswer => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        }
    }

    pub(crate) fn words(self, l: Locale) -> (String, String) {
        let (title, text) = match self {
            Self::NotFound => {
                (td_string!(l, errors.not_found_title), td_string!(l, errors.not_found_text))
            }
            Self::SignIn => {
                (td_string!(l, errors.sign_in_title), td_string!(l, errors.sign_in_text))
            }
            Self::Internal => {
                (td_string!(l, errors.internal_title), td_string!(l, errors.internal_text))
            }
            Self::TooLarge => {
                (td_string!(l, errors.too_large_title), td_string!(l, errors.too_large_text))
            }
            Self::OtherSite => {
                (td_string!(l, errors.other_site_title), td_string!(l, errors.other_site_text))
            }
            Self::StorageFull => {
                (td_string!(l, errors.full_title), td_string!(l, errors.full_text))
            }
            Self::TooMany { seconds } => {
                let minutes = seconds / 60 + 1;
                let n = i18n::lang(l).number(minutes);
                let text = td_string!(l, errors.too_many_text, count = minutes, minutes = n);
                return (td_string!(l, errors.too_many_title).to_string(), text.to_string());
            }
            Self::NoAnswer => {
                (td_string!(l, errors.no_answer_title), td_string!(l, errors.no_answer_text))
            }
        };
        (title.to_string(), text.to_string())
    }
}

pub(crate) fn problem(visit: &Visit, problem: Problem) -> Page {
    let (title, text) = problem.words(visit.locale);
    let home = ui::Link::new("/", td_string!(visit.locale, errors.to_front).to_string());
    let frame = if visit.signed.is_some() { Frame::Desk } else { Frame::Bare };
    let heading = title.clone();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading/>
            <ui::Empty title=text action=home/>
        </ui::Page>
    };
    Page::new(title, body).frame(frame).problem(problem)
}

/// The page of a problem that passes: what was typed waits in it to be sent again.
pub(crate) fn send_again(visit: &Visit, what: Problem, action: String, fields: &Fields) -> Page {
    let (title, text) = what.words(visit.locale);
    let typed = fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let sends = typed.collect();
    let label = td_string!(visit.locale, errors.send_again).to_string();
    let heading = title.clone();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading/>
            <ui::Sheet>
                <p>{text}</p>
                <ui::PostButton action label sends main=true/>
            </ui::Sheet>
        </ui::Page>
    };
    Page::new(title, body).frame(Frame::Bare).problem(what)
}

pub(crate) fn document(
    visit: &Visit,
    page: Page,
    seal: Option<PrintedSeal>,
    mark: Option<i64>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let title = match page.frame {
        Frame::Desk | Frame::Bare => {
            format!("{} · {}", page.title, td_string!(locale, common.title))
        }
        // Browsers print it above papers.
        // A neutral name on a phone.
        Frame::Paper | Frame::Phone => page.title.clone(),
    };
    let printed = (page.frame == Frame::Desk).then(|| printed(visit, seal));
    let options = visit.state.settings.leptos.clone();
    let prints = page.back.is_some();
    let read_only = (page.frame == Frame::Desk && visit.state.stock.is_read_only()).then(|| {
        view! { <p class="read-only no-print" role="status">{td_string!(locale, common.read_only)}</p> }
    });
    let installs = page.frame == Frame::Phone;
    let style = if installs { "/pkg/phone.css" } else { "/pkg/tawzi.css" };
    let bare = (page.frame == Frame::Bare).then_some("bare");
    let bar = match page.frame {
        Frame::Desk => Some(bar(visit, navigation(visit)).into_any()),
        Frame::Bare => Some(bar(visit, Vec::new()).into_any()),
        Frame::Paper => page.back.clone().map(|back| paper_bar(locale, back)),
        Frame::Phone => None,
    };
    view! {
        <!DOCTYPE html>
        <html lang=i18n::lang(locale).tag() dir=i18n::lang(locale).dir()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="referrer" content="same-origin"/>
                <title>{ui::plain(&title)}</title>
                <link rel="stylesheet" href=style/>
                <link rel="icon" href="/icon.svg" type="image/svg+xml"/>
                {if installs { wake_phone().into_any() } else { wake_islands(options).into_any() }}
                {prints.then(|| view! {
                    <script type="module" nonce=leptos::nonce::use_nonce()>{PRINT}</script>
                })}
                // Not in the body: what a page says is the same whatever others do.
                {mark.map(|mark| view! {
                    <script type="module" src="/live.js" id="live" data-seen=mark></script>
                })}
            </head>
            <body class=bare>
                {bar}
                {read_only}
                {mark.is_some().then(|| news(visit))}
                {page.body}
                {printed}
            </body>
        </html>
    }
}

fn wake_islands(options: LeptosOptions) -> impl IntoView {
    view! {
        <template id="client"><HydrationScripts options islands=true/></template>
        <script type="module" nonce=leptos::nonce::use_nonce()>{WAKE_ISLANDS}</script>
    }
}

/// All of it is asked for at once: each file that waits for the one before it costs a way to and fro.
fn wake_phone() -> impl IntoView {
    view! {
        <link rel="manifest" href="/field/app.webmanifest"/>
        <link rel="modulepreload" href="/pkg/phone.js" nonce=leptos::nonce::use_nonce()/>
        <link rel="preload" href="/pkg/phone_bg.wasm" r#as="fetch" type="application/wasm" crossorigin=""/>
        <script type="module" nonce=leptos::nonce::use_nonce()>{WAKE_PHONE}</script>
    }
}

/// What the script of live updates may say when the page has changed.
fn news(visit: &Visit) -> impl IntoView + use<> {
    let l = visit.locale;
    // The page itself: an empty address is where one is.
    view! {
        <div class="changed no-print" id="changed" role="status">
            <template class="read">
                <p>{td_string!(l, common.changed)}" "
                    <a href="">{td_string!(l, common.changed_show)}</a></p>
            </template>
            <template class="typed">
                <p>{td_string!(l, common.changed_typed)}" "
                    <a href="" target="_blank">{td_string!(l, common.changed_beside)}</a></p>
            </template>
        </div>
    }
}

/// Above a paper on the screen: the way back, and the printer.
fn paper_bar(l: Locale, back: String) -> AnyView {
    let title = td_string!(l, common.paper_bar);
    view! {
        <nav class="paper-bar no-print" aria-label=title>
            <a class="btn" href=back>{td_string!(l, common.back)}</a>
            <button class="btn main" type="button" id="print" hidden=true>
                {td_string!(l, common.print)}
            </button>
        </nav>
    }
    .into_any()
}

/// Below a page on paper: when it was printed, by which role, and the seal of the books.
fn printed(visit: &Visit, seal: Option<PrintedSeal>) -> impl IntoView + use<> {
    let (l, lang) = (visit.locale, visit.lang());
    let moment = visit.stock().world().now();
    let role = visit.signed.as_ref().map(|signed| role_name(l, signed.actor.role));
    let role = role.map(|role| format!(" · {role}"));
    let seal = seal.map(|seal| {
        let seal = td_string!(l, common.seal, seal = seal.to_string());
        view! { " · "<span dir="ltr">{seal}</span> }
    });
    view! {
        <p class="print-only printed">
            {td_string!(l, common.title)}" · "{td_string!(l, common.printed)}" "
            <ui::MomentText moment lang/>
            {role}
            {seal}
        </p>
    }
}

fn bar(visit: &Visit, items: Vec<ui::NavItem>) -> impl IntoView + use<> {
    let l = visit.locale;
    let back = visit.here();
    let user = visit.signed.as_ref().map(|signed| {
        let role = role_name(l, signed.actor.role);
        view! {
            <ui::UserMenu name=signed.name.clone() role>
                <a href="/account">{td_string!(l, account.title)}</a>
                <ui::PostButton action="/logout" label=td_string!(l, login.sign_out)/>
            </ui::UserMenu>
        }
    });
    let search = user.is_some().then(|| {
        view! {
            <form class="bar-search" action="/search" method="get" role="search"
                aria-label=td_string!(l, search.placeholder)>
                <input class="input" type="search" name="q" maxlength="200"
                    aria-label=td_string!(l, search.title)
                    placeholder=td_string!(l, search.placeholder)/>
            </form>
        }
    });
    view! {
        <ui::Bar brand=td_string!(l, common.title) nav_label=td_string!(l, common.navigation)
            menu_label=td_string!(l, common.menu) skip_label=td_string!(l, common.skip) items>
            {search}
            <ui::Languages label=td_string!(l, common.language) action="/language" back
                current=i18n::lang(l)/>
            {user}
        </ui::Bar>
    }
}

/// The words for a role.
pub fn role_name(l: Locale, role: Role) -> String {
    match role {
        Role::Administrator => td_string!(l, common.role_administrator),
        Role::Logistics => td_string!(l, common.role_logistics),
        Role::Partner => td_string!(l, common.role_partner),
        Role::Manager => td_string!(l, common.role_manager),
        Role::Viewer => td_string!(l, common.role_viewer),
        Role::Link => td_string!(l, common.role_link),
    }
    .to_string()
}

/// The rooms of the navigation; shown are those that exist and that the visitor may enter.
fn navigation(visit: &Visit) -> Vec<ui::NavItem> {
    let l = visit.locale;
    let rooms = [
        ("/stock", td_string!(l, common.nav_stock)),
        ("/runs", td_string!(l, common.nav_runs)),
        ("/consignments", td_string!(l, common.nav_consignments)),
        ("/events", td_string!(l, common.nav_events)),
        ("/reconcile", td_string!(l, common.nav_reconcile)),
        ("/bulletin", td_string!(l, common.nav_reports)),
        ("/reference", td_string!(l, common.nav_reference)),
        ("/search", td_string!(l, search.title)),
        ("/people", td_string!(l, common.nav_people)),
    ];
    let here = |path: &str| {
        visit.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let shown = rooms.into_iter().filter(|(path, _)| routes::leads_somewhere(path, visit));
    shown.map(|(path, label)| ui::NavItem::new(path, label.to_string(), here(path))).collect()
}
