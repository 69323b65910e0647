//! The browser's own objects, called by name: bindings for each of them would make the program larger
//! that a phone downloads.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A field of an object; `undefined` where there is none.
pub fn field(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

pub fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes every field.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

pub fn list<const N: usize>(items: [JsValue; N]) -> JsValue {
    items.into_iter().collect::<Array>().into()
}

pub fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// What is in a buffer of the browser.
pub fn read(buffer: &JsValue) -> Vec<u8> {
    Uint8Array::new(buffer).to_vec()
}

/// `new name(…)`.
pub fn make<const N: usize>(name: &str, arguments: [JsValue; N]) -> Option<JsValue> {
    let class: Function = field(&window(), name).dyn_into().ok()?;
    Reflect::construct(&class, &arguments.into_iter().collect()).ok()
}

/// What a method answers; `None` when there is none, or when it fails.
pub fn ask<const N: usize>(
    target: &JsValue,
    method: &str,
    arguments: [JsValue; N],
) -> Option<JsValue> {
    let method: Function = field(target, method).dyn_into().ok()?;
    method.apply(target, &arguments.into_iter().collect()).ok()
}

/// Calls a method that answers with a promise, and waits for it.
pub async fn call<const N: usize>(
    target: &JsValue,
    method: &str,
    arguments: [JsValue; N],
) -> Option<JsValue> {
    let promise: Promise = ask(target, method, arguments)?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// Asks the browser's cryptography; `None` where it has none, as on a page without https.
pub async fn subtle<const N: usize>(method: &str, arguments: [JsValue; N]) -> Option<JsValue> {
    call(&field(&field(&window(), "crypto"), "subtle"), method, arguments).await
}
