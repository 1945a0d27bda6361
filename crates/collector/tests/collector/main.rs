//! The collector as its clients meet it: over a real port, with a real database.

mod access;
mod container;
mod cors;
mod counting;
mod document;
mod exporting;
mod faults;
mod hosted;
mod killing;
mod migrating;
mod operating;
mod process;
mod reading;
mod sites;
mod summary;
mod support;
mod syncing;
mod widget_files;
mod writing;
