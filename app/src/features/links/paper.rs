//! A link on half a page, to be handed to somebody: the square, and what to do with it. It passes
//! checkpoints, so it names nothing but a number.

use crate::error::PageError;
use crate::i18n::{self, Locale, td_string};
use crate::page::Page;
use crate::state::AppState;
use crate::ui::{self, Paper, PaperSize, Tone};
use domain::time::Millis;
use leptos::prelude::*;
use stock::access::Token;

/// What the paper shows once.
pub(super) struct Link {
    about: ui::Link,
    address: String,
    /// Without a public address no camera could open it.
    qr: Option<String>,
    until: Millis,
}

impl Link {
    pub fn new(
        state: &AppState,
        about: ui::Link,
        token: &Token,
        until: Millis,
    ) -> Result<Self, PageError> {
        let address = state.url(&format!("/l/{}", token.as_str()));
        // A square of capitals is a third smaller.
        let square = || papers::qr::svg(&address.to_ascii_uppercase());
        let qr = state.settings.public_url.as_ref().map(|_| square()).transpose();
        let qr = qr.map_err(|error| PageError::Internal(error.to_string()))?;
        Ok(Self { about, address, qr, until })
    }

    /// The answer to the form.
    pub fn page(self, l: Locale) -> Page {
        let Self { about, address, qr, until } = self;
        let day = i18n::lang(l).day(until.day());
        let title = td_string!(l, field.app);
        let (number, back) = (about.label, format!("{}/links", about.href));
        let square = td_string!(l, links.square);
        let Some(qr) = qr else { return without_square(l, &number, back, address) };
        let body = view! {
            <main id="main" class="papers" tabindex="-1">
                <div class="no-print">
                    <p>{td_string!(l, links.shown_once)}</p>
                    <p><code class="address" dir="ltr">{address}</code></p>
                </div>
                <Paper size=PaperSize::A5 title number foot=td_string!(l, links.paper_foot)>
                    <div class="qr qr-alone" role="img" aria-label=square inner_html=qr></div>
                    <ol>
                        <li>{td_string!(l, links.paper_1)}</li>
                        <li>{td_string!(l, links.paper_2)}</li>
                        <li>{td_string!(l, links.paper_3, day = day)}</li>
                    </ol>
                </Paper>
            </main>
        };
        Page::paper(title, body, back)
    }
}

/// What there is while cameras cannot open anything: the address, for this machine.
fn without_square(l: Locale, number: &str, back: String, address: String) -> Page {
    let title = td_string!(l, links.title, number = number).to_string();
    let heading = title.clone();
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title=heading crumbs=vec![ui::Link::new(back, td_string!(l, links.all))]/>
            <ui::Notice tone=Tone::Warn title=td_string!(l, links.no_square)>
                {td_string!(l, links.no_square_text)}
            </ui::Notice>
            <ui::Sheet>
                <p>{td_string!(l, links.once)}</p>
                <p><code class="address" dir="ltr">{address}</code></p>
            </ui::Sheet>
        </ui::Page>
    };
    Page::new(title, body)
}
