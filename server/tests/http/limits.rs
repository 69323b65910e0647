use crate::program::{PASSWORD, Program, location};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn the_process_and_the_database_say_that_they_are_up() {
    let program = Program::new_books().await;
    let browser = program.stranger();
    assert_eq!(browser.page("/healthz").await, "ok");
    assert_eq!(browser.page("/readyz").await, "ready");
}

#[tokio::test]
async fn what_is_not_there_answers_404_with_a_page() {
    let program = Program::new().await;
    for browser in [program.stranger(), program.browser_of("admin").await] {
        for path in ["/nothing", "/people/not-an-id", "/pkg/../Cargo.toml", "/setup/x"] {
            let answer = browser.get(path).await;
            let stranger_at_people = answer.status_code() == 303;
            assert!(answer.status_code() == 404 || stranger_at_people, "{path}");
            if !stranger_at_people {
                assert!(answer.text().contains("There is nothing here"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_body_of_50_mb_is_refused_with_a_page() {
    let program = Program::new().await;
    let browser = program.browser_of("admin").await;
    let huge = vec![b'a'; 50_000_000];
    for media_type in [FORM, "multipart/form-data; boundary=x"] {
        let request = browser.server.post("/people/invite").bytes(huge.clone().into());
        let answer = request.content_type(media_type).await;
        assert_eq!(answer.status_code(), 413);
        assert!(answer.text().contains("That was too much at once"));
    }
    // Under the outer limit, over that of a form without files.
    let large = vec![b'a'; 3_000_000];
    let request = browser.server.post("/people/invite").bytes(large.into());
    assert_eq!(request.content_type(FORM).await.status_code(), 413);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn a_small_body_that_becomes_50_mb_is_refused() {
    let program = Program::new().await;
    let browser = program.browser_of("admin").await;
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let answers = [
        (gzip(b"[]"), "gzip", 422, "no_records"),
        (bomb, "gzip", 413, "too_large"),
        (b"[]".to_vec(), "gzip", 400, "broken_body"),
        (b"[]".to_vec(), "br", 415, "wrong_media_type"),
    ];
    for (body, encoding, status, code) in answers {
        let request = browser.server.post("/api/v1/records").bytes(body.into());
        let request = request.content_type("application/json");
        let answer = request.add_header("content-encoding", encoding).await;
        let problem: serde_json::Value = answer.json();
        assert_eq!((answer.status_code().as_u16(), &problem["code"]), (status, &code.into()));
    }
}

#[tokio::test]
async fn broken_utf_8_is_refused_with_a_sentence() {
    let program = Program::new().await;
    let browser = program.browser_of("admin").await;
    for body in [&b"name=%FF%FE&record=1"[..], b"name=\xff\xfe", b"name=a%00b"] {
        let request = browser.server.post("/people/invite").bytes(body.to_vec().into());
        let path = location(&request.content_type(FORM).await);
        assert!(browser.page(&path).await.contains("Some of the text could not be read"));
    }
    assert_eq!(browser.get("/people/%FF%FE").await.status_code(), 404);
    browser.page("/?x=%FF").await;
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_and_does_nothing() {
    let program = Program::new().await;
    let browser = program.browser_of("admin").await;
    let forged = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    for (header, value) in forged {
        let answer = browser.server.post("/logout").add_header(header, value).await;
        assert_eq!(answer.status_code(), 403, "{header}");
        assert!(answer.text().contains("This came from another site"));
    }
    browser.page("/account").await;
    let own = browser.server.post("/logout").add_header("sec-fetch-site", "same-origin").await;
    assert_eq!(location(&own), "/login");
}

#[tokio::test]
async fn a_proxy_may_change_the_host_when_the_public_address_is_known() {
    let program = Program::reached_at(Some("https://tawzi.example.org")).await;
    program.set_up().await;
    let browser = program.stranger();
    let fields = [("login", "admin"), ("password", PASSWORD)];
    let request = browser.server.post("/login").form(&fields);
    let answer = request.add_header("origin", "https://tawzi.example.org").await;
    assert_eq!(location(&answer), "/");
}

#[tokio::test]
async fn pages_carry_the_headers_that_protect_them() {
    let program = Program::new().await;
    let answer = program.stranger().get("/login").await;
    let header = |name: &str| answer.header(name).to_str().unwrap().to_owned();
    let policy = header("content-security-policy");
    let page = answer.text();
    let nonce = crate::program::between(&page, "<script type=\"module\" nonce=\"", "\"");
    assert!(policy.contains(&format!("'nonce-{nonce}'")) && policy.contains("'wasm-unsafe-eval'"));
    assert!(!policy.contains("unsafe-inline") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin");
    assert!(header("permissions-policy").contains("camera=(self)"));
    assert!(!header("x-request-id").is_empty());
}

#[tokio::test]
async fn what_other_programs_read_is_private_too() {
    let program = Program::new().await;
    let admin = program.browser_of("admin").await;
    for path in ["/api/v1/me", "/api/v1/nothing"] {
        let answer = admin.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'"
        );
    }
    for path in ["/", "/api/v1/me", "/nothing", "/healthz"] {
        let answer = admin.get(path).await;
        for header in ["server", "x-powered-by", "via"] {
            assert!(!answer.headers().contains_key(header), "{path} says {header}");
        }
        assert!(!answer.text().contains(env!("CARGO_PKG_VERSION")), "{path} says the version");
    }
}

#[tokio::test]
async fn what_opens_the_door_is_not_in_the_log() {
    use std::sync::Mutex;
    let written: &'static Mutex<Vec<u8>> = Box::leak(Box::default());
    let log = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || Written(written))
        .finish();
    let program = Program::new().await;
    let browser = program.stranger();
    {
        let _here = tracing::subscriber::set_default(log);
        browser.get("/invitation/0123456789abcdef").await;
        browser.get("/search?q=kabulistan").await;
        browser.post("/login", &[("login", "admin"), ("password", PASSWORD)]).await;
    }
    let written = String::from_utf8(written.lock().unwrap().clone()).unwrap();
    assert!(written.contains("route=\"/invitation/{token}\""), "{written}");
    for secret in ["0123456789abcdef", "kabulistan", PASSWORD] {
        assert!(!written.contains(secret), "{secret} in {written}");
    }
}

struct Written(&'static std::sync::Mutex<Vec<u8>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_wrong_method_is_not_there() {
    let program = Program::new().await;
    let browser = program.browser_of("admin").await;
    assert_eq!(browser.get("/logout").await.status_code(), 404);
    assert_eq!(browser.server.delete("/people").await.status_code(), 404);
}
