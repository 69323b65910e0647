//! The people of the demo.

/// A role of the demo and how to sign in as it.
pub struct LogIn {
    pub role: String,
    pub login: String,
    pub password: String,
}

/// What `tawzi demo` printed: lines of role, log-in name and password.
pub fn log_ins(said: &str) -> Vec<LogIn> {
    let person = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        Some(LogIn { role: words.next()?, login: words.next()?, password: words.next()? })
    };
    said.lines().filter_map(person).collect()
}
