//! The module that the loader fetches. Its `main` runs as soon as it is instantiated.

fn main() {
    sondeo::engine::start();
}
