//! Every page of the router's own list, as a person with the right role sees it.

use super::figures::Times;
use crate::demo::LogIn;
use crate::http::Client;
use crate::tools::output;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const WARM_UP: usize = 3;
const TRIES: usize = 60;
/// How many pages of one kind are read for links to others.
const READ_OF_A_KIND: usize = 3;

/// One line of `tawzi routes`.
#[derive(Deserialize, Clone, Debug)]
pub struct Route {
    pub path: String,
    kind: String,
    public: bool,
    roles: Vec<String>,
}

pub fn routes(program: &Path) -> Result<Vec<Route>> {
    let listed = output(Command::new(program).arg("routes"))?;
    let routes: Vec<Route> = serde_json::from_str(&listed).context("the routes are not JSON")?;
    Ok(routes.into_iter().filter(|route| route.kind == "page").collect())
}

impl Route {
    fn is_pattern(&self) -> bool {
        self.path.contains('{')
    }

    fn fits(&self, path: &str) -> bool {
        let (pattern, parts) = (self.path.split('/'), path.split('/'));
        pattern.clone().count() == parts.clone().count()
            && pattern
                .zip(parts)
                .all(|(want, part)| want == part || (want.starts_with('{') && !part.is_empty()))
    }

    fn is_for(&self, role: &str) -> bool {
        self.public || self.roles.iter().any(|allowed| allowed == role)
    }
}

/// Measures every page that somebody's pages lead to; returns also those that none led to.
pub fn measure(
    address: SocketAddr,
    routes: &[Route],
    people: &[LogIn],
) -> Result<(Vec<Times>, Vec<String>)> {
    let mut times = BTreeMap::new();
    // One person of each role sees all that the others see.
    let mut seen = BTreeSet::new();
    for LogIn { role, login, password } in people.iter().filter(|who| seen.insert(&who.role)) {
        let mut client = Client::connect(address)?;
        client.sign_in(login, password)?;
        let mine: Vec<&Route> = routes.iter().filter(|route| route.is_for(role)).collect();
        for (path, url) in examples(&mut client, &mine)? {
            if let Entry::Vacant(place) = times.entry(path) {
                let measured = times_of(&mut client, place.key(), &url)?;
                place.insert(measured);
            }
        }
    }
    let left = routes.iter().map(|route| &route.path).filter(|path| !times.contains_key(*path));
    let left = left.cloned().collect();
    Ok((times.into_values().collect(), left))
}

fn times_of(client: &mut Client, path: &str, url: &str) -> Result<Times> {
    let mut tries = Vec::with_capacity(TRIES);
    let mut whole = Instant::now();
    for count in 0..WARM_UP + TRIES {
        if count == WARM_UP {
            whole = Instant::now();
        }
        let start = Instant::now();
        let answer = client.get(url)?;
        if answer.status >= 400 {
            bail!("{url} answered {}", answer.status);
        }
        if count >= WARM_UP {
            tries.push(start.elapsed());
        }
    }
    Ok(Times::new(path, tries, whole.elapsed()))
}

/// Follows links from the front page; one address for each route that was reached.
fn examples(client: &mut Client, routes: &[&Route]) -> Result<BTreeMap<String, String>> {
    let plain = routes.iter().filter(|route| !route.is_pattern()).map(|route| route.path.clone());
    let mut found = BTreeMap::new();
    let mut read: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut queue: VecDeque<String> = plain.collect();
    while let Some(url) = queue.pop_front() {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        // As the router does: where several fit, the one with the fewest parameters.
        let fitting = routes.iter().filter(|route| route.fits(path));
        let Some(route) = fitting.min_by_key(|route| route.path.matches('{').count()) else {
            continue;
        };
        let known = read.entry(&route.path).or_default();
        if known.len() >= READ_OF_A_KIND || known.contains(&url) {
            continue;
        }
        known.push(url.clone());
        let answer = client.get(&url)?;
        if answer.status < 400 {
            queue.extend(links(&String::from_utf8_lossy(&answer.body)).flat_map(and_as_scanned));
            found.entry(route.path.clone()).or_insert(url);
        }
    }
    Ok(found)
}

/// A QR holds the address in capitals, which no link does.
fn and_as_scanned(link: String) -> Vec<String> {
    let is_code = ["/b/", "/p/", "/e/", "/c/"].iter().any(|codes| link.starts_with(codes));
    let scanned = is_code.then(|| link.to_uppercase());
    [Some(link), scanned].into_iter().flatten().collect()
}

pub fn links(html: &str) -> impl Iterator<Item = String> {
    let pieces = html.split("href=\"").skip(1);
    let links = pieces.filter_map(|piece| piece.split('"').next());
    links.filter(|link| link.starts_with('/')).map(|link| link.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str) -> Route {
        Route { path: path.to_owned(), kind: "page".to_owned(), public: true, roles: Vec::new() }
    }

    #[test]
    fn an_address_belongs_to_the_route_of_its_shape() {
        assert!(route("/runs/{id}").fits("/runs/0190"));
        assert!(route("/runs").fits("/runs"));
        assert!(!route("/runs/{id}").fits("/runs/"));
        assert!(!route("/runs/{id}").fits("/runs/0190/edit"));
    }

    #[test]
    fn what_a_scanner_reads_is_measured_beside_the_link() {
        assert_eq!(and_as_scanned("/b/7kq2".to_owned()), ["/b/7kq2", "/B/7KQ2"]);
        assert_eq!(and_as_scanned("/runs".to_owned()), ["/runs"]);
    }

    #[test]
    fn links_to_elsewhere_are_not_followed() {
        let html =
            r##"<a href="/a?b=1&amp;c=2">x</a> <a href="https://x.org/">y</a> <a href="#z">"##;
        assert_eq!(links(html).collect::<Vec<_>>(), ["/a?b=1&c=2"]);
    }
}
