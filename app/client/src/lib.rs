//! The island side of the pages, as one WebAssembly module for the browser.
//!
//! On any other target this crate is empty, so that a native build of the whole workspace never
//! mixes the features of the two sides.

#[cfg(target_arch = "wasm32")]
mod browser {
    // Without this mention the linker drops `app`, and every island with it (leptos#2083).
    use app as _;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Wakes up every island of the page that the server sent.
    #[wasm_bindgen]
    pub fn hydrate() {
        console_error_panic_hook::set_once();
        leptos::mount::hydrate_islands();
    }
}
