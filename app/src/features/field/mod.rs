//! `/field`: the phone's page. A shell without data that the browser keeps, and one island with
//! its own screens, which works for days without a network.

#[cfg(feature = "hydrate")]
mod live;
#[cfg(feature = "ssr")]
pub mod page;
mod words;

use crate::ui::Lang;
use leptos::prelude::*;
pub use words::FieldWords;

/// All screens. Before it is awake it says that it opens; what it shows then is the phone's own.
#[island]
pub fn FieldScreens(opening: String, words: FieldWords, lang: Lang) -> impl IntoView {
    let awake = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    let screens = live::start(words, lang, awake);
    #[cfg(not(feature = "hydrate"))]
    let screens = {
        let _ = (words, lang);
        || ().into_any()
    };
    view! {
        <p class="field-opening quiet" hidden=move || awake.get()>{opening}</p>
        {screens}
    }
}
