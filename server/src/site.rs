//! The built client, styles, fonts and icons: what `cargo xtask build` leaves in `target/site`.
//!
//! With the feature `embed` they are part of the program, each also as brotli and gzip; without it
//! they are read from disk, so that a change of the styles needs no new server.

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

/// One built file as it lies in the program or on disk.
struct File {
    bytes: Bytes,
    /// Changes whenever the bytes do.
    version: String,
}

/// Answers a request for a built file; `None` when there is none at this path, so that the caller
/// can go on to its page for "not found".
pub async fn answer(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    let name = safe_name(path)?;
    let (file, coding) = best(name, headers).await?;
    let mut reply = HeaderMap::new();
    let suffix = coding.map_or("", |coding| coding.suffix);
    let etag = format!("\"{}{suffix}\"", file.version);
    reply.insert(ETAG, HeaderValue::from_str(&etag).ok()?);
    reply.insert(CACHE_CONTROL, HeaderValue::from_static(caching(name)));
    reply.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if headers.get_all(IF_NONE_MATCH).iter().any(|known| names_tag(known, &etag)) {
        return Some((StatusCode::NOT_MODIFIED, reply).into_response());
    }
    reply.insert(CONTENT_TYPE, HeaderValue::from_str(&content_type(name)).ok()?);
    if let Some(coding) = coding {
        reply.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name));
    }
    // For HEAD, hyper sends the length of the body and leaves the body out.
    Some((reply, file.bytes).into_response())
}

/// What changes whenever the file does; `None` when there is no such file.
pub async fn version(path: &str) -> Option<String> {
    Some(source::read(safe_name(path)?).await?.version)
}

/// The file's name below the site's root, unless the path could leave it or is hidden.
fn safe_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let safe = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0', ':'])
    };
    name.split('/').all(safe).then_some(name)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Coding {
    /// As in Accept-Encoding.
    name: &'static str,
    suffix: &'static str,
}

const BROTLI: Coding = Coding { name: "br", suffix: ".br" };
const GZIP: Coding = Coding { name: "gzip", suffix: ".gz" };

/// The smallest form of the file that the asker understands. All its forms are of one version.
async fn best(name: &str, headers: &HeaderMap) -> Option<(File, Option<Coding>)> {
    let plain = source::read(name).await?;
    // Files on disk may be newer than their compressed forms, which only a release makes.
    if cfg!(feature = "embed") {
        for coding in [BROTLI, GZIP] {
            if accepts(headers, coding.name)
                && let Some(File { bytes, .. }) =
                    source::read(&format!("{name}{}", coding.suffix)).await
            {
                return Some((File { bytes, version: plain.version }, Some(coding)));
            }
        }
    }
    Some((plain, None))
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

fn names_tag(header: &HeaderValue, etag: &str) -> bool {
    let tags = header.to_str().unwrap_or_default();
    tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

/// A name with a hash in it (`cover.0123abcd.webp`) never changes its content. Fonts and pictures
/// may be a day old; the client and the styles belong to this build's pages and are asked for
/// again, which mostly costs a 304.
fn caching(name: &str) -> &'static str {
    let is_hash = |part: &str| part.len() >= 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
    if name.rsplit('/').next().is_some_and(|file| file.split('.').skip(1).any(is_hash)) {
        "public, max-age=31536000, immutable"
    } else if name.ends_with(".woff2") || name.ends_with(".png") {
        "public, max-age=86400"
    } else {
        "no-cache"
    }
}

fn content_type(name: &str) -> String {
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    if mime.type_() == "text" { format!("{mime}; charset=utf-8") } else { mime.to_string() }
}

#[cfg(feature = "embed")]
mod source {
    use super::File;
    use axum::body::Bytes;
    use domain::hex::hex;
    use rust_embed::RustEmbed;
    use std::borrow::Cow;

    #[derive(RustEmbed)]
    #[folder = "../target/site"]
    struct Site;

    pub(super) async fn read(name: &str) -> Option<File> {
        let file = Site::get(name)?;
        let hash = file.metadata.sha256_hash();
        let version = hex(&hash[..8]);
        let bytes = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        Some(File { bytes, version })
    }
}

#[cfg(not(feature = "embed"))]
mod source {
    use super::File;
    use std::path::Path;
    use std::time::UNIX_EPOCH;

    pub(super) async fn read(name: &str) -> Option<File> {
        let site = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site");
        let path = Path::new(site).join(name);
        let bytes = tokio::fs::read(&path).await.ok()?;
        let changed = tokio::fs::metadata(&path).await.ok()?.modified().ok()?;
        let nanos = changed.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let version = format!("{nanos:x}-{:x}", bytes.len());
        Some(File { bytes: bytes.into(), version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_inside_the_site() {
        assert_eq!(safe_name("/pkg/tawzi.css"), Some("pkg/tawzi.css"));
        for path in ["/", "//etc/passwd", "/../Cargo.toml", "/pkg/../../x", "/.env", "/a\\..\\b"] {
            assert_eq!(safe_name(path), None, "{path}");
        }
    }

    #[test]
    fn a_coding_counts_only_when_the_asker_takes_it() {
        let with = |list| HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(list))]);
        assert!(accepts(&with("gzip, deflate, br"), "br"));
        assert!(accepts(&with("gzip;q=0.5"), "gzip"));
        assert!(!accepts(&with("gzip, br;q=0"), "br"));
        assert!(!accepts(&HeaderMap::new(), "br"));
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(caching("cover.0123abcd.webp").ends_with("immutable"));
        assert_eq!(caching("pkg/tawzi_bg.wasm"), "no-cache");
        assert_eq!(caching("fonts/vazirmatn.woff2"), "public, max-age=86400");
    }

    #[test]
    fn types_are_those_that_browsers_ask_for() {
        assert_eq!(content_type("pkg/tawzi_bg.wasm"), "application/wasm");
        assert_eq!(content_type("pkg/tawzi.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("app.webmanifest"), "application/manifest+json");
    }
}
