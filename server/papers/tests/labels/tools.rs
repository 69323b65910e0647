//! The real decoders: poppler renders, zbar reads. Without them nothing is proved, so a missing one
//! fails the test with the package to install.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::page::Page;

/// A folder of its own under the target folder, gone when the test is done.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("labels-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind is litter, not a failure.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Every page of a PDF in grey at 300 dots an inch.
pub fn render(folder: &Folder, pdf: &[u8]) -> Vec<Page> {
    let (source, target) = (folder.file("labels.pdf"), folder.file("page"));
    std::fs::write(&source, pdf).unwrap();
    let mut command = Command::new("pdftoppm");
    command.args(["-r", "300", "-gray"]).arg(&source).arg(&target);
    run(&mut command, "poppler-utils");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pgm"))
        .collect();
    files.sort();
    let pages = files.iter().map(|file| Page::parse(&std::fs::read(file).unwrap())).collect();
    for file in files {
        std::fs::remove_file(file).unwrap();
    }
    pages
}

/// What a PDF says, in logical order: without direction marks, and without spaces, which poppler
/// puts on either side of a number in a line that runs right to left.
pub fn words(folder: &Folder, pdf: &[u8]) -> String {
    let source = folder.file("words.pdf");
    std::fs::write(&source, pdf).unwrap();
    let mut command = Command::new("pdftotext");
    command.args(["-enc", "UTF-8"]).arg(&source).arg("-");
    let text = String::from_utf8(run(&mut command, "poppler-utils").stdout).unwrap();
    let is_mark = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}');
    text.chars().filter(|c| !is_mark(*c) && !c.is_whitespace()).collect()
}

/// Everything that zbar reads on a page, of whatever kind of bar code, sorted.
pub fn scan(folder: &Folder, page: &Page) -> Vec<String> {
    let file = folder.file("scan.pgm");
    std::fs::write(&file, page.pgm()).unwrap();
    let mut command = Command::new("zbarimg");
    command.args(["--quiet", "--raw"]).arg(&file);
    let output = run(&mut command, "zbar-tools");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut codes: Vec<String> = text.lines().map(str::to_owned).collect();
    codes.sort();
    codes
}

fn run(command: &mut Command, package: &str) -> Output {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        // zbarimg says 4 when it finds nothing: the caller compares what was found.
        Ok(output) if output.status.success() || output.status.code() == Some(4) => output,
        Ok(output) => panic!("{name} failed: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("{name} is missing: install the Debian package {package}")
        }
        Err(error) => panic!("{name} did not start: {error}"),
    }
}
