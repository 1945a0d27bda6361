//! The collector as its clients meet it: over a real port, with a real database.

mod cors;
mod counting;
mod faults;
mod migrating;
mod process;
mod reading;
mod sites;
mod summary;
mod support;
mod widget_files;
mod writing;
