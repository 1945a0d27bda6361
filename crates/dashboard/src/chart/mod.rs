//! Drawings. The library knows where a value lies and draws it; words are ours, so that they follow the
//! theme and need no style of their own, which the page's policy forbids.

mod scale;
mod trend;

pub(crate) use scale::{Axis, axis};
pub(crate) use trend::{Point, Size, trend};
