//! Passwords: argon2id, off the threads that answer requests.

use crate::world::World;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use sea_orm::DbErr;
use std::sync::LazyLock;
use std::thread::available_parallelism;
use tokio::sync::Semaphore;

/// Each hash takes its memory and a processor: the others wait, and a flood of log-ins cannot take the
/// memory of all.
static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(available_parallelism().map_or(1, |cores| cores.get())));

/// One of the settings that OWASP's password storage cheat sheet calls equally strong, the one with
/// the least memory: a log-in takes 7 MB for a moment, not 19.
const KIB: u32 = 7 * 1024;
const ROUNDS: u32 = 5;

/// Shorter ones are refused; there are no other rules, because they make worse passwords.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// Longer ones would only cost time.
pub const MAX_PASSWORD_CHARS: usize = 200;

/// Why a password is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WeakPassword {
    #[error("a password has at least {MIN_PASSWORD_CHARS} characters")]
    TooShort,
    #[error("a password has at most {MAX_PASSWORD_CHARS} characters")]
    TooLong,
    #[error("a password is not the user name")]
    IsLogin,
}

pub(crate) fn check(login: &str, password: &str) -> Result<(), WeakPassword> {
    match password.chars().count() {
        0..MIN_PASSWORD_CHARS => Err(WeakPassword::TooShort),
        n if n > MAX_PASSWORD_CHARS => Err(WeakPassword::TooLong),
        _ if domain::text::normalise(password) == login => Err(WeakPassword::IsLogin),
        _ => Ok(()),
    }
}

pub(crate) async fn hash(world: &dyn World, password: &str) -> Result<String, DbErr> {
    let mut salt = [0; 16];
    world.fill_random(&mut salt);
    let password = password.to_owned();
    // Never closed, so that there is always a turn.
    let _turn = AT_ONCE.acquire().await;
    let hashed = tokio::task::spawn_blocking(move || {
        let params = Params::new(KIB, ROUNDS, Params::DEFAULT_P_COST, None)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash: PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), &salt)?;
        Ok::<_, argon2::password_hash::Error>(hash.to_string())
    });
    match hashed.await {
        Ok(Ok(hash)) => Ok(hash),
        Ok(Err(error)) => Err(DbErr::Custom(format!("hashing a password failed: {error}"))),
        Err(error) => Err(DbErr::Custom(format!("hashing a password failed: {error}"))),
    }
}

/// Checks a password; without a hash it takes as long and says no, so that the time of the answer
/// does not tell whether the account exists.
pub(crate) async fn verify(hash: Option<String>, password: &str) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=7168,t=5,p=1$\
        AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let password = password.to_owned();
    let _turn = AT_ONCE.acquire().await;
    let verified = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
        });
        known && fits
    });
    verified.await.unwrap_or(false)
}
