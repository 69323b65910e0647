//! `/l/{token}`: where a link leads. A page with a button, because programs that look at messages
//! open every address that they find.

use crate::error::PageError;
use crate::forms::{Done, Failure, Post};
use crate::i18n::td_string;
use crate::page::{Frame, Page, PageResult};
use crate::session::{Visit, cookies};
use crate::ui::{self, Tone};
use http::StatusCode;
use leptos::prelude::*;
use stock::access::Token;

pub async fn ask(visit: Visit) -> PageResult {
    let l = visit.locale;
    let title = td_string!(l, field.app);
    if !lives(&visit).await? {
        let body = view! {
            <ui::Page narrow=true>
                <ui::PageHead title/>
                <ui::Notice tone=Tone::Warn title=td_string!(l, links.gone)>
                    {td_string!(l, links.gone_text)}
                </ui::Notice>
            </ui::Page>
        };
        return Ok(Page::new(title, body).frame(Frame::Bare).status(StatusCode::NOT_FOUND));
    }
    let action = format!("/l/{}", token(&visit)?.as_str());
    let signed = visit.signed.as_ref().filter(|signed| !signed.name.is_empty());
    let signed = signed.map(|signed| {
        let words = td_string!(l, links.logs_out, name = signed.name.clone());
        view! { <ui::Notice tone=Tone::Warn title=words/> }
    });
    let body = view! {
        <ui::Page narrow=true>
            <ui::PageHead title subtitle=td_string!(l, links.open_text)/>
            {signed}
            <ui::Form action error_title="" errors=Vec::new()>
                <ui::SubmitBar label=td_string!(l, links.open)/>
            </ui::Form>
        </ui::Page>
    };
    Ok(Page::new(title, body).frame(Frame::Bare))
}

/// From now on the browser sends the link's secret as it sends that of a session.
pub async fn open(post: Post) -> Result<Done, Failure> {
    let visit = &post.visit;
    if !lives(visit).await? {
        return Ok(Done::see(visit.path.clone()));
    }
    let token = token(visit)?;
    let cookie = cookies::session(&token, visit.state.settings.secure);
    Ok(Done::see("/field").with_cookie(cookie))
}

/// Squares are in capitals.
fn token(visit: &Visit) -> Result<Token, PageError> {
    let token: String = visit.param("token")?;
    Ok(Token::from_request(&token.to_ascii_lowercase()))
}

async fn lives(visit: &Visit) -> Result<bool, PageError> {
    let lives = visit.stock().link_lives(&token(visit)?).await?;
    if !lives {
        visit.stock().missed(visit.visitor.origin).await?;
    }
    Ok(lives)
}
