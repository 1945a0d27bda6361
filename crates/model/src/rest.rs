//! The gates of the engine: what of it comes later (ARCHITECTURE.md, "Two halves").
//!
//! The build cuts the engine at functions whose names begin with `rest_`. Whoever calls one has made sure that the rest is
//! there; in tests, [`gate`] says where that is forgotten.

#[cfg(debug_assertions)]
use std::cell::Cell;

#[cfg(debug_assertions)]
thread_local! {
    static IS_AWAY: Cell<bool> = const { Cell::new(false) };
}

/// Lets tests play that the rest has not come. Of this thread.
#[cfg(debug_assertions)]
pub fn set_away(is_away: bool) {
    IS_AWAY.set(is_away);
}

/// Stands first in every gate. In programs that ship it is nothing.
///
/// # Panics
///
/// In tests, where the rest has not come.
#[inline(always)]
#[track_caller]
pub fn gate() {
    #[cfg(debug_assertions)]
    assert!(!IS_AWAY.get(), "a gate is reached, and the rest of the engine is not there");
}
