//! Processes that die with us, and trees of them that die at once.

use crate::tools::check;
use anyhow::{Context, Result, ensure};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Killed with all that it started when dropped.
pub struct Process(Child);

impl Process {
    /// Starts it; what it says goes to a file.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let log = File::options().create(true).append(true).open(log)?;
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn();
        Ok(Self(child.with_context(|| format!("{name} does not start"))?))
    }

    /// Kills it and everything below it, and below `others`, in one go, as a machine dies; none of
    /// them runs any more when this returns.
    pub fn kill(&mut self, others: &[u32]) -> Result<()> {
        let mut roots = vec![self.0.id()];
        roots.extend(others);
        let ids = below(&roots)?;
        // Some may be gone already.
        let mut kill = Command::new("kill");
        kill.arg("-KILL").args(ids.iter().map(u32::to_string));
        kill.stderr(Stdio::null()).status()?;
        self.0.wait()?;
        // Each ends when the kernel comes to it.
        let start = Instant::now();
        while ids.iter().any(|id| runs(*id)) {
            ensure!(start.elapsed() < Duration::from_secs(10), "killed processes still run");
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> Result<()> {
        check(Command::new("kill").arg("-TERM").arg(self.0.id().to_string()))?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None))
            && let Err(error) = self.kill(&[])
        {
            eprintln!("xtask: a process stays: {error:#}");
        }
    }
}

/// These processes and their children, and theirs.
fn below(roots: &[u32]) -> Result<Vec<u32>> {
    let mut pairs = Vec::new();
    for entry in fs::read_dir("/proc").context("processes are read from /proc")? {
        let id = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
        let Some(id) = id else { continue };
        // One that has just ended has no file any more.
        let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat")) else { continue };
        if let Some(parent) = parent(&stat) {
            pairs.push((id, parent));
        }
    }
    let mut found = roots.to_vec();
    let mut next = 0;
    while let Some(&id) = found.get(next) {
        found.extend(pairs.iter().filter(|(_, parent)| *parent == id).map(|(child, _)| *child));
        next += 1;
    }
    Ok(found)
}

/// One that was killed may wait for somebody to notice, but it does not run any more.
fn runs(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.starts_with(" Z"))
}

/// The fourth word; the second is a name in brackets, which may hold anything.
fn parent(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_the_list_of_processes_may_hold_anything() {
        assert_eq!(parent("12 (a) b (c)) S 7 12 12 0"), Some(7));
        assert_eq!(parent("12"), None);
    }

    #[test]
    fn children_go_with_their_parent() {
        let folder = std::env::temp_dir().join(format!("tawzi-tree-{}", std::process::id()));
        let mut shell = Command::new("sh");
        let mut tree =
            Process::start(shell.args(["-c", "sleep infinity & wait"]), &folder).unwrap();
        let ids = loop {
            let ids = below(&[tree.0.id()]).unwrap();
            if ids.len() == 2 {
                break ids;
            }
        };
        tree.kill(&[]).unwrap();
        fs::remove_file(folder).unwrap();
        assert!(!ids.into_iter().any(runs));
    }
}
