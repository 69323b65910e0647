//! Just enough of HTTP/1.1 to measure our own server: one connection that is kept, no redirects
//! followed, bodies with a length or in chunks.

use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Client {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
    /// Sent with every request: the cookie of a session.
    headers: Vec<(&'static str, String)>,
}

pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    /// The cookies it sets, as a browser would send them back.
    fn cookies(&self) -> String {
        let set = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case("set-cookie"));
        let pairs = set.filter_map(|(_, value)| value.split(';').next());
        pairs.collect::<Vec<_>>().join("; ")
    }
}

impl Client {
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { address, stream: BufReader::new(stream), headers: Vec::new() })
    }

    /// Another connection of the same person.
    pub fn again(&self) -> Result<Self> {
        Ok(Self { headers: self.headers.clone(), ..Self::connect(self.address)? })
    }

    /// Signs in as a person does, through the form.
    pub fn sign_in(&mut self, login: &str, password: &str) -> Result<()> {
        let form = format!("login={}&password={}", encoded(login), encoded(password));
        let answer = self.post("/login", "application/x-www-form-urlencoded", form.as_bytes())?;
        let cookies = answer.cookies();
        if answer.status != 303 || cookies.is_empty() {
            bail!("{login} cannot sign in: the answer was {}", answer.status);
        }
        self.headers.push(("cookie", cookies));
        Ok(())
    }

    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.ask("GET", path, None)
    }

    pub fn post(&mut self, path: &str, media_type: &str, body: &[u8]) -> Result<Answer> {
        self.ask("POST", path, Some((media_type, body)))
    }

    fn ask(&mut self, method: &str, path: &str, body: Option<(&str, &[u8])>) -> Result<Answer> {
        let address = self.address;
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
        // What a browser sends from our own pages; the server refuses forms of other sites.
        write!(head, "origin: http://{address}\r\nsec-fetch-site: same-origin\r\n")?;
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n")?;
        }
        let bytes = body.map_or(&[][..], |(media_type, bytes)| {
            head.push_str("content-type: ");
            head.push_str(media_type);
            head.push_str("\r\n");
            bytes
        });
        write!(head, "content-length: {}\r\n\r\n", bytes.len())?;
        let mut request = head.into_bytes();
        request.extend_from_slice(bytes);
        self.stream.get_mut().write_all(&request)?;
        self.read().with_context(|| format!("{method} {path}"))
    }

    fn read(&mut self) -> Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut answer = Answer {
            status: status.with_context(|| format!("not an HTTP answer: {first:?}"))?,
            headers: Vec::new(),
            body: Vec::new(),
        };
        loop {
            let line = self.line()?;
            match line.split_once(':') {
                Some((name, value)) => {
                    answer.headers.push((name.to_owned(), value.trim().to_owned()));
                }
                None => break,
            }
        }
        if answer.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            while let length @ 1.. = self.chunk_length()? {
                self.take(length, &mut answer.body)?;
                self.line()?;
            }
            self.line()?;
        } else {
            let length = answer.header("content-length").and_then(|length| length.parse().ok());
            self.take(length.unwrap_or(0), &mut answer.body)?;
        }
        Ok(answer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        Ok(line.trim_end().to_owned())
    }

    fn chunk_length(&mut self) -> Result<u64> {
        let line = self.line()?;
        let digits = line.split(';').next().unwrap_or_default();
        u64::from_str_radix(digits, 16).with_context(|| format!("not a chunk: {line:?}"))
    }

    fn take(&mut self, length: u64, body: &mut Vec<u8>) -> Result<()> {
        let read = Read::take(&mut self.stream, length).read_to_end(body)?;
        if read as u64 != length { bail!("the answer was cut off") } else { Ok(()) }
    }
}

fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().fold(String::new(), |mut done, byte| {
        if plain(&byte) {
            done.push(char::from(byte));
        } else {
            done.push_str(&format!("%{byte:02X}"));
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_kept_connection_reads_one_answer_after_the_other() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 4096];
            let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
                           3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
            let plain = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
            for answer in [chunked, plain] {
                assert!(stream.read(&mut asked).unwrap() > 0);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        let mut client = Client::connect(address).unwrap();
        let first = client.get("/a").unwrap();
        assert_eq!((first.status, &first.body[..]), (200, &b"abc0123456789"[..]));
        let second = client.get("/b").unwrap();
        assert_eq!((second.status, &second.body[..]), (404, &b"no"[..]));
        server.join().unwrap();
    }

    #[test]
    fn a_form_carries_any_letter() {
        assert_eq!(encoded("a b&ü"), "a%20b%26%C3%BC");
    }
}
