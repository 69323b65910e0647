//! What the program says when it cannot start: one sentence, exit code 1.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use uuid::Uuid;

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("tawzi-cli-{}", Uuid::now_v7().simple()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn tawzi(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tawzi"));
    command.args(arguments).arg("--data-dir").arg(data).stdin(Stdio::null());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TAWZI_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

#[track_caller]
fn refused(output: &Output, sentence: &str) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(sentence), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "one sentence: {said}");
}

#[test]
fn a_port_in_use() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&tawzi(&folder.0, &["serve", "--listen", &address]), "is in use by another program");
    assert!(!folder.0.join("tawzi.sqlite").exists(), "the books were not touched");
}

#[test]
fn a_data_folder_that_cannot_be_written() {
    let folder = Folder::new();
    let file = folder.0.join("file");
    std::fs::write(&file, b"x").unwrap();
    refused(&tawzi(&file.join("data"), &["migrate"]), "cannot be written");
}

#[test]
fn a_file_that_is_no_database_and_one_that_was_cut_off() {
    let folder = Folder::new();
    let file = folder.0.join("tawzi.sqlite");
    std::fs::write(&file, vec![b'x'; 8192]).unwrap();
    refused(&tawzi(&folder.0, &["migrate"]), "damaged or is not a database");
    assert_eq!(std::fs::read(&file).unwrap(), vec![b'x'; 8192], "it is left as it was");
    // Copying stopped half-way.
    let [whole, half] = [Folder::new(), Folder::new()];
    assert!(tawzi(&whole.0, &["migrate"]).status.success());
    let file = half.0.join("tawzi.sqlite");
    assert!(tawzi(&whole.0, &["backup", file.to_str().unwrap()]).status.success());
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    refused(&tawzi(&half.0, &["verify"]), "damaged or is not a database");
    assert_eq!(std::fs::read(&file).unwrap(), bytes[..bytes.len() / 2], "it is left as it was");
}

#[test]
fn books_that_are_not_there_are_not_proved_nor_copied() {
    let folder = Folder::new();
    let copy = folder.0.join("copy.sqlite");
    refused(&tawzi(&folder.0, &["verify"]), "there are no books at");
    refused(&tawzi(&folder.0, &["backup", copy.to_str().unwrap()]), "there are no books at");
    assert!(!folder.0.join("tawzi.sqlite").exists() && !copy.exists(), "none were made");
}

#[tokio::test]
async fn books_of_a_newer_version() {
    use sea_orm::ConnectionTrait;
    let folder = Folder::new();
    assert!(tawzi(&folder.0, &["migrate"]).status.success());
    let url = format!("sqlite:{}", folder.0.join("tawzi.sqlite").display());
    let books = sea_orm::Database::connect(url).await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_later', 1)";
    books.execute_unprepared(newer).await.unwrap();
    books.close().await.unwrap();
    for command in [&["migrate"][..], &["verify"], &["serve", "--listen", "127.0.0.1:0"]] {
        refused(&tawzi(&folder.0, command), "written by a newer version of tawzi");
    }
}

#[tokio::test]
async fn books_of_an_older_version_are_backed_up_as_they_are() {
    use sea_orm::ConnectionTrait;
    let folder = Folder::new();
    let file = folder.0.join("tawzi.sqlite");
    assert!(tawzi(&folder.0, &["migrate"]).status.success());
    let books = sea_orm::Database::connect(format!("sqlite:{}", file.display())).await.unwrap();
    for forget in [
        "DROP INDEX pack_state_sealed",
        "DELETE FROM seaql_migrations WHERE version = 'm20261127_000021_sealed_packs'",
    ] {
        books.execute_unprepared(forget).await.unwrap();
    }
    books.close().await.unwrap();
    let before = std::fs::read(&file).unwrap();
    refused(&tawzi(&folder.0, &["verify"]), "older version of tawzi");
    refused(&tawzi(&folder.0, &["verify"]), "`tawzi migrate` brings them up to date");
    // Before that, a copy is made: of the books as they are.
    let copy = Folder::new();
    let to = copy.0.join("tawzi.sqlite");
    assert!(tawzi(&folder.0, &["backup", to.to_str().unwrap()]).status.success());
    refused(&tawzi(&copy.0, &["verify"]), "older version of tawzi");
    assert_eq!(std::fs::read(&file).unwrap(), before, "nothing was changed");
}

#[test]
fn listening_to_others_without_an_address_for_them() {
    let folder = Folder::new();
    let output = tawzi(&folder.0, &["serve", "--listen", "0.0.0.0:0"]);
    refused(&output, "--public-url https://");
}

