//! The service worker of the phone's page: a script that names every file of this build.

use crate::site;
use app::features::field;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::hash::{DefaultHasher, Hash, Hasher};

const SCRIPT: &str = include_str!("worker.js");

/// The page, and what it is made of.
const FILES: [&str; 5] =
    ["/field", "/pkg/phone.css", "/pkg/phone.js", "/pkg/phone_bg.wasm", "/icon.svg"];

/// The script; another one as soon as anything that it keeps is another.
pub async fn script() -> Response {
    let mut hasher = DefaultHasher::new();
    field::page::version().hash(&mut hasher);
    SCRIPT.hash(&mut hasher);
    for file in FILES {
        site::version(file).await.hash(&mut hasher);
    }
    let files = FILES.map(|file| format!("\"{file}\"")).join(", ");
    let script = SCRIPT
        .replace("{version}", &format!("{:016x}", hasher.finish()))
        .replace("{files}", &format!("[{files}]"));
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, script).into_response()
}
