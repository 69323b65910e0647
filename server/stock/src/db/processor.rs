//! Where threads run.

/// Keeps this thread, and those that it begins, on the processor that it is on. Where the system
/// has no word for that, they run as it likes.
#[cfg(target_os = "linux")]
pub(super) fn stay() {
    use nix::sched::{CpuSet, sched_getcpu, sched_setaffinity};
    use nix::unistd::Pid;
    let here = sched_getcpu().and_then(|processor| {
        let mut only = CpuSet::new();
        only.set(processor)?;
        sched_setaffinity(Pid::from_raw(0), &only)
    });
    if let Err(why) = here {
        tracing::debug!("the writer has no processor of its own: {why}");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn stay() {}
