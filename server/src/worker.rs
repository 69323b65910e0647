//! The service worker of the phone's page: a script that names every file of this build.

use crate::site;
use app::features::field;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::hash::{DefaultHasher, Hash, Hasher};

const SCRIPT: &str = include_str!("worker.js");

const PAGE: &str = "/field";
/// What the page is made of.
const FILES: [&str; 4] = ["/pkg/phone.css", "/pkg/phone.js", "/pkg/phone_bg.wasm", "/icon.svg"];

/// The script; another one as soon as anything that it keeps is another.
pub async fn script() -> Response {
    let mut versions = vec![(PAGE, field::page::version())];
    for file in FILES {
        versions.push((file, site::version(file).await.unwrap_or_default()));
    }
    let mut hasher = DefaultHasher::new();
    (SCRIPT, &versions).hash(&mut hasher);
    let files = versions.iter().map(|(file, version)| format!("{file:?}: {version:?}"));
    let files = files.collect::<Vec<_>>().join(", ");
    // What is said about the script is not for phones, which load it over slow networks.
    let lines = SCRIPT.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
    let script = lines
        .collect::<Vec<_>>()
        .join("\n")
        .replace("{version}", &format!("{:016x}", hasher.finish()))
        .replace("{files}", &format!("{{ {files} }}"));
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, script).into_response()
}
