//! Draws every component of the design system into `target/gallery`, in two directions, to be
//! looked at: `cargo run -p app --features ssr --example gallery`.
//!
//! The words are samples in English and Dari; real pages take theirs from `app/locales`.

#[path = "gallery/desk.rs"]
mod desk;
#[path = "gallery/forms.rs"]
mod forms;
#[path = "gallery/papers.rs"]
mod papers;

use app::ui::*;
use leptos::prelude::*;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Draws one page of the gallery.
type Draw = fn(Lang) -> AnyView;

/// A sample text in the language of the page.
fn say(lang: Lang, english: &'static str, dari: &'static str) -> &'static str {
    match lang {
        Lang::En => english,
        Lang::Fa | Lang::Ps => dari,
    }
}

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = root.join("target/gallery");
    fs::create_dir_all(&target)?;
    let css = styles(&root.join("style"), "main.css")?;
    let css = css.replace("/fonts/", "../../app/public/fonts/");
    let made: [(&str, Draw); 6] = [
        ("desk", desk::month),
        ("list", desk::list),
        ("form", forms::receipt),
        ("sheet", forms::event_sheet),
        ("scan", forms::scan),
        ("paper", papers::papers),
    ];
    for (name, page) in made {
        for lang in [Lang::En, Lang::Fa] {
            for theme in ["light", "dark"] {
                let html = Owner::new().with(|| page(lang).to_html());
                let file = target.join(format!("{name}-{}-{theme}.html", &lang.tag()[..2]));
                fs::write(file, document(lang, theme, &css, &html))?;
            }
        }
    }
    println!("{}", target.display());
    Ok(())
}

/// Wakes the islands when the folder of the project is served and the client was built; anywhere
/// else the pages are as without JavaScript.
const ISLANDS: &str = "<script type=module>
    import('/target/site/pkg/tawzi.js').then(client =>
        client.default('/target/site/pkg/tawzi_bg.wasm').then(() => {
            client.hydrate();
            for (const island of document.querySelectorAll('leptos-island'))
                client[island.dataset.component](island);
        }));
</script>";

fn document(lang: Lang, theme: &str, css: &str, body: &str) -> String {
    let (tag, dir) = (lang.tag(), lang.dir());
    format!(
        "<!doctype html><html lang=\"{tag}\" dir=\"{dir}\" data-theme=\"{theme}\">\
         <meta charset=\"utf-8\"><title>Gallery</title>\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <style>{css}</style><body>{body}{ISLANDS}</body></html>"
    )
}

/// The style sheet with its imports in their places, as the bundler makes it.
fn styles(folder: &Path, name: &str) -> io::Result<String> {
    let mut css = String::new();
    for line in fs::read_to_string(folder.join(name))?.lines() {
        match line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";")) {
            Some(import) => {
                let path: PathBuf = folder.join(import);
                css += &fs::read_to_string(path)?;
            }
            None => css += line,
        }
        css.push('\n');
    }
    Ok(css)
}

fn bar(lang: Lang) -> AnyView {
    let nav = |english, dari, current| NavItem::new("#", say(lang, english, dari), current);
    let items = vec![
        nav("Stock", "ذخیره", false),
        nav("Consignments", "محموله‌ها", false).waiting(lang.number(3)),
        nav("Events", "رویدادها", false),
        nav("Months", "ماه‌ها", true),
        nav("Reports", "گزارش‌ها", false),
    ];
    view! {
        <Bar brand=say(lang, "Tawzi", "توزیع") nav_label="Main" items skip_label="Skip"
            menu_label=say(lang, "Menu", "فهرست")>
            <Languages label="Language" action="/language" back="/" current=lang/>
            <UserMenu name=say(lang, "Farida", "فریده") role=say(lang, "Manager", "مدیر")>
                <a href="#">{say(lang, "Your sessions", "نشست‌های شما")}</a>
                <button>{say(lang, "Log out", "خروج")}</button>
            </UserMenu>
        </Bar>
    }
    .into_any()
}
