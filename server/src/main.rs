//! `tawzi`: see `server::cli`.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Gives memory back to the system. The allocator of glibc keeps the 19 MB that hashing a password
/// took once for each thread that ever did it, which are hundreds of megabytes after a busy morning.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    server::cli::run()
}
