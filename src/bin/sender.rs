//! The module that delivers: the engine asks for it once a survey stands there, and the loader where only an answer is
//! left over. Its `main` runs as soon as it is instantiated.

fn main() {
    sondeo::sender::start();
}
