//! Reading and writing fields of the page from islands. Only in the browser.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, EventInit};

pub(super) fn element(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

/// What stands in an input, a text area or a select.
pub(super) fn value(field: &Element) -> String {
    let value = js_sys::Reflect::get(field, &"value".into()).ok();
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Writes it as if it had been typed, so that other islands notice.
pub(super) fn set_value(field: &Element, text: &str) {
    let _ = js_sys::Reflect::set(field, &"value".into(), &JsValue::from_str(text));
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        let _ = field.dispatch_event(&event);
    }
}

/// The element in which something happened.
pub(super) fn origin(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

pub(super) fn is_from(event: &Event, id: &str) -> bool {
    origin(event).is_some_and(|element| element.id() == id)
}
