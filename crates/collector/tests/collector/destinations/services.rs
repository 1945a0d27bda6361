//! Each kind.
