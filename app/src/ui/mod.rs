//! The design system: what pages are made of. No data access, no clock, no browser API, and no
//! words of its own: every visible text comes in as a prop, because only pages know the locale.
//!
//! Everything renders on the server and works with JavaScript off. Texts that may be missing
//! (hints, errors) are [`Words`], which takes `&str`, `String` or an `Option` of them.
//!
//! ```text
//! <Page>
//!     <PageHead title=t.title crumbs=vec![Link::new("/months", t.months)]
//!         actions=actions![ <a class="btn main" href="/new">{t.new}</a> ]/>
//!     <Sheet title=t.stock>
//!         <DataTable caption=t.stock
//!             columns=vec![Column::text(t.place), Column::number(t.pieces)]
//!             rows=rows.iter().map(|r| Row::new(vec![
//!                 Cell::link(&r.href, &r.place), Cell::number(r.pieces, lang)])).collect()/>
//!     </Sheet>
//!     <Form action=url submit=t.save summary=t.wrong errors=draft.errors()>
//!         <TextField name="title" label=t.title value=draft.value("title")
//!             error=draft.error("title")/>
//!     </Form>
//! </Page>
//! ```

mod charts;
mod choices;
mod fields;
mod form;
mod frame;
#[cfg(feature = "hydrate")]
mod live;
mod map;
mod paper;
mod scan;
mod show;
mod summary;
mod table;
mod text;
mod totals;

pub use charts::*;
pub use choices::*;
pub use fields::*;
pub use form::*;
pub use frame::*;
pub use map::*;
pub use paper::*;
pub use scan::*;
pub use show::*;
pub use summary::*;
pub use table::*;
pub use text::*;
pub use totals::*;
