//! A limit of file sizes stands for a full disk: the program must say so and lose nothing.

use crate::program::between;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use uuid::Uuid;

const PASSWORD: &str = "a leaflet for every house";

struct Running {
    child: Child,
    address: String,
    data: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

fn tawzi(data: &Path, arguments: &[&str], input: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tawzi"));
    command.args(arguments).arg("--data-dir").arg(data).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

/// Starts the program so that no file of it can grow beyond `kilobytes`.
fn start_limited(data: PathBuf, kilobytes: u64) -> Running {
    let script = format!("ulimit -f {} && exec \"$0\" \"$@\"", kilobytes * 2);
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_tawzi"), "serve", "--listen", "127.0.0.1:0"]);
    command.arg("--data-dir").arg(&data).env("TAWZI_LOG", "info").env("NO_COLOR", "1");
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("Tawzi answers at http://") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the program stopped");
    }
    let address = line.trim().rsplit_once("http://").unwrap().1.to_owned();
    // The log must not fill its pipe.
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
    Running { child, address, data }
}

impl Running {
    fn ask(&self, head: &str, cookie: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "{head} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn a_full_disk_gets_a_sentence_and_the_form_keeps_what_was_typed() {
    let data = std::env::temp_dir().join(format!("tawzi-full-{}", Uuid::now_v7().simple()));
    let first = ["user", "add", "admin", "--name", "Ada", "--org", "Programme"];
    let first = [&first[..], &["--role", "administrator"]].concat();
    tawzi(&data, &first, PASSWORD);
    let size = std::fs::metadata(data.join("tawzi.sqlite")).unwrap().len();
    let program = start_limited(data, size / 1024 + 2048);
    let body = format!("login=admin&password={}", PASSWORD.replace(' ', "+"));
    let answer = program.ask("POST /login", "", &body);
    let cookie = between(&answer, "set-cookie: ", ";").to_owned();
    // Each refused form is kept as a draft, until there is no room for one more.
    let long = "word+".repeat(200_000);
    let body = format!("record={}&name=Half+an+invitation&more={long}", Uuid::now_v7());
    let refused = (0..50)
        .map(|_| program.ask("POST /people/invite", &cookie, &body))
        .find(|answer| !answer.starts_with("HTTP/1.1 303"))
        .expect("the limit is reached");
    assert!(refused.starts_with("HTTP/1.1 507"), "{}", &refused[..200]);
    assert!(refused.contains("There is no room left on the server"));
    assert!(refused.contains("value=\"Half an invitation\""));
    // Reading still works.
    assert!(program.ask("GET /people", &cookie, "").contains("Ada"));
}
