//! Tells Cargo that the embedded files are part of the program: a macro alone would not notice a
//! file that is new.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_EMBED").is_some() {
        println!("cargo:rerun-if-changed=../target/site");
    }
}