#[test]
fn books_are_made_copied_and_never_overwritten() {
    let folder = Folder::new();
    assert!(tawzi(&folder.0, &["migrate"]).status.success());
    let copy = folder.0.join("copy.sqlite");
    let arguments = ["backup", copy.to_str().unwrap()];
    assert!(tawzi(&folder.0, &arguments).status.success());
    assert!(std::fs::metadata(&copy).unwrap().len() > 0);
    let names = std::fs::read_dir(&folder.0).unwrap().map(|file| file.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["copy.sqlite", "tawzi.sqlite"], "nothing is left beside them");
    refused(&tawzi(&folder.0, &arguments), "a backup never overwrites");
}

#[test]
fn a_backup_is_proved_restored_where_nothing_is_and_tried_out() {
    let [folder, other] = [Folder::new(), Folder::new()];
    assert!(tawzi(&folder.0, &["demo"]).status.success());
    let copy = folder.0.join("copy.sqlite");
    let said = tawzi(&folder.0, &["backup", "--test-restore", copy.to_str().unwrap()]);
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("and proved: ") && said.contains("restored as a test"), "{said}");
    let restore = ["restore", copy.to_str().unwrap()];
    refused(&tawzi(&folder.0, &restore), "restore into an empty place");
    let output = tawzi(&other.0, &restore);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(tawzi(&other.0, &["verify"]).status.success());
    refused(&tawzi(&other.0, &restore), "restore into an empty place");
    refused(&tawzi(&other.0.join("new"), &["restore", "nowhere.sqlite"]), "no backup at nowhere");
    assert!(!other.0.join("new").join("tawzi.sqlite").exists());
}

#[test]
fn help_shows_flags_and_variables() {
    let folder = Folder::new();
    let help = String::from_utf8(tawzi(&folder.0, &["serve", "--help"]).stdout).unwrap();
    for text in ["--listen", "TAWZI_LISTEN", "--public-url", "TAWZI_DATABASE_URL", "TAWZI_DATA_DIR"]
    {
        assert!(help.contains(text), "{text}");
    }
}

#[test]
fn the_demo_wants_new_books_and_prints_its_log_ins() {
    let folder = Folder::new();
    let told = tawzi(&folder.0, &["demo"]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let said = String::from_utf8(told.stdout).unwrap();
    let words = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let words: Vec<_> = words.collect();
    assert!(words.iter().all(|words| words.len() == 3), "role, user name, password: {said}");
    for role in ["administrator", "logistics", "partner", "manager", "viewer"] {
        assert!(words.iter().any(|words| words[0] == role), "{role}: {said}");
    }
    assert!(tawzi(&folder.0, &["verify"]).status.success());
    refused(&tawzi(&folder.0, &["demo"]), "in use already");
    assert!(tawzi(&folder.0, &["verify"]).status.success(), "nothing was changed");
}

#[test]
fn a_running_program_seals_and_paper_pins_the_books() {
    let folder = Folder::new();
    assert!(tawzi(&folder.0, &["demo"]).status.success());
    let verify = |arguments: &[&str]| {
        let output = tawzi(&folder.0, &[&["verify"], arguments].concat());
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let (right, said) = verify(&[]);
    assert!(right && said.contains("records wait for their seal"), "{said}");
    let mut serving = Command::new(env!("CARGO_BIN_EXE_tawzi"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(&folder.0)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let said = loop {
        let (right, said) = verify(&[]);
        assert!(right, "{said}");
        if !said.contains("wait for their seal") || std::time::Instant::now() > patience {
            break said;
        }
    };
    serving.kill().unwrap();
    serving.wait().unwrap();
    let seal = said.lines().find_map(|line| line.strip_prefix("The last seal is ")).unwrap();
    let seal = seal.trim_end_matches('.');
    let (right, said) = verify(&["--expect", seal]);
    assert!(right, "{said}");
    let (sequence, _) = seal.split_once(':').unwrap();
    let (right, said) = verify(&["--expect", &format!("{sequence}:0123456789abcdef")]);
    assert!(!right && said.contains("WRONG: seals lead from record to record"), "{said}");
    let checkpoint = folder.0.join("checkpoint");
    let with_checkpoint = ["--checkpoint", checkpoint.to_str().unwrap()];
    let (right, said) = verify(&with_checkpoint);
    assert!(right && !said.contains("before"), "{said}");
    let (right, said) = verify(&with_checkpoint);
    let before = format!("Records up to seal {sequence} were looked at before.");
    assert!(right && said.contains(&before), "{said}");
    std::fs::write(&checkpoint, format!("{sequence}:0123456789abcdef")).unwrap();
    let (right, said) = verify(&with_checkpoint);
    assert!(!right && said.contains("up to which it was looked at before"), "{said}");
    std::fs::write(&checkpoint, "yesterday").unwrap();
    let output = tawzi(&folder.0, &[&["verify"], &with_checkpoint[..]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("without it everything is looked at"));
    let output = tawzi(&folder.0, &["verify", "--expect", "tomorrow"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("a seal is written as on a printed report"));
}
